"""Processes are killed as the kernel kills them, at every step of a take; no take may be lost.

A take may only end otherwise than ready if the process that was sending it was killed between the
claim and the stored task id: then nobody knows, it says so, and it is not sent again. Whatever
else was hit ends ready, and the vendor is asked once for each take, never twice.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import pytest

from studio.renders.lifecycle import TERMINAL, Status
from tests.faults.studio_processes import Studio, Victim

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "2"))
# A step may be over before the victim is hit: then another take is ordered.
TRIES = 3
# A cluster that hangs is replaced after 15 s (45 s if it never worked), and starts for a while.
STEP_S = 120.0
# Longest: 75 s until a POST without an outcome is given up, then a little for the page to say so.
SETTLE_S = 150.0
SETTLED = TERMINAL | {Status.UNCERTAIN, Status.STALLED, Status.UNCOLLECTED}
NEON_TOKYO = "3"

# Submitting and collecting last a moment only: the vendor stretches them.
SLOW_VENDOR = {
    "rules": [
        {"when": {"method": "POST", "path": "/v1/videos/*"}, "do": "slow", "delay_s": 1.0},
        {"when": {"path": "/secure/*"}, "do": "slow", "delay_s": 2.0},
    ]
}


class Step(StrEnum):
    """When the victim is killed: as soon as the take has come so far."""

    ORDERED = "queued"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    RUNNING = "running"
    COLLECTING = "collecting"


_ORDER = [*Step, "ready"]
ALL = list(Step)
# Whose death may leave a POST of which nobody knows the outcome.
SENDERS = {
    Victim.WORKERS: ALL,
    Victim.CLUSTER_MAIN: [Step.ORDERED, Step.SUBMITTING, Step.COLLECTING],
    Victim.QUEUES: [Step.SUBMITTING],
    Victim.VENDOR: [Step.SUBMITTING, Step.RUNNING, Step.COLLECTING],
}
# These take no part in what costs money.
OTHERS = {
    Victim.WEB: [Step.ORDERED, Step.SUBMITTING, Step.RUNNING, Step.COLLECTING],
    Victim.WATCHER: [Step.SUBMITTING, Step.SUBMITTED, Step.RUNNING, Step.COLLECTING],
    Victim.LONG_WORKERS: [Step.RUNNING, Step.COLLECTING],
    Victim.LONG_MAIN: [Step.RUNNING, Step.COLLECTING],
}


@dataclass
class Tally:
    """What became of the takes that were hit at one step."""

    kills: int = 0
    in_time: int = 0
    takes: set[int] = field(default_factory=set)


class Trial:
    """One studio in which processes are killed, and what may come of each take."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.may_be_uncertain: set[int] = set()
        self.tallies: dict[tuple[Victim, Step], Tally] = {}

    def statuses(self) -> dict[int, str]:
        return dict(self.studio.rows("SELECT id, status FROM renders_take"))

    def order(self) -> int:
        """Order a take from a process of its own; its id, as soon as it is there."""
        last = max(self.statuses(), default=0)
        self.studio.begin("submit_project", NEON_TOKYO, "--as", "creative@demo.localhost")
        self.studio.wait_until(
            lambda: max(self.statuses(), default=0) > last, STEP_S, "a take was ordered", every_s=0
        )
        return max(self.statuses())

    def kill_everywhere(self, victims: dict[Victim, list[Step]]) -> None:
        """Each victim at each of its steps; in turns, so that none is restarted ever later."""
        for step in Step:
            for victim in (victim for victim, steps in victims.items() if step in steps):
                any(self.kill(victim, step) for _ in range(TRIES))

    def kill(self, victim: Victim, step: Step) -> bool:
        """Kill the victim when a new take has come to `step`; whether it was still there then."""
        wait = self.studio.wait_until
        wait(lambda: bool(self.studio.pids(victim)), STEP_S, f"{victim} ran")
        known = self.studio.pids(victim)  # looking for it takes longer than a step may last
        take = self.order()
        wait(lambda: self._has_come(take, step), STEP_S, f"take {take} was {step}", every_s=0)
        wait(
            lambda: bool(self.studio.kill_pids(known) or self.studio.kill(victim)),
            STEP_S,
            f"{victim} ran again",
        )
        after = self.statuses()
        if victim in SENDERS:
            # The vendor's death is seen by the sender at once.
            unknown = {Status.SUBMITTING, Status.UNCERTAIN}
            self.may_be_uncertain |= {pk for pk, status in after.items() if status in unknown}
        tally = self.tallies.setdefault((victim, step), Tally())
        tally.kills += 1
        tally.in_time += after[take] == step
        tally.takes.add(take)
        return after[take] == step

    def _has_come(self, take: int, step: Step) -> bool:
        status = self.studio.status_of(take)
        return status not in _ORDER or _ORDER.index(status) >= _ORDER.index(step)

    def settle(self) -> None:
        """Wait until every take has come to an end, or says that a person must look."""
        self.studio.wait_until(
            lambda: set(self.statuses().values()) <= SETTLED, SETTLE_S, "every take had settled"
        )

    def lost(self) -> dict[int, str]:
        """Takes that are neither ready nor rightly uncertain."""
        return {
            take: status
            for take, status in self.statuses().items()
            if status != Status.READY
            and not (status == Status.UNCERTAIN and take in self.may_be_uncertain)
        }

    def posts(self) -> Counter[int]:
        """How often the vendor was asked to render each take."""
        return Counter(
            int(request["body"]["webhook_metadata"]["shotboard_take"])
            for request in self.studio.received()
            if request["method"] == "POST" and request["path"] == "/v1/videos/sora2/generation"
        )

    def table(self) -> str:
        statuses, posts, lost = self.statuses(), self.posts(), self.lost()
        rows = ["  killed                 when        kills in time ready uncertain lost twice"]
        for (victim, step), tally in self.tallies.items():
            ended = Counter(statuses[take] for take in tally.takes)
            rows.append(
                f"  {victim:<22} {step:<11} {tally.kills:>5} {tally.in_time:>7}"
                f" {ended[Status.READY]:>5} {ended[Status.UNCERTAIN]:>9}"
                f" {len(tally.takes & lost.keys()):>4}"
                f" {sum(posts[take] > 1 for take in tally.takes):>5}"
            )
        return "\n".join(rows)


