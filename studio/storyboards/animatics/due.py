"""Animatics that nobody works on though somebody should: begun again, or given up.

The watcher sweeps. What waits though its queue entry is gone is woken again; what is being drawn
without a sign of life was lost with its worker, and waits anew.
"""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.lib.waking import lies_in_queue
from studio.storyboards.animatics.orders import IN_WORK, wake
from studio.storyboards.models import Animatic

WAITING_LOST_AFTER = timedelta(seconds=15)
# A worker shows every 3 s that it lives; a stalled disk or database may take it some. One that was
# given up too early notices it, and stops.
DRAWING_LOST_AFTER = timedelta(seconds=20)
MOST_ATTEMPTS = 3
_AT_ONCE = 20

log = logging.getLogger(__name__)


def sweep() -> None:
    """See to every animatic that is overdue. Any number may sweep at once. Raises DatabaseError."""
    now = timezone.now()
    quiet = Animatic.objects.filter(status__in=IN_WORK, seen_at__lt=now - WAITING_LOST_AFTER)
    for animatic in quiet.order_by("seen_at")[:_AT_ONCE]:
        try:
            with transaction.atomic():
                _see_to(animatic, now)
        except DatabaseError:
            raise
        except Exception:  # one that makes trouble must not stop the others
            log.exception("Animatic %s could not be seen to; it is tried again.", animatic.pk)


def begin_again(animatic: Animatic, rows: QuerySet[Animatic], says: str) -> bool:
    """Have it drawn from the start, unless that was done often enough: then it has failed, and
    `says` why. `rows`: the animatic as it is known; False if it is not that any more."""
    with transaction.atomic():
        if animatic.attempts >= MOST_ATTEMPTS:
            failed = Animatic.Status.FAILED
            return bool(rows.update(status=failed, says=says, finished_at=timezone.now()))
        if not rows.update(status=Animatic.Status.WAITING, progress=0):
            return False
        wake(animatic)
        return True


def last_drawn_at() -> datetime | None:
    """When a worker that draws just now last showed that it lives."""
    drawing = Animatic.objects.filter(status=Animatic.Status.DRAWING)
    return drawing.order_by("-seen_at").values_list("seen_at", flat=True).first()


def _see_to(animatic: Animatic, now: datetime) -> None:
    # As it was seen: whoever sweeps too, or draws it after all, was faster.
    same = Animatic.objects.filter(
        pk=animatic.pk, status=animatic.status, attempts=animatic.attempts, seen_at=animatic.seen_at
    )
    if animatic.status == Animatic.Status.WAITING:
        if same.update(seen_at=now) and not lies_in_queue(animatic.queue_entry):
            wake(animatic)
    elif animatic.seen_at is not None and animatic.seen_at < now - DRAWING_LOST_AFTER:
        begin_again(animatic, same, _LOST)


_LOST = (
    f"Its worker ended {MOST_ATTEMPTS} times without a word, most likely for want of memory. "
    "Choose a smaller size, or ask an operator to look at the log; then draw it again."
)
