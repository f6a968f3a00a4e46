"""Tells a webhook_url of every status change (document: "URL notified on status change").

The document shows no body. Our guess: the task as its endpoint gives it, and the request's
webhook_metadata. Nothing is signed, and a failure is not repeated.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from studio.outbound.transport import system_trust

_TIMEOUT_S = 5.0
_LANES = 4
_WAITING_PER_LANE = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one address."""

    url: str
    body: dict[str, Any]


class Webhooks:
    """Sends notices in the background; those of one task stay in order.

    The queue is bounded: behind a dead receiver, notices are dropped rather than piled up.
    """

    def __init__(self) -> None:
        self._lanes: list[asyncio.Queue[Notice]] = [
            asyncio.Queue(_WAITING_PER_LANE) for _ in range(_LANES)
        ]
        self._held: dict[str, list[Notice]] = {}
        self._workers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin sending."""
        self._workers = [asyncio.create_task(self._work(lane)) for lane in self._lanes]

    async def close(self) -> None:
        """Stop; what waits is not sent."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def notify(
        self, url: str, body: dict[str, Any], marks: Iterable[str], *, is_last: bool
    ) -> None:
        """Send `body` to `url`, in the way that the task's marks ask for."""
        notice, task_id = Notice(url, body), str(body["task_id"])
        if "no_webhooks" in marks:
            return
        if "reordered_webhooks" in marks:
            held = self._held.setdefault(task_id, [])
            held.append(notice)
            if is_last:
                for late in reversed(self._held.pop(task_id)):
                    self._put(task_id, late)
            return
        for _ in range(2 if "duplicate_webhooks" in marks else 1):
            self._put(task_id, notice)

    def _put(self, task_id: str, notice: Notice) -> None:
        with suppress(asyncio.QueueFull):
            self._lanes[hash(task_id) % _LANES].put_nowait(notice)

    async def _work(self, lane: asyncio.Queue[Notice]) -> None:
        # A kept connection that the receiver closes just then would lose a notice.
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(
            verify=system_trust(), limits=limits, timeout=_TIMEOUT_S, trust_env=False
        ) as client:
            while True:
                notice = await lane.get()
                # A receiver that is down, slow or nonsense is the receiver's affair. httpx lets
                # more than its own errors through: a port of 99999 is an OverflowError.
                with suppress(Exception):
                    async with asyncio.timeout(_TIMEOUT_S):
                        await client.post(notice.url, json=notice.body)
