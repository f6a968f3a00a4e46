"""The watcher's loop: asks the vendor about every take that is due, and sees to what is overdue.

One loop for all takes (ARCHITECTURE.md, invariant 4). Questions run concurrently and hold nothing
up: each turn writes back what has been answered, claims what is due, and sends new questions off.
The database is spoken to in one thread of its own, so that the loop never waits for a lock.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from studio.renders.costs import settling
from studio.renders.watching import chores, due, heartbeats, pace, polling
from studio.renders.watching.due import LEASE, QUESTION_TOTAL_S, Question
from studio.renders.watching.polling import Answered
from studio.transend import errors
from studio.transend.polling import Poller
from studio.transend.types import Task

TICK_S = 0.2
CONNECTIONS = 100
# Whoever waits for a connection still asks before its lease is over.
MAX_ASKING = 2 * CONNECTIONS
_BEAT_EVERY_S = 3.0
_LINES_EVERY_S = 0.5
_PAUSE_AFTER_DATABASE_ERROR_S = 1.0
_GOODBYE_S = 3.0

T = TypeVar("T")

log = logging.getLogger(__name__)


async def watch(stop: asyncio.Event, *, tick_s: float = TICK_S) -> None:
    """Watch over all takes until `stop` is set. Any number may do so at once, on any machine."""
    with ThreadPoolExecutor(1, thread_name_prefix="watcher-database") as thread:
        try:
            async with Poller(
                settings.TRANSEND_BASE_URL,
                connections=CONNECTIONS,
                connect_s=QUESTION_TOTAL_S / 2,
                read_s=QUESTION_TOTAL_S,
                total_s=QUESTION_TOTAL_S,
            ) as poller:
                await _Watcher(poller, thread, tick_s).run(stop)
        finally:
            thread.submit(connections.close_all).result()


class _Watcher:
    """One loop's questions under way and answers not yet written down."""

    def __init__(self, poller: Poller, thread: ThreadPoolExecutor, tick_s: float) -> None:
        self._poller = poller
        self._thread = thread
        self._tick_s = tick_s
        self._asking: dict[asyncio.Task[None], Question] = {}
        self._answered: list[Answered] = []
        self._load = pace.Load(time.monotonic())
        self._next_beat = 0.0
        self._next_lines = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            pause_s = self._tick_s
            try:
                await self._turn()
            except DatabaseError as problem:
                # Nothing is lost: answers wait, and what was claimed is due again after its lease.
                log.warning("The watcher's database failed, it goes on: %s", problem)
                pause_s = _PAUSE_AFTER_DATABASE_ERROR_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause_s)
        await self._leave()

    async def _turn(self) -> None:
        if time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + _BEAT_EVERY_S
            facts = {"asking": len(self._asking), **self._load.facts()}
            wanted = await self._database(lambda: _beat(facts))
            self._load.settle(wanted, time.monotonic())
        await self._write_down()
        room = MAX_ASKING - len(self._asking)
        sees_to_lines = time.monotonic() >= self._next_lines
        if sees_to_lines:
            self._next_lines = time.monotonic() + _LINES_EVERY_S
        for question in await self._database(lambda: _questions(room, sees_to_lines)):
            task = asyncio.create_task(self._ask(question))
            self._asking[task] = question
            task.add_done_callback(self._asking.pop)

    async def _write_down(self) -> None:
        """Record the answers. While the database is away they stay, until others have asked."""
        count, forgotten = len(self._answered), timezone.now() - LEASE
        fresh = [answered for answered in self._answered[:count] if answered.at > forgotten]
        if fresh:
            await self._database(lambda: polling.record(fresh))
        del self._answered[:count]

    async def _ask(self, question: Question) -> None:
        began = time.monotonic()
        self._load.note((timezone.now() - question.due_at).total_seconds())
        outcome: Task | errors.TransendError
        try:
            outcome = await self._poller.get_task(question.secret, question.task_id)
        except errors.TransendError as problem:
            outcome = problem
        except Exception:
            # The take is due again when its lease is over, and meanwhile the others go on.
            log.exception("Asking about take %s failed unforeseen.", question.take.pk)
            return
        took_ms = round((time.monotonic() - began) * 1000)
        self._answered.append(Answered(question, outcome, took_ms, stretch=self._load.stretch))

    async def _leave(self) -> None:
        """Write down what still arrives within moments; leave the rest to whoever comes next."""
        if self._asking:
            await asyncio.wait(self._asking, timeout=_GOODBYE_S)
        broken_off = [question.take.pk for question in self._asking.values()]
        tasks = list(self._asking)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(DatabaseError):
            await self._database(lambda: _last_turn(self._answered, broken_off))

    async def _database(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: _with_fresh_connection(work)
        )


def _questions(room: int, sees_to_lines: bool) -> list[Question]:
    # In this order: what is claimed is leased, and would go unasked if the lines failed after it.
    trials = due.trials_due() if sees_to_lines else []
    return trials + (due.questions_due(room) if room > 0 else [])


def _last_turn(answered: Sequence[Answered], broken_off: Sequence[int]) -> None:
    polling.record(answered)
    due.release(broken_off)


def _beat(facts: Mapping[str, float]) -> float:
    """Beat, see to what has time; return how many questions a second all takes would have."""
    heartbeats.beat(heartbeats.WATCHER, **facts)
    heartbeats.ask_workers()
    chores.sweep()
    settling.sweep()
    return pace.wanted_per_s(pace.under_way())


def _with_fresh_connection(work: Callable[[], T]) -> T:
    close_old_connections()
    return work()
