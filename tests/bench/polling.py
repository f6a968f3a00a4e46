"""Following thousands of renders: the watcher beside what one would write first, in one run.

The vendor is 100 ms away, in another process. Run it with `make bench`, on a quiet machine: all
contestants, the vendor and the database share it. `docs/benchmarks/polling.md` has the figures.
"""

import os
import sys
from dataclasses import dataclass

from tests.bench.polls.measured import Measured
from tests.bench.polls.sweep import Run
from tests.bench.polls.writing import Writing

SIZES = (100, 1_000, 5_000)
# A short tick lets a hundred takes be due again at once; at its own pace the watcher has its own.
_FAST_TICK_S, _WARM_S = 0.05, 4.0


@dataclass(frozen=True)
class Figures:
    """So many takes in flight: the sweep at full speed and at its own pace, and the peers."""

    takes: int
    sweep: Measured
    queue: Measured
    plain: Measured
    paced: Run


def measure(
    takes_in_flight: int,
    url: str,
    seconds: float,
    *,
    workers: int = 16,
    warm_s: float = _WARM_S,
) -> Figures:
    """The figures with so many takes, in the database that Django has now."""
    from django.db import connection

    from studio.renders.watching import pace
    from tests.bench.polls import plain, queued, sweep, takes

    plainly = plain.ask_for(url, takes_in_flight, seconds)
    takes.under_way(takes_in_flight)
    connection.close()
    options = {"tick_s": _FAST_TICK_S, "warm_s": warm_s}
    swept = sweep.watch_apart(url, seconds, fast=True, **options)
    by_queue = queued.ask_for(url, takes.under_way(takes_in_flight), seconds, workers)
    round_s = max(pace.SHORTEST_S, takes_in_flight / pace.QUESTIONS_PER_S)
    takes.spread(takes.under_way(takes_in_flight), round_s)
    connection.close()
    options = {"tick_s": sweep.own_tick_s(), "warm_s": warm_s + round_s}
    paced = sweep.watch_apart(url, max(seconds, round_s), fast=False, **options)
    return Figures(takes_in_flight, swept.measured, by_queue, plainly, paced)


def says(found: Figures) -> str:
    """The figures in four lines."""
    sweep, paced = found.sweep, found.paced
    return (
        f"{found.takes:5d} in flight, at full speed: the sweep {sweep.per_s:.0f} polls/s at "
        f"{sweep.cpu_ms:.2f} ms CPU\n"
        f"      {beside(sweep, found.queue, 'one queue task a poll', 5)}\n"
        f"      {beside(sweep, found.plain, 'one AsyncClient, nothing written', 10)}\n"
        f"      at its own pace: {paced.measured.per_s:.0f} polls/s, late by "
        f"{paced.late_median_s * 1000:.0f} ms, 99 % within {paced.late_p99_s * 1000:.0f} ms "
        f"(answer included), {paced.transactions / paced.seconds:.1f} write transactions/s, "
        f"{paced.cpu_s / paced.seconds:.2f} cores"
    )


def beside(sweep: Measured, peer: Measured, name: str, aim: int) -> str:
    """The sweep beside a peer, by the clock and by CPU: a busy machine falsifies the clock, for
    sixteen processes get more of it than one."""
    return (
        f"{name}: {peer.per_s:.0f} polls/s at {peer.cpu_ms:.2f} ms CPU; we do "
        f"{sweep.per_s / peer.per_s:.1f} × by the clock, {peer.cpu_ms / sweep.cpu_ms:.1f} × by "
        f"CPU (aim {aim})"
    )


def says_of_writing(found: Writing, database: str, aim: int) -> str:
    """The write-back's figures, the best of some rounds, in a line."""
    return (
        f"Writing back {found.rows} takes on {database}: {found.ours.clock:.1f} ms, bulk_update "
        f"{found.bulk_update.clock:.0f} ms, {found.by_clock:.0f} × (aim {aim}); CPU here "
        f"{found.ours.cpu:.1f} and {found.bulk_update.cpu:.0f} ms, {found.by_cpu:.0f} ×"
    )


def growth(found: list[Figures]) -> str:
    """Whether a poll costs the same however many takes there are."""
    costs = [figures.sweep.cpu_ms for figures in found]
    return (
        f"CPU a poll from {found[0].takes} to {found[-1].takes} takes: "
        f"× {costs[-1] / costs[0]:.2f} (aim: within 0.8 and 1.2)"
    )


def main(seconds: float = 10.0) -> int:
    import django
    from django.core.management import call_command

    import tests.environment  # noqa: F401  # a database of its own, before Django looks for one
    from tests.bench.polls.vendor import vendor_far_away

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from django.db import connection

    from tests.bench.polls import writing

    if connection.vendor == "postgresql":
        print(says_of_writing(writing.measure(), "PostgreSQL", 15))
        return 0
    found = []
    with vendor_far_away() as url:
        for size in SIZES:
            found.append(measure(size, url, seconds))
            print(says(found[-1]), flush=True)
    print(growth(found))
    print("Aims at 5000: 99 % within 1000 ms, at most 12 write transactions/s and 1 core.")
    print(says_of_writing(writing.measure(), "SQLite", 50), flush=True)
    return on_postgresql()


def on_postgresql() -> int:
    """The write-back there, on a server of its own, where one is installed."""
    import subprocess

    from tests.scale.postgres import running_postgres, tool

    if tool("initdb") is None:
        print("No PostgreSQL here: its write-back is not measured.")
        return 0
    with running_postgres() as url:
        argv = [sys.executable, "-m", "tests.bench.polling"]
        return subprocess.run(argv, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
