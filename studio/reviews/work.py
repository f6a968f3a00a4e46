"""Work for reviewers that is done in the queue "pictures": ordered, claimed, kept alive, ended.

A row of `Work` is the order; its entry in the queue only wakes a worker, and may be delivered
twice, late or never (ARCHITECTURE.md, invariant 3). Work whose worker was killed has no sign of
life any more and is begun again, up to `MOST_ATTEMPTS` times.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone

from studio.lib import signs
from studio.lib.signs import Stopped
from studio.lib.waking import enqueue, lies_in_queue
from studio.pictures.errors import DrawingFailed, Unacceptable
from studio.reviews.models import Comparison, PreviewFilm, Work
from studio.vault import storing

QUEUE = "pictures"
MOST_ATTEMPTS = 3
WAITING_LOST_AFTER = timedelta(seconds=15)
# A sign of life comes every 3 s; a stalled disk or database may take it some.
WORKING_LOST_AFTER = timedelta(seconds=20)
_AT_ONCE = 20
_KINDS: tuple[type[Work], ...] = (PreviewFilm, Comparison)

_LOST = (
    f"Its worker ended {MOST_ATTEMPTS} times without a word, most likely for want of memory. "
    "Ask an operator to look at the log, then try again."
)
_BROKEN = "Something broke on our side. Try again; if it breaks again, tell your admin."

Status = Work.Status
W = TypeVar("W", bound=Work)

log = logging.getLogger(__name__)


class CannotBeDone(Exception):
    """Doing it again would not help; the message says why, and what to do."""


class Attempt(signs.SignsOfLife):
    """One try at a piece of work. `tell(0.0 to 1.0)` as it goes on, `finish` when it is done; both
    raise `Stopped` when nobody wants it any more."""

    def __init__(self, work: Work) -> None:
        self.work = work
        rows = _rows(type(work)).filter(pk=work.pk, status=Status.WORKING, attempts=work.attempts)
        super().__init__(rows)

    def finish(self, **fields: Any) -> None:
        """Write down the result. Whoever kept files for it discards them when this raises."""
        self.end(Status.READY, progress=1000, says="", **fields)

    def fail(self, says: str) -> None:
        """Write down why there is none."""
        self.end(Status.FAILED, says=says[:500])

    def begin_again(self, says: str) -> None:
        """This try came to nothing, another may not; `says` why, if there is none left."""
        if not _begin_again(self.work, self.rows, says):
            raise Stopped


def order(kind: type[W], *, defaults: dict[str, Any] | None = None, **key: Any) -> W:
    """The work that `key` names: the row there is, whatever became of it, or a new one that waits.

    Call it in the transaction of what it is ordered for. `key` is unique in the database, so that
    two who order at once have one row.
    """
    work, is_new = _rows(kind).get_or_create(**key, defaults=defaults or {})
    if is_new:
        wake(work)
    found: W = work
    return found


def order_again(work: Work) -> bool:
    """Have what failed, or is not good any more, done from the start; False if somebody was
    faster. Its attempts are counted anew."""
    with transaction.atomic():
        same = _rows(type(work)).filter(pk=work.pk, status=work.status, attempts=work.attempts)
        fresh = {"progress": 0, "attempts": 0, "says": "", "finished_at": None}
        if not same.filter(status__in=_ENDED).update(status=Status.WAITING, **fresh):
            return False
        wake(work)
    work.refresh_from_db()
    return True


_ENDED = (Status.READY, Status.FAILED)


def wake(work: Work) -> None:
    """Have a worker do it. Inside the transaction that makes it wait."""
    work.queue_entry = enqueue(work.TASK, work.pk, QUEUE)
    work.seen_at = timezone.now()
    work.save(update_fields=["queue_entry", "seen_at"])


def perform(kind: type[W], pk: int, do: Callable[[W, Attempt], None]) -> None:
    """What a task of the queue does: claim the work and `do` it; leave quietly if it is not to be
    done, or another does it.

    `do` gets the row and the attempt and ends with `attempt.finish(…)`. It may raise
    `CannotBeDone`, `Unacceptable`, `storing.NotKept` and OSError, which end the work with a
    sentence, and `DrawingFailed`, after which it is tried again.
    """
    work = _claimed(kind, pk)
    if work is None:
        return
    attempt = Attempt(work)
    try:
        _try(work, attempt, do)
    except Stopped:
        log.info("%s is not wanted any more.", work)


def wake_lost() -> None:
    """Begin again what nobody works on though somebody should. Any number may sweep at once.
    Raises DatabaseError."""
    now = timezone.now()
    in_work = (Status.WAITING, Status.WORKING)
    for kind in _KINDS:
        quiet = _rows(kind).filter(status__in=in_work, seen_at__lt=now - WAITING_LOST_AFTER)
        for work in quiet.order_by("seen_at")[:_AT_ONCE]:
            with transaction.atomic():
                _see_to(work, now)


def last_seen_at() -> datetime | None:
    """When a worker that is busy with such work last showed that it lives."""
    newest = (
        _rows(kind).filter(status=Status.WORKING).order_by("-seen_at").values_list("seen_at")
        for kind in _KINDS
    )
    found = (rows.first() for rows in newest)
    return max((row[0] for row in found if row), default=None)


def _rows(kind: type[Model]) -> QuerySet[Any]:
    return kind._default_manager.all()


def _claimed(kind: type[W], pk: int) -> W | None:
    """The work, now ours. The attempt is counted before the work: what kills its worker is not
    tried for ever."""
    ours = _rows(kind).filter(pk=pk, status=Status.WAITING)
    claim = {"status": Status.WORKING, "progress": 0, "seen_at": timezone.now()}
    if not ours.update(attempts=F("attempts") + 1, **claim):
        return None
    found: W | None = _rows(kind).filter(pk=pk).first()
    return found


def _try(work: W, attempt: Attempt, do: Callable[[W, Attempt], None]) -> None:
    try:
        with attempt.given():
            do(work, attempt)
    except Stopped:
        raise
    except (DrawingFailed, IntegrityError) as problem:
        log.warning("%s came to nothing: %s", work, problem)
        attempt.begin_again(str(problem) if isinstance(problem, DrawingFailed) else _BROKEN)
    except (CannotBeDone, Unacceptable, storing.NotKept) as problem:
        attempt.fail(str(problem))
    except DatabaseError:
        raise  # without a database nothing can be said; the sweep begins it again
    except OSError as problem:
        log.warning("%s could not be stored: %s", work, problem)
        attempt.fail(storing.why_not(problem))
    except Exception:
        log.exception("%s failed in a way nobody foresaw.", work)
        attempt.fail(_BROKEN)


def _see_to(work: Work, now: datetime) -> None:
    # As it was seen: whoever sweeps too, or does it after all, was faster.
    same = _rows(type(work)).filter(
        pk=work.pk, status=work.status, attempts=work.attempts, seen_at=work.seen_at
    )
    if work.status == Status.WAITING:
        if same.update(seen_at=now) and not lies_in_queue(work.queue_entry):
            wake(work)
    elif work.seen_at is not None and work.seen_at < now - WORKING_LOST_AFTER:
        _begin_again(work, same, _LOST)


def _begin_again(work: Work, rows: QuerySet[Any], says: str) -> bool:
    """Have it done from the start, unless that was tried often enough. `rows`: the work as it is
    known; False if it is not that any more."""
    with transaction.atomic():
        if work.attempts >= MOST_ATTEMPTS:
            failed = {"status": Status.FAILED, "says": says[:500]}
            return bool(rows.update(finished_at=timezone.now(), **failed))
        if not rows.update(status=Status.WAITING, progress=0):
            return False
        wake(work)
        return True