@pytest.fixture
def trial(tmp_path) -> Iterator[Trial]:
    with Studio(tmp_path, speed=30, scenario=SLOW_VENDOR) as studio:
        yield Trial(studio)


def require_nothing_lost(trial: Trial, tell) -> None:
    try:
        trial.settle()
    finally:
        tell(trial.table())
    assert trial.lost() == {}
    statuses, posts = trial.statuses(), trial.posts()
    assert not {take: number for take, number in posts.items() if number > 1}
    ready = {take for take, status in statuses.items() if status == Status.READY}
    assert ready <= posts.keys(), "what is ready was rendered"
    missed = [hit for hit, tally in trial.tallies.items() if not tally.in_time]
    assert not missed, "these were never killed in the step that was meant"


def test_killed_senders_lose_no_take_and_pay_none_twice(trial, tell):
    for _ in range(ROUNDS):
        trial.kill_everywhere(SENDERS)
    require_nothing_lost(trial, tell)


def test_whoever_else_is_killed_every_take_ends_ready(trial, tell):
    for _ in range(ROUNDS):
        trial.kill_everywhere(OTHERS)
    require_nothing_lost(trial, tell)
    assert set(trial.statuses().values()) == {Status.READY}


def test_the_queues_supervisor_takes_its_clusters_with_it(trial):
    studio = trial.studio
    former = [pid for victim in (Victim.WORKERS, Victim.LONG_MAIN) for pid in studio.pids(victim)]
    studio.kill(Victim.QUEUES)
    studio.wait_until(
        lambda: not set(former) & set(studio.processes()) and bool(studio.pids(Victim.WORKERS)),
        STEP_S,
        "new clusters ran and the old were gone",
    )
    take = trial.order()
    studio.wait_until(lambda: studio.status_of(take) in TERMINAL, SETTLE_S, "a take ended")
    assert studio.status_of(take) == Status.READY
