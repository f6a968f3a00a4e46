"""A take's life: what may follow what in one table, and `advance()`, the one writer of status."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.models import User
from studio.renders import news

if TYPE_CHECKING:
    from studio.renders.models import Take

MAX_SAYS = 300


class Status(models.TextChoices):
    QUEUED = "queued", "Queued"
    SUBMITTING = "submitting", "Submitting"
    SUBMITTED = "submitted", "Submitted"
    RUNNING = "running", "Running"
    COLLECTING = "collecting", "Collecting"
    UNCOLLECTED = "uncollected", "Not collected"
    UNCERTAIN = "uncertain", "Outcome unknown"
    STALLED = "stalled", "Stalled"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.SUBMITTING, Status.CANCELLED}),
    Status.SUBMITTING: frozenset(
        {Status.SUBMITTED, Status.QUEUED, Status.UNCERTAIN, Status.FAILED}
    ),
    Status.UNCERTAIN: frozenset({Status.SUBMITTED, Status.QUEUED, Status.FAILED}),
    Status.SUBMITTED: frozenset({Status.RUNNING, Status.COLLECTING, Status.STALLED, Status.FAILED}),
    Status.RUNNING: frozenset({Status.COLLECTING, Status.STALLED, Status.FAILED}),
    Status.STALLED: frozenset({Status.RUNNING, Status.COLLECTING, Status.FAILED}),
    Status.COLLECTING: frozenset({Status.READY, Status.UNCOLLECTED}),
    Status.UNCOLLECTED: frozenset({Status.COLLECTING, Status.FAILED}),
    Status.READY: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
}

TERMINAL = frozenset(status for status, following in TRANSITIONS.items() if not following)
IN_FLIGHT = frozenset(set(Status) - TERMINAL)
AT_VENDOR = frozenset({Status.SUBMITTED, Status.RUNNING, Status.STALLED})
MOVING = IN_FLIGHT - {Status.UNCERTAIN, Status.UNCOLLECTED, Status.STALLED}


class IllegalTransition(Exception):
    """The take is not, or no longer, where this step begins. Whoever was slower leaves quietly."""

    def __init__(self, take_id: int, came_from: Status, to: Status, is_now: Status) -> None:
        super().__init__(take_id, came_from, to, is_now)
        self.take_id = take_id
        self.came_from = came_from
        self.to = to
        self.is_now = is_now

    def __str__(self) -> str:
        where = f"Take {self.take_id} is “{self.is_now.label}”"
        if self.is_now == self.came_from:  # forbidden by the table, or begun anew by another
            return f"{where} and cannot become “{self.to.label}” from here. Nothing was changed."
        return f"{where}, not “{self.came_from.label}”: this cannot be done. Nothing was changed."


def advance(
    take: "Take",
    to: Status,
    *,
    expect: Status | None = None,
    attempt: int | None = None,
    collect_attempt: int | None = None,
    says: str = "",
    actor: User | None = None,
    **fields: Any,
) -> "Take":
    """Move a take to `to` and write the event, in one transaction; return it as it is then.

    `expect` is the status it must have in the database (default: the one of `take`). `attempt` and
    `collect_attempt` fence slow submissions and collectors: nothing moves if a later one has
    begun. `fields` are written by the same UPDATE. Raises `IllegalTransition` when the table
    forbids the step, and when somebody else was faster.
    """
    came_from = Status(expect or take.status)
    if to not in TRANSITIONS[came_from]:
        raise IllegalTransition(take.pk, came_from, to, came_from)
    written = {"waits_for": "", **fields}
    if to in TERMINAL:
        written |= {"finished_at": timezone.now(), "next_poll_at": None}
    with transaction.atomic():
        moved = _row(take, came_from, attempt, collect_attempt).update(
            status=to, last_event=F("last_event") + 1, changes=F("changes") + 1, **written
        )
        if not moved:
            raise IllegalTransition(take.pk, came_from, to, _status_now(take))
        take.refresh_from_db()
        _write_event(take, came_from, says, actor)
        if to in TERMINAL:
            news.tell_of_end(take)
        if to == Status.UNCERTAIN:
            news.tell_of_unknown_outcome(take)
        if to == Status.UNCOLLECTED:
            news.tell_of_uncollected(take)
    return take


def hold(
    take: "Take",
    waits_for: str,
    until: datetime,
    *,
    expect: Status | None = None,
    collect_attempt: int | None = None,
    **fields: Any,
) -> bool:
    """Leave a take where it is, say what it waits for, and make it due at `until`.

    `expect` and `collect_attempt` as in `advance`. Returns False when the take has moved on
    meanwhile.
    """
    is_news = int(waits_for != take.waits_for)
    held = _row(take, expect or take.status, None, collect_attempt).update(
        waits_for=waits_for, next_poll_at=until, changes=F("changes") + is_news, **fields
    )
    return bool(held)


def remark(take: "Take", says: str, actor: User | None = None) -> None:
    """Write an event that changes no status, such as an answer that came too late."""
    with transaction.atomic():
        type(take).objects.filter(pk=take.pk).update(
            last_event=F("last_event") + 1, changes=F("changes") + 1
        )
        take.refresh_from_db()
        _write_event(take, Status(take.status), says, actor)


def count_repeat(take: "Take") -> None:
    """Count a try that ended like the one before it there, instead of telling both.

    Call it in the transaction that put the take back into the queue: an outage may last for days.
    """
    newest = list(take.events.order_by("-number")[:3])
    if len(newest) < 3:
        return
    ended, began, before = newest
    ends_alike = (before.from_status, before.to_status, before.says) == (
        Status.SUBMITTING,
        Status.QUEUED,
        ended.says,
    )
    if ends_alike and ended.to_status == Status.QUEUED and began.to_status == Status.SUBMITTING:
        before.times, before.last_at = before.times + 1, ended.at
        before.save(update_fields=["times", "last_at"])
        take.events.filter(pk__in=[began.pk, ended.pk]).delete()


def _row(
    take: "Take", status: str, attempt: int | None, collect_attempt: int | None
) -> "models.QuerySet[Take]":
    fences = {"attempts": attempt, "collect_attempts": collect_attempt}
    fenced = {column: number for column, number in fences.items() if number is not None}
    return type(take).objects.filter(pk=take.pk, status=status, **fenced)


def _status_now(take: "Take") -> Status:
    return Status(type(take).objects.values_list("status", flat=True).get(pk=take.pk))


def _write_event(take: "Take", came_from: Status, says: str, actor: User | None) -> None:
    take.events.create(
        number=take.last_event,
        from_status=came_from,
        to_status=take.status,
        says=says[:MAX_SAYS],
        actor=actor,
    )
