"""The polling client: many questions at once, for the watcher's loop."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from studio.transend import errors
from studio.transend.answers import Answer, TooLarge, task_from
from studio.transend.calls import (
    NEVER_CONNECTED,
    Gathering,
    checked_base_url,
    headers_for,
    left_open,
    task_path,
    unreachable,
)
from studio.transend.kept import KeptConnection
from studio.transend.types import Task


class Poller:
    """Asks for tasks over at most `connections` kept ones, with any key. An async context manager.

    Every connection is a shard of its own, handed out here, the one used last first: asked at
    100 ms, httpx's own client of 100 connections costs 12.5 ms CPU a question, ten clients of ten
    1.8 ms, this 0.7 ms (docs/benchmarks/polling.md).
    `total_s` bounds a question from when it has one to the last byte: waiting for a connection of
    our own is no slowness of the vendor's.
    """

    def __init__(
        self,
        base_url: str,
        *,
        connections: int = 100,
        connect_s: float = 10.0,
        read_s: float = 20.0,
        total_s: float = 30.0,
        transport_factory: Callable[[], httpx.AsyncBaseTransport] = KeptConnection,
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._total_s = total_s
        self._waits = {"timeout": httpx.Timeout(read_s, connect=connect_s).as_dict()}
        self._slots = asyncio.Semaphore(connections)
        self._new_connection = transport_factory
        self._free: list[httpx.AsyncBaseTransport] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        while self._free:
            await self._free.pop().aclose()

    async def get_task(self, api_key: str, task_id: str) -> Task:
        """Ask how a render is doing (document, section Task Lifecycle).

        Raises Unreachable, RateLimited, InvalidKey, InvalidRequest, or a NotAnswered.
        """
        url = self._base_url + task_path(task_id)
        request = httpx.Request("GET", url, headers=headers_for(api_key), extensions=self._waits)
        failure: errors.TransendError
        try:
            async with self._slots, asyncio.timeout(self._total_s):
                answer = await self._exchange(request)
        except NEVER_CONNECTED as problem:
            failure = unreachable(problem)
        except (httpx.HTTPError, TooLarge, TimeoutError) as problem:
            failure = errors.NoAnswer(left_open(problem, "the question about the render"))
        else:
            return task_from(answer, task_id, api_key)
        # Raised out here, the library's exception with our headers in it is not chained.
        raise failure

    async def _exchange(self, request: httpx.Request) -> Answer:
        connection = self._free.pop() if self._free else self._new_connection()
        try:
            answer = await _answer_over(connection, request)
        except BaseException:
            # Half an answer may still be on its way: this connection carries no other question.
            await connection.aclose()
            raise
        self._free.append(connection)
        return answer


async def _answer_over(connection: httpx.AsyncBaseTransport, request: httpx.Request) -> Answer:
    gathering = Gathering()
    response = await connection.handle_async_request(request)
    async for chunk in response.aiter_raw():
        gathering.add(chunk)
    return gathering.answer(response.status_code, response.headers)
