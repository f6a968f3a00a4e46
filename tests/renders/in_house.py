"""The simulator's vendor at the other end of no wire, and how it may fail whoever asks it."""

import asyncio
import time
from collections import Counter

import httpx

from studio.transend.simulator.connection import Delivery, Request
from studio.transend.simulator.footage import FootageStore, Sizes
from studio.transend.simulator.journal import Journal
from studio.transend.simulator.scenario import Scenario
from studio.transend.simulator.tasks import Ledger
from studio.transend.simulator.vendor import Vendor
from tests.renders.conftest import KEY

POST_FAULTS = {
    "rate limited": {"do": "rate_limited", "retry_after": 3},
    "failed": {"do": "error_500"},
    "failed, created": {"do": "error_500", "created": True},
    "dropped": {"do": "accept_then_drop"},
    "half an answer": {"do": "half_body"},
    "no JSON": {"do": "not_json"},
    "key refused": {"do": "unauthorized"},
}
GET_FAULTS = {
    "rate limited": {"do": "rate_limited"},
    "failed": {"do": "error_500"},
    "dropped": {"do": "accept_then_drop"},
    "wrong types": {"do": "wrong_types"},
    "unknown status": {"do": "unknown_status"},
    "backwards": {"do": "progress_backwards"},
    "key refused": {"do": "unauthorized"},
}
DEATHS = ("killed before it was sent", "killed before the answer", "unreachable")


class Killed(BaseException):
    """SIGKILL, as far as one thread can play it."""


class InHouse(httpx.BaseTransport):
    """The simulator's vendor at the other end of no wire at all; `mood` is its next answer's."""

    def __init__(self, storage, footage):
        self.mood = "honest"
        self.ledger = Ledger(storage, clock=time.time, speed=1)
        self._rules = Scenario()
        self._loop = asyncio.new_event_loop()
        self._vendor = Vendor(
            storage=storage,
            keys={KEY},
            ledger=self.ledger,
            footage=FootageStore(storage, sizes=Sizes(), draw=footage),
            journal=Journal(None),
            scenario=lambda: self._rules,
            clock=time.time,
        )

    def handle_request(self, request):
        mood = self.mood
        if mood == "unreachable":
            raise httpx.ConnectError("Nobody is there.")
        if mood == "killed before it was sent":
            raise Killed
        fault = (POST_FAULTS if request.method == "POST" else GET_FAULTS).get(mood)
        self._rules = Scenario.parse({"rules": [fault] if fault else []})
        reply = self._loop.run_until_complete(self._answer(request))
        if mood == "killed before the answer":
            raise Killed
        if reply.delivery is not Delivery.WHOLE:
            raise httpx.ReadError("The connection broke.")
        sent = httpx.ByteStream(reply.body)
        return httpx.Response(reply.status, headers=list(reply.headers), stream=sent)

    async def _answer(self, request):
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Request(request.method, request.url.raw_path.decode(), headers, request.read())
        reply = await self._vendor.handle(received)
        await asyncio.gather(*self._vendor._drawings)
        return reply

    def accepted(self):
        """How often it has taken each take on."""
        tasks = self.ledger._tasks.values()
        return Counter(task.body["webhook_metadata"]["shotboard_take"] for task in tasks)

    def tasks_of(self, take):
        tasks = self.ledger._tasks.values()
        return [
            task.task_id
            for task in tasks
            if task.body["webhook_metadata"]["shotboard_take"] == take
        ]

    def close_down(self):
        self._loop.run_until_complete(self._vendor.close())
        self._loop.close()
