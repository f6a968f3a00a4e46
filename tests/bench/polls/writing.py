"""Writing back a thousand rows: our one statement beside Django's `bulk_update`, taking turns."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

ROWS = 1_000
_COLUMNS = ("progress", "waits_for", "poll_failures", "next_poll_at", "deadline_at")


@dataclass(frozen=True)
class Cost:
    """In ms. Of the CPU only our process's: of SQLite that is all, of PostgreSQL our share."""

    clock: float
    cpu: float


@dataclass(frozen=True)
class Writing:
    """The best of some rounds: what a busy machine added is the machine's."""

    rows: int
    ours: Cost
    bulk_update: Cost

    @property
    def by_clock(self) -> float:
        return self.bulk_update.clock / self.ours.clock

    @property
    def by_cpu(self) -> float:
        return self.bulk_update.cpu / self.ours.cpu


def measure(rows: int = ROWS, rounds: int = 7) -> Writing:
    """In the database that Django has now."""
    from studio.renders.models import Take
    from studio.renders.watching.progress import Progress, write_back
    from tests.bench.polls import takes

    found = list(Take.objects.filter(pk__in=takes.under_way(rows)))
    ours, theirs = [], []
    for number in range(rounds):
        moment = timezone.now() + timedelta(seconds=number)
        learnt = [
            Progress(take.pk, take.status, 2 * number, moment, moment, f"round {number}")
            for take in found
        ]
        ours.append(_cost(lambda learnt=learnt: write_back(learnt)))  # type: ignore[misc]
        for take in found:
            take.progress, take.waits_for = 2 * number + 1, f"bulk {number}"
            take.next_poll_at = take.deadline_at = moment
        theirs.append(_cost(lambda: Take.objects.bulk_update(found, _COLUMNS)))
    return Writing(rows, _best(ours), _best(theirs))


def _cost(work: Callable[[], object]) -> Cost:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost((time.perf_counter() - clock) * 1000, (time.process_time() - cpu) * 1000)


def _best(costs: list[Cost]) -> Cost:
    return Cost(min(cost.clock for cost in costs), min(cost.cpu for cost in costs))
