"""Processes are killed as the kernel kills them, at every step of a take; no take may be lost.

A take may only end otherwise than ready if somebody was killed between the claim and the stored
task id: then nobody knows the outcome, the take says so, and it is not sent again. Whatever else
was hit ends ready, and the vendor renders each take once.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio.renders.lifecycle import TERMINAL, Status
from tests.faults.killing import FILM, SETTLE_S, STEP_S, Hit, Killing, met_while_sent
from tests.faults.stopping.steps import Room, Step
from tests.faults.studio_processes import Studio, Victim
from tests.scale.postgres import running_postgres, tool

# On each database, which makes two. `make faults` does twenty on each.
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(1200 + 900 * ROUNDS),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]
ON_POSTGRES = pytest.param(
    "PostgreSQL",
    marks=[
        pytest.mark.scale,
        pytest.mark.skipif(
            tool("initdb") is None and os.environ.get("CI") != "true",
            reason="PostgreSQL is missing (Debian: apt-get install postgresql)",
        ),
    ],
)


@contextmanager
def killing_on(database: str, folder: Path) -> Iterator[Killing]:
    if database == "SQLite":
        with Killing(folder) as killing:
            yield killing
    else:
        with running_postgres() as url, Killing(folder, postgres=url) as killing:
            yield killing


def test_a_take_that_was_claimed_and_given_up_between_two_looks_was_met():
    before = {1: "submitting", 2: "queued", 3: "queued", 4: "uncertain", 5: "running"}
    after = {1: "submitted", 2: "submitting", 3: "uncertain", 4: "uncertain", 5: "collecting"}
    assert met_while_sent(before, after) == {1, 2, 3}


@pytest.mark.parametrize("database", ["SQLite", ON_POSTGRES])
def test_whoever_is_killed_at_whatever_step_no_take_is_lost_or_paid_twice(database, tmp_path, tell):
    with killing_on(database, tmp_path) as killing:
        try:
            for _ in range(ROUNDS):
                killing.round()
            killing.settle()
        finally:
            tell(f"  {database}\n{killing.table()}")
        assert killing.lost() == {}
        accepted, statuses = killing.studio.accepted(), killing.statuses()
        assert not {take: count for take, count in accepted.items() if count > 1}
        ready = {take for take, status in statuses.items() if status == Status.READY}
        assert ready <= accepted.keys(), "what is ready was rendered"
        missing = everybody_everywhere() - {
            cell for cell, tally in killing.tallies.items() if tally.kills >= ROUNDS
        }
        assert not missing, "these were not killed there as often as was meant"


def everybody_everywhere() -> set[tuple[Step, Hit]]:
    """Nobody is busy when nothing is to be done, and the one who watches is the watcher."""
    without_busy = (Room.NOBODY, Room.WATCHER)
    return {
        (step, hit)
        for step in Step
        for hit in Hit
        if not (hit is Hit.BUSY and step.room in without_busy)
    }


def test_the_queues_supervisor_takes_its_clusters_with_it(tmp_path):
    with Studio(tmp_path) as studio:
        former = [
            pid for victim in (Victim.WORKERS, Victim.LONG_MAIN) for pid in studio.pids(victim)
        ]
        studio.kill(Victim.QUEUES)
        studio.wait_until(
            lambda: not set(former) & set(studio.processes()) and bool(studio.pids(Victim.WORKERS)),
            STEP_S,
            "new clusters ran and the old were gone",
        )
        take = studio.answer("submit_project", str(FILM), "--as", "creative@demo.localhost")["take"]
        studio.wait_until(lambda: studio.status_of(take) in TERMINAL, SETTLE_S, "a take ended")
        assert studio.status_of(take) == Status.READY
