"""Processes are killed as the kernel kills them, at every step of a take; no take may be lost.

Two rounds at each step. What may come of a take: an end, or a state that says a person must look.
What may not: a take that stands still, or that the vendor was paid for twice without a word.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

import pytest

from studio.renders.lifecycle import TERMINAL, Status
from tests.faults.studio_processes import Studio, Victim

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "2"))
STEP_S = 90.0
SETTLE_S = 180.0
SETTLED = TERMINAL | {Status.UNCERTAIN, Status.STALLED, Status.UNCOLLECTED}
NEON_TOKYO = "3"

# Submitting and collecting last a moment only: the vendor stretches them.
SLOW_VENDOR = {
    "rules": [
        {"when": {"method": "POST", "path": "/v1/videos/*"}, "do": "slow", "delay_s": 1.5},
        {"when": {"path": "/secure/*"}, "do": "slow", "delay_s": 1.5},
    ]
}


class Step(StrEnum):
    """When the victim is killed: as soon as the take has come so far."""

    ORDERED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    COLLECTING = "collecting"


# Everything for those that do the work; for the others, the steps that they take part in.
STEPS = {
    Victim.WORKERS: list(Step),
    Victim.CLUSTER_MAIN: [Step.ORDERED, Step.SUBMITTING],
    Victim.LONG_WORKERS: [Step.RUNNING, Step.COLLECTING],
    Victim.LONG_MAIN: [Step.COLLECTING],
    Victim.WATCHER: [Step.SUBMITTING, Step.RUNNING, Step.COLLECTING],
    Victim.WEB: list(Step),
    Victim.VENDOR: list(Step),
}
_ORDER = [*Step, "ready"]


def has_come_to(status: str, step: Step) -> bool:
    """Whether a take is at this step, or has gone past it."""
    return status not in _ORDER or _ORDER.index(status) >= _ORDER.index(step)


@pytest.fixture
def studio(tmp_path) -> Iterator[Studio]:
    with Studio(tmp_path, speed=40, scenario=SLOW_VENDOR) as studio:
        yield studio


def order(studio: Studio) -> int:
    return int(
        studio.answer("submit_project", NEON_TOKYO, "--as", "creative@demo.localhost")["take"]
    )


def kill_at(studio: Studio, victim: Victim, step: Step) -> int:
    """Order a take, kill the victim when it has come to `step`; the take's id."""
    take = order(studio)
    studio.wait_until(
        lambda: has_come_to(studio.status_of(take), step), STEP_S, f"take {take} was {step}"
    )
    studio.wait_until(lambda: bool(studio.kill(victim)), STEP_S, f"{victim} ran again")
    return take


def posts_by_take(studio: Studio) -> Counter[int]:
    return Counter(
        int(request["body"]["webhook_metadata"]["shotboard_take"])
        for request in studio.received()
        if request["method"] == "POST" and request["path"] == "/v1/videos/sora2/generation"
    )


@pytest.mark.parametrize("victim", STEPS)
def test_no_take_is_lost_or_paid_twice(studio, victim):
    takes = [kill_at(studio, victim, step) for _ in range(ROUNDS) for step in STEPS[victim]]

    def all_settled() -> bool:
        return all(studio.status_of(take) in SETTLED for take in takes)

    studio.wait_until(all_settled, SETTLE_S, "every take had settled")
    ended = Counter(studio.status_of(take) for take in takes)
    print(f"{victim}: {dict(ended)}")  # noqa: T201  (shown with -rP)
    assert ended.total() == len(STEPS[victim]) * ROUNDS
    paid_twice = {take: n for take, n in posts_by_take(studio).items() if n > 1}
    assert not paid_twice
    if victim in (Victim.WEB, Victim.WATCHER, Victim.LONG_WORKERS, Victim.LONG_MAIN):
        assert ended == {Status.READY: len(takes)}, "these take no part in what costs money"


def test_the_queues_supervisor_takes_its_clusters_with_it(studio):
    former = [pid for victim in (Victim.WORKERS, Victim.LONG_MAIN) for pid in studio.pids(victim)]
    studio.kill(Victim.QUEUES)
    studio.wait_until(
        lambda: not set(former) & set(studio.processes()) and bool(studio.pids(Victim.WORKERS)),
        STEP_S,
        "new clusters ran and the old were gone",
    )
    take = order(studio)
    studio.wait_until(lambda: studio.status_of(take) in TERMINAL, SETTLE_S, "a take ended")
    assert studio.status_of(take) == Status.READY
