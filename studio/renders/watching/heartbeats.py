"""Signs of life of the background processes; /readyz, /metrics and the supervisor read them.

An idle django-q2 worker gives none by itself, so the watcher asks: a tiny queue entry that the
worker answers by beating. That proves the whole way, from the queue's table to a living worker.
"""

import os
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from studio.renders import queueing
from studio.renders.models import Heartbeat
from studio.renders.watching import chores
from studio.storyboards.animatics.orders import PICTURES

WATCHER = "watcher"
ASKED_EVERY = timedelta(seconds=5)
# A dead queue must not fill with questions; those already asked are answered when it returns.
ASKED_AGAIN_AFTER = timedelta(seconds=60)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def worker_of(queue: str) -> str:
    """The name under which the workers of a queue beat."""
    return f"worker:{queue}"


EXPECTED = (WATCHER, *map(worker_of, queueing.QUEUES))


def beat(process: str, **facts: Any) -> None:
    """Note that a process works just now."""
    facts = {"host": socket.gethostname(), "pid": os.getpid(), **facts}
    Heartbeat.objects.update_or_create(
        process=process, defaults={"beat_at": timezone.now(), "facts": facts}
    )


def ages_s() -> dict[str, float]:
    """Seconds since each process last beat; those that never did are missing."""
    now = timezone.now()
    found = Heartbeat.objects.filter(beat_at__gt=_LONG_AGO).values_list("process", "beat_at")
    beats = dict(found)
    # A worker that draws answers no questions; that it draws on is its sign of life.
    drawn_at = chores.last_drawn_at()
    if drawn_at is not None:
        painter = worker_of(PICTURES)
        beats[painter] = max(drawn_at, beats.get(painter, _LONG_AGO))
    return {process: max((now - at).total_seconds(), 0.0) for process, at in beats.items()}


def ask_workers() -> None:
    """Ask the workers of each queue that was quiet for a while to beat. Any number may ask."""
    for queue in queueing.QUEUES:
        _ask(queue)


def _ask(queue: str) -> None:
    now = timezone.now()
    name = worker_of(queue)
    Heartbeat.objects.get_or_create(process=name, defaults={"beat_at": _LONG_AGO})
    is_quiet = Q(beat_at__lt=now - ASKED_EVERY)
    is_answered = Q(asked_at=None) | Q(asked_at__lt=F("beat_at"))
    is_forgotten = Q(asked_at__lt=now - ASKED_AGAIN_AFTER)
    due = Heartbeat.objects.filter(is_quiet & (is_answered | is_forgotten), process=name)
    if not due.exists():
        return
    with transaction.atomic():
        if due.update(asked_at=now):
            queueing.wake_for_a_beat(queue)
