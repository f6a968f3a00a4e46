"""How often a take is asked about: often while it is young, ever more rarely later, and more rarely
all together when more are under way than one watcher can follow at that pace.

Without the last, a watcher that falls behind answers later and later, and nobody can say how late.
"""

import random
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from studio.renders.lifecycle import AT_VENDOR, Status
from studio.renders.models import Take

# A take is asked about every 0.7 s while a person is likely to watch, then ever more rarely.
SHORTEST_S, LONGEST_S = 0.7, 15.0
_AGE_PER_INTERVAL = 120.0
# What a watcher takes on at most. It can do twice as much on a quiet machine
# (docs/benchmarks/polling.md): whatever comes at once, after an outage, is soon made up for.
QUESTIONS_PER_S = 400.0
# Asking so late it has too much to do: then what it managed, less a margin, is what it can do.
LATE_S = 0.5
_MARGIN, _RECOVERY, _LEAST_PER_S = 0.8, 1.25, 5.0

# Takes are counted by age, those between two steps as if they were as young as the lower one.
_STEPS_S = (0.0, 84.0, 105.0, 130.0, 165.0, 210.0, 300.0, 420.0, 600.0, 900.0, 1_300.0, 1_800.0)


def interval_s(age_s: float, stretch: float = 1.0) -> float:
    """How long until the next question about a take that was sent `age_s` ago, with jitter."""
    return steady_s(age_s) * stretch * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load


def steady_s(age_s: float) -> float:
    """The interval at that age, without load and without jitter."""
    return min(max(SHORTEST_S, age_s / _AGE_PER_INTERVAL), LONGEST_S)


def wanted_per_s(takes: Iterable[tuple[float, int]]) -> float:
    """Questions a second that takes would have without load, from ages in s and counts."""
    return sum(count / steady_s(age_s) for age_s, count in takes)


def stretch_for(wanted: float, capacity: float) -> float:
    """How many times longer every interval is to be; both in questions a second."""
    return max(1.0, wanted / capacity)


def capacity_after(capacity: float, managed: float, late_s: float) -> float:
    """What a watcher can do, all in questions a second, when it managed so many and the latest
    was asked `late_s` after it was due.

    A slow vendor, a busy machine and a busy database all show as lateness.
    """
    if late_s > LATE_S:
        return min(max(_MARGIN * managed, _LEAST_PER_S), capacity)
    return min(capacity * _RECOVERY, QUESTIONS_PER_S)


class Load:
    """What one watcher sees: how much it asks, how late, and how much there would be to ask.

    `stretch` is by how much all intervals are to be longer now.
    """

    def __init__(self, now_s: float) -> None:
        self.stretch = 1.0
        self._capacity = QUESTIONS_PER_S
        self._since_s = now_s
        self._asked = 0
        self._latest_s = 0.0

    def note(self, late_s: float) -> None:
        """A question was begun so long after it was due."""
        self._asked += 1
        self._latest_s = max(self._latest_s, late_s)

    def facts(self) -> dict[str, float]:
        """For the heartbeat: the latest question since the last one, and the stretch."""
        return {"late_ms": round(self._latest_s * 1000), "stretch": round(self.stretch, 2)}

    def settle(self, wanted: float, now_s: float) -> None:
        """All takes together would have so many questions a second. Begins to count anew."""
        managed = self._asked / max(now_s - self._since_s, 0.001)
        self._capacity = capacity_after(self._capacity, managed, self._latest_s)
        self.stretch = stretch_for(wanted, self._capacity)
        self._since_s, self._asked, self._latest_s = now_s, 0, 0.0


def under_way() -> list[tuple[float, int]]:
    """The takes at the vendor by age in s: one query, however many there are."""
    now = timezone.now()
    is_stalled = Q(status=Status.STALLED)
    since = {
        f"from_{step}": Count(
            "pk", filter=Q(submitted_at__lte=now - timedelta(seconds=age_s)) & ~is_stalled
        )
        for step, age_s in enumerate(_STEPS_S)
    }
    live = Take.objects.filter(next_poll_at__isnull=False, status__in=AT_VENDOR).order_by()
    found = live.aggregate(stalled=Count("pk", filter=is_stalled), **since)
    return [*_between(found), (_STEPS_S[-1], found["stalled"])]


def _between(found: Mapping[str, int]) -> list[tuple[float, int]]:
    older = [found[f"from_{step}"] for step in range(len(_STEPS_S))]
    return [
        (age_s, count - beyond)
        for age_s, count, beyond in zip(_STEPS_S, older, [*older[1:], 0], strict=True)
    ]
