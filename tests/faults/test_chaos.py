"""Many takes, two hosts of workers, and a vendor that is small, slow, and breaks off.

Every take ends ready, or is uncertain because the answer to its own paid request was lost or was a
500; a request is repeated only after a 429, which creates nothing.
"""

import os
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from studio.lib.lifeline import SUPERVISOR
from studio.renders.lifecycle import TERMINAL, Status
from tests.faults.killing import FILM, Person
from tests.faults.stopping.stops import FOLDER, Stops
from tests.faults.studio_processes import MANAGE, ROOT, Studio

TAKES = 200
SLOTS = 3
PAID = {"method": "POST", "path": "/v1/videos/*"}
VENDOR = {
    "seed": 5,
    "concurrency": SLOTS,
    "rules": [
        {"when": {**PAID, "probability": 0.025}, "do": "error_500"},
        {"when": {**PAID, "probability": 0.025}, "do": "error_500", "created": True},
        {"when": {**PAID, "probability": 0.05}, "do": "accept_then_drop"},
        {"when": {**PAID, "probability": 0.2}, "do": "slow", "delay_s": 1.0},
    ],
}
AT_REST = TERMINAL | {Status.UNCERTAIN}
WITHIN_S = 60 + 5 * TAKES

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(WITHIN_S + 300),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]


@pytest.fixture
def studio(tmp_path) -> Iterator[Studio]:
    """Its settings are those of the killing tests for their small pictures; nobody stands still."""
    stops = Stops(tmp_path / "stops")
    whole = Studio(
        tmp_path,
        speed=100,
        scenario=VENDOR,
        DJANGO_SETTINGS_MODULE="tests.faults.stopping.settings",
        PYTHONPATH=str(ROOT),
        **{FOLDER: str(stops.folder)},
    )
    with whole as running, second_host(running):
        yield running


@contextmanager
def second_host(studio: Studio) -> Iterator[None]:
    """Another machine's clusters, on the same database and the same vault."""
    with Path(studio.output).open("ab") as output:
        clusters = subprocess.Popen(
            [sys.executable, MANAGE, "qcluster"],
            env={**studio.env, SUPERVISOR: str(os.getpid())},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield
    finally:
        clusters.terminate()
        clusters.wait(25)


def paid_requests(studio: Studio) -> dict[int, list[str]]:
    """By take, what each of its paid requests was answered with."""
    found = defaultdict(list)
    for request in studio.received():
        if request["method"] == "POST" and request["path"] == "/v1/videos/sora2/generation":
            take = int(request["body"]["webhook_metadata"]["shotboard_take"])
            found[take].append(str(request["status"] or "dropped"))
    return found


def test_nothing_is_lost_paid_twice_or_unexplained(studio, tell):
    person = Person(studio.env)
    person.appear()
    began = time.monotonic()
    for _ in range(TAKES):
        person.tell(f"order {FILM}")
        person.hears()
        person.tell("go")
        person.hears()
    person.dismiss()
    statuses: dict[int, str] = {}

    def all_rest() -> bool:
        statuses.update(studio.rows("SELECT id, status FROM renders_take"))
        return len(statuses) == TAKES and set(statuses.values()) <= AT_REST

    studio.wait_until(all_rest, WITHIN_S, f"{TAKES} takes rested", every_s=0.5)
    took_s = time.monotonic() - began
    sent, accepted = paid_requests(studio), studio.accepted()
    tell(report(studio, statuses, sent, took_s))
    for take, status in statuses.items():
        answers = sent[take]
        beyond_429 = [answer for answer in answers if answer != "429"]
        assert len(beyond_429) == 1, f"take {take} was sent again after {answers}"
        assert accepted[take] <= 1
        if status == Status.READY:
            assert accepted[take] == 1
        else:
            assert (status, beyond_429[0] in ("500", "dropped")) == (Status.UNCERTAIN, True)


def report(
    studio: Studio, statuses: dict[int, str], sent: dict[int, list[str]], took_s: float
) -> str:
    rows = studio.rows("SELECT created_at, finished_at FROM renders_take WHERE status = 'ready'")
    waits = sorted(
        (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
        for start, end in rows
    )
    ends = Counter((statuses[take], " then ".join(squeezed(sent[take]))) for take in statuses)
    lines = [
        f"  {count:>4} {status:<10} after {answers}" for (status, answers), count in ends.items()
    ]
    posts = Counter(answer for answers in sent.values() for answer in answers)
    told = ", ".join(f"{count} × {answer}" for answer, count in posts.most_common())
    return "\n".join(
        [
            f"  {TAKES} takes, {SLOTS} slots, 2 hosts: {took_s:.0f} s",
            f"  {posts.total()} POSTs: {told}",
            f"  ready after {statistics.median(waits):.0f} s (median), {waits[-1]:.0f} s (last)",
            *sorted(lines),
        ]
    )


def squeezed(answers: list[str]) -> list[str]:
    """Several 429s in a row are told once."""
    kept = [answer for answer in answers if answer != "429"]
    return ["429s", *kept] if len(kept) < len(answers) else kept
