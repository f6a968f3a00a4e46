"""The vendor's endpoints (document, whole) and two that it only mentions.

A request in, a reply out; the scenario decides whether that reply is an honest one.
"""

import asyncio
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from studio.transend.simulator import faults, guesses
from studio.transend.simulator.connection import Reply, Request
from studio.transend.simulator.console import tell
from studio.transend.simulator.contract import Refused, accepted_request
from studio.transend.simulator.faults import failed, json_reply
from studio.transend.simulator.files import file_reply
from studio.transend.simulator.footage import DrawingFailed, FootageStore
from studio.transend.simulator.journal import Journal
from studio.transend.simulator.links import Links
from studio.transend.simulator.scenario import TASK_ACTIONS, Action, Facts, Rule, Scenario
from studio.transend.simulator.tasks import TERMINAL, Clock, Footage, Ledger, VendorTask
from studio.transend.simulator.webhooks import Webhooks
from studio.transend.types import GenerationRequest, TaskStatus

_TICK_S = 0.05


class Vendor:
    """Transend, as far as its document describes it."""

    def __init__(
        self,
        *,
        storage: Path,
        keys: Collection[str],
        ledger: Ledger,
        footage: FootageStore,
        journal: Journal,
        scenario: Callable[[], Scenario],
        clock: Clock,
    ) -> None:
        self._keys = frozenset(keys)
        self._ledger = ledger
        self._footage = footage
        self._journal = journal
        self._scenario = scenario
        self._clock = clock
        self._links = Links(storage)
        self._webhooks = Webhooks()
        self._drawings: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None
        self.origin = ""

    def start(self, origin: str) -> None:
        """Begin to move tasks along; `origin` is the address for links in webhooks."""
        self.origin = origin
        self._webhooks.start()
        for task in self._ledger.live():
            self._commission(task)
        self._ticking = asyncio.create_task(self._tick())

    async def close(self) -> None:
        """Stop everything that runs in the background."""
        running = [*self._drawings, *([self._ticking] if self._ticking else [])]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._webhooks.close()
        await self._footage.close()

    async def handle(self, request: Request) -> Reply:
        """Answer a request and write both down."""
        reply = self._answer(request)
        body = reply.body if isinstance(reply.body, bytes) else b""
        status = reply.status if faults.is_sent(reply) else None
        self._journal.add(
            self._clock(),
            request.method,
            request.target,
            request.headers,
            request.body,
            status,
            body,
        )
        return reply

    def _answer(self, request: Request) -> Reply:
        scenario = self._scenario()
        rules = scenario.matching(self._facts(request))
        marks = [rule.action.value for rule in rules if rule.action in TASK_ACTIONS]
        fault = next((rule for rule in rules if rule.action not in TASK_ACTIONS), None)
        instead = faults.instead_of_answer(fault, request, self._clock())
        if instead is not None:
            return instead
        reply = self._route(request, scenario, marks, fault)
        return faults.distorted(fault, request, reply)

    def _route(
        self, request: Request, scenario: Scenario, marks: list[str], fault: Rule | None
    ) -> Reply:
        if request.method in ("GET", "HEAD"):
            if request.path.startswith("/secure/"):
                return self._video(request)
            if request.path.startswith("/previews/"):
                return self._preview(request)
        keys = self._keys if scenario.accept_keys is None else scenario.accept_keys
        if request.key not in keys:
            return failed(401, "Missing or invalid API key.")
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["v1", "videos", "sora2", "generation"]:
                return self._create(request, scenario, marks)
            case "GET", ["v1", "tasks", task_id]:
                return self._show(request, task_id, fault)
            case "POST", ["v1", "assets", task_id, "retention"]:
                return guesses.retention(self._ledger, task_id, request.body, self._clock())
            case "GET", ["v1", "meters"]:
                return guesses.meters(self._ledger, request.query.get("task_id", ""))
        return failed(404, "There is nothing at this address.")

    def _create(self, request: Request, scenario: Scenario, marks: list[str]) -> Reply:
        limit = scenario.concurrency
        if limit is not None and self._ledger.live_of(request.key) >= limit:
            return failed(429, "Concurrency limit reached.")
        try:
            _, body = accepted_request(request.body)
        except Refused as problem:
            return failed(400, str(problem))
        task = self._ledger.create(body, request.key, marks)
        self._commission(task)
        answer = {"task_id": task.task_id, "status": task.status, "trace_id": task.trace_id}
        return json_reply(200, answer)

    def _show(self, request: Request, task_id: str, fault: Rule | None) -> Reply:
        task = self._ledger.get(task_id)
        if task is None:
            return failed(404, "There is no such task.")
        self._settle(task)
        if task.status == TaskStatus.SUCCEEDED:
            self._ledger.renew_links(task)
        has_expired = fault is not None and fault.action is Action.EXPIRED_LINK
        origin = f"http://{request.headers.get('host') or self.origin.partition('//')[2]}"
        expires_at = 0.0 if has_expired else task.links_until
        return json_reply(200, self._shown(task, origin, expires_at))

    def _shown(self, task: VendorTask, origin: str, expires_at: float) -> dict[str, Any]:
        result = None
        if task.status == TaskStatus.SUCCEEDED:
            video = self._links.signed(f"/secure/{task.task_id}.mp4", expires_at)
            result = {
                "preview_gif": f"{origin}/previews/{task.task_id}.gif",
                "video_url": f"{origin}{video}",
                "duration_seconds": task.body["duration_seconds"],
            }
        return {
            "task_id": task.task_id,
            "status": task.status,
            "progress": task.progress,
            "result": result,
            "trace_id": task.trace_id,
        }

    def _video(self, request: Request) -> Reply:
        if not self._links.is_good(request.path, request.query, self._clock()):
            return failed(403, "This link is not valid, or has expired.")
        task = self._finished(request.path, "/secure/", ".mp4")
        if task is None:
            return failed(404, "There is no such video.")
        return _file(self._footage.mp4(task.request), "video/mp4", request)

    def _preview(self, request: Request) -> Reply:
        task = self._finished(request.path, "/previews/", ".gif")
        if task is None:
            return failed(404, "There is no such preview.")
        # The document shows previews without a signature, and says that links expire.
        if self._clock() >= task.links_until:
            return failed(403, "This link has expired.")
        return _file(self._footage.gif(task.request), "image/gif", request)

    def _finished(self, path: str, folder: str, ending: str) -> VendorTask | None:
        task = self._ledger.get(path.removeprefix(folder).removesuffix(ending))
        is_there = task is not None and task.status == TaskStatus.SUCCEEDED
        return task if is_there and path.endswith(ending) else None

    def _facts(self, request: Request) -> Facts:
        task = self._ledger.get(Path(request.path).stem)
        prompt = faults.prompts_of(task.body) if task else faults.prompts_in(request.body)
        return Facts(request.method, request.path, request.key, prompt)

    def _commission(self, task: VendorTask) -> None:
        """Have a task's files drawn while its clock runs."""
        if task.footage == Footage.READY:
            return
        # After a restart a failure may have been the end of the former process: try again.
        task.footage = Footage.DRAWING
        drawing = asyncio.create_task(self._draw(task, task.request))
        self._drawings.add(drawing)
        drawing.add_done_callback(self._drawings.discard)

    async def _draw(self, task: VendorTask, request: GenerationRequest) -> None:
        try:
            await self._footage.draw(request)
            task.footage = Footage.READY
        except DrawingFailed as problem:
            task.footage = Footage.FAILED
            tell(f"The footage of {task.task_id} could not be drawn. {problem}")
        self._ledger.save(task)

    async def _tick(self) -> None:
        while True:
            try:
                for task in self._ledger.live():
                    self._settle(task)
            except OSError as problem:
                # A full disk must not stop the clock for good.
                tell(f"A task could not be written down: {problem.strerror}.")
            await asyncio.sleep(_TICK_S)

    def _settle(self, task: VendorTask) -> None:
        passed = self._ledger.settle(task)
        url = str(task.body.get("webhook_url") or "")
        for status in passed if url else ():
            body = self._shown(task, self.origin, task.links_until)
            if status is not passed[-1]:
                # Two changes within one tick: the first is told as it was.
                body |= {"status": status, "progress": 0, "result": None}
            body["webhook_metadata"] = task.body.get("webhook_metadata")
            self._webhooks.notify(url, body, task.marks, is_last=status in TERMINAL)


def _file(path: Path, media_type: str, request: Request) -> Reply:
    if not path.exists():
        return failed(404, "The file of this render is no longer there.")
    asked = request.headers
    return file_reply(path, media_type, asked.get("range", ""), asked.get("if-range", ""))
