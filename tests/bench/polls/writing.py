"""Writing back a thousand rows: our one statement beside Django's `bulk_update`, taking turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

ROWS = 1_000
_COLUMNS = ("progress", "waits_for", "poll_failures", "next_poll_at", "deadline_at")


@dataclass(frozen=True)
class Writing:
    """Medians in ms."""

    rows: int
    ours: float
    bulk_update: float

    @property
    def ratio(self) -> float:
        return self.bulk_update / self.ours


def measure(rows: int = ROWS, rounds: int = 7) -> Writing:
    """In the database that Django has now."""
    from studio.renders.models import Take
    from studio.renders.watching.progress import Progress, write_back
    from tests.bench.polls import takes

    found = list(Take.objects.filter(pk__in=takes.under_way(rows)))
    ours, theirs = [], []
    for number in range(rounds + 1):
        moment = timezone.now() + timedelta(seconds=number)
        learnt = [
            Progress(take.pk, take.status, 2 * number, moment, moment, f"round {number}")
            for take in found
        ]
        ours.append(_ms(lambda learnt=learnt: write_back(learnt)))  # type: ignore[misc]
        for take in found:
            take.progress, take.waits_for = 2 * number + 1, f"bulk {number}"
            take.next_poll_at = take.deadline_at = moment
        theirs.append(_ms(lambda: Take.objects.bulk_update(found, _COLUMNS)))
    # The first round of each warms what it uses.
    return Writing(rows, statistics.median(ours[1:]), statistics.median(theirs[1:]))


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
