"""The product's own watcher, in a process of its own, with its own database connection.

At full speed every take is due again at once; else the watcher keeps its own pace.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from studio.lib.lifeline import SUPERVISOR, follow_supervisor
from tests.bench.polls.measured import Measured

_PATIENCE_S = 60.0
_WRITING = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Run:
    """What the watcher did while it was measured."""

    polls: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    transactions: int = 0
    statements: int = 0
    late_s: list[float] = field(default_factory=list)

    @property
    def measured(self) -> Measured:
        return Measured(self.polls, self.seconds, self.cpu_s)

    @property
    def late_p99_s(self) -> float:
        return sorted(self.late_s)[int(len(self.late_s) * 0.99)] if self.late_s else 0.0

    @property
    def late_median_s(self) -> float:
        return statistics.median(self.late_s) if self.late_s else 0.0


class WriteCounter:
    """Counts statements and write transactions, of every connection opened while it is there."""

    def __init__(self) -> None:
        self.statements = 0
        self.transactions = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        if sql.lstrip().startswith(_WRITING):
            self._written(context["connection"])
        return execute(sql, params, many, context)

    def _written(self, connection: Any) -> None:
        if not connection.in_atomic_block:
            self.transactions += 1
        # What a savepoint undoes takes the hook with it, so the connection's own list is asked.
        elif not any(hook == self._committed for _, hook, *_ in connection.run_on_commit):
            connection.on_commit(self._committed)

    def _committed(self) -> None:
        self.transactions += 1

    @contextmanager
    def everywhere(self) -> Iterator["WriteCounter"]:
        from django.db.backends.signals import connection_created

        def watch_over(connection: Any, **_: Any) -> None:
            connection.execute_wrappers.append(self)

        connection_created.connect(watch_over)
        try:
            yield self
        finally:
            connection_created.disconnect(watch_over)


@contextmanager
def at_full_speed() -> Iterator[None]:
    """While it lasts every take is due again as soon as it was answered."""
    from studio.renders.watching import polling

    paced = polling.interval_s
    polling.interval_s = lambda age_s, stretch=1.0: 0.0
    try:
        yield
    finally:
        polling.interval_s = paced


def own_tick_s() -> float:
    """The product's own."""
    from studio.renders.watching.loop import TICK_S

    return TICK_S


async def watch_for(seconds: float, *, warm_s: float, tick_s: float) -> Run:
    """Run the watcher, and measure it once it is warm."""
    from studio.renders.watching import polling
    from studio.renders.watching.loop import watch

    run, record = Run(), polling.record

    def noted(answers: Any) -> None:
        record(answers)
        run.polls += len(answers)
        run.late_s += [(one.at - one.question.due_at).total_seconds() for one in answers]

    polling.record = noted
    counter, stop = WriteCounter(), asyncio.Event()
    with counter.everywhere():
        watching = asyncio.create_task(watch(stop, tick_s=tick_s))
        try:
            await _until_polled(run)
            await asyncio.sleep(warm_s)
            run.polls, run.late_s = 0, []
            before = counter.transactions, counter.statements
            began, cpu = time.perf_counter(), time.process_time()
            await asyncio.sleep(seconds)
            await _until_polled(run)
            found = Run(
                run.polls,
                time.perf_counter() - began,
                time.process_time() - cpu,
                counter.transactions - before[0],
                counter.statements - before[1],
                run.late_s,
            )
        finally:
            polling.record = record
            stop.set()
            await watching
    return found


async def _until_polled(run: Run) -> None:
    """On a very busy machine even that takes a while."""
    async with asyncio.timeout(_PATIENCE_S):
        while not run.polls:
            await asyncio.sleep(0.05)


def watch_apart(url: str, seconds: float, *, warm_s: float, tick_s: float, fast: bool) -> Run:
    """The same in another process, on the database that Django has here."""
    order = {"seconds": seconds, "warm_s": warm_s, "tick_s": tick_s, "fast": fast}
    argv = [sys.executable, "-m", __name__, json.dumps(order)]
    environment = {
        **os.environ,
        SUPERVISOR: str(os.getpid()),  # it dies with us
        "TRANSEND_BASE_URL": url,
        "DATABASE_URL": address_of_database(),
    }
    answer = subprocess.run(argv, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return Run(**json.loads(answer.stdout))


def address_of_database() -> str:
    """What DATABASE_URL has to be for another process to have this one's database."""
    from django.db import connection

    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    where = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{where}"


def main() -> int:
    import django

    django.setup()
    order = json.loads(sys.argv[1])
    fast = order.pop("fast")
    if fast:
        with at_full_speed():
            run = asyncio.run(watch_for(**order))
    else:
        run = asyncio.run(watch_for(**order))
    print(json.dumps(asdict(run)))
    return 0


if __name__ == "__main__":
    follow_supervisor()
    raise SystemExit(main())
