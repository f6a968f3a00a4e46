"""The polling client: many questions at once, for the watcher's loop."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
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
from studio.transend.transport import system_trust
from studio.transend.types import Task


@dataclass
class _Shard:
    """A client, a slot for each of its connections, and how many questions it has."""

    client: httpx.AsyncClient
    slots: asyncio.Semaphore
    questions: int = 0


class Poller:
    """Asks for tasks over kept connections, with any key. An asynchronous context manager.

    Connections are split over `shards` clients: one httpx client slows down with the square of
    its connections (100 in one: 71 questions/s; 10 in each of ten: 834/s).
    `total_s` bounds a question from when it has one to the last byte: waiting for a connection of
    our own is no slowness of the vendor's.
    """

    def __init__(
        self,
        base_url: str,
        *,
        shards: int = 10,
        connections_per_shard: int = 10,
        connect_s: float = 10.0,
        read_s: float = 20.0,
        total_s: float = 30.0,
        transport_factory: Callable[[], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._total_s = total_s
        limits = httpx.Limits(
            max_connections=connections_per_shard,
            max_keepalive_connections=connections_per_shard,
            keepalive_expiry=30.0,
        )
        self._shards = [
            _Shard(
                httpx.AsyncClient(
                    transport=transport_factory() if transport_factory else None,
                    verify=system_trust(),
                    limits=limits,
                    timeout=httpx.Timeout(read_s, connect=connect_s, pool=None),
                    follow_redirects=False,
                    trust_env=False,
                ),
                asyncio.Semaphore(connections_per_shard),
            )
            for _ in range(shards)
        ]
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for shard in self._shards:
            await self._open.enter_async_context(shard.client)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    async def get_task(self, api_key: str, task_id: str) -> Task:
        """Ask how a render is doing (document, section Task Lifecycle).

        Raises Unreachable, RateLimited, InvalidKey, InvalidRequest, or a NotAnswered.
        """
        path, headers = task_path(task_id), headers_for(api_key)
        failure: errors.TransendError
        shard = min(self._shards, key=lambda shard: shard.questions)
        shard.questions += 1
        try:
            async with shard.slots, asyncio.timeout(self._total_s):
                answer = await self._exchange(shard.client, path, headers)
        except NEVER_CONNECTED as problem:
            failure = unreachable(problem)
        except (httpx.HTTPError, TooLarge, TimeoutError) as problem:
            failure = errors.NoAnswer(left_open(problem, "the question about the render"))
        else:
            return task_from(answer, task_id, api_key)
        finally:
            shard.questions -= 1
        # Raised out here, the library's exception with our headers in it is not chained.
        raise failure

    async def _exchange(
        self, client: httpx.AsyncClient, path: str, headers: dict[str, str]
    ) -> Answer:
        gathering = Gathering()
        url = self._base_url + path
        async with client.stream("GET", url, headers=headers) as response:
            async for chunk in response.aiter_raw():
                gathering.add(chunk)
            return gathering.answer(response.status_code, response.headers)
