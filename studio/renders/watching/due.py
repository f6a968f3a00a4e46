"""Which takes need attention now, and what each of them needs.

One due column serves what is sent: questions to the vendor, overdue submissions, lost collectors.
(What waits to be sent stands in a line: `sending/turns.py`.) The claim moves it ahead, and that is
the lease: whoever comes later finds nothing due, and what a dead watcher had claimed is due again
once the lease is over (invariant 4).
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.accounts.models import ApiKey
from studio.renders import lifecycle, queueing
from studio.renders.collecting import retention_at_vendor
from studio.renders.lifecycle import AT_VENDOR, IllegalTransition, Status, advance
from studio.renders.models import Take
from studio.renders.sending import credentials, lines, trials, turns
from studio.renders.sending.credentials import NoUsableKey
from studio.renders.sending.lines import Line
from studio.renders.watching.opened import OpenedKeys
from studio.renders.watching.progress import Progress, write_back
from studio.transend.calls import made_up_task_id

# One question may take this long, and may before that wait as long for a free connection; the
# lease is longer, or two would ask at once.
QUESTION_TOTAL_S = 15.0
LEASE = timedelta(seconds=2 * QUESTION_TOTAL_S + 5)

# Large, and of no use for asking: thousands of takes go through here every few seconds.
_NOT_READ = ("payload", "error_says", "error_resolution", "error_body", "proof_scenes", "metered")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """One GET to make. The repr shows no key.

    `task_id` may be a webhook's hint. With `is_trial` there is no such task: the question is
    whether the key, which was refused before, is accepted again. `due_at` is when it was to be
    asked.
    """

    take: Take
    key: ApiKey
    secret: str = field(repr=False)
    task_id: str
    is_trial: bool = False
    due_at: datetime = field(default_factory=timezone.now)


def questions_due(limit: int) -> list[Question]:
    """Claim up to `limit` due takes, the most overdue first; see to those that need no question,
    return the others'. One transaction for all of it, and none when nothing is due."""
    now = timezone.now()
    due = Take.objects.filter(next_poll_at__lte=now).order_by("next_poll_at")
    if not due.exists():  # looking takes no write lock, and mostly there is nothing
        return []
    with transaction.atomic():
        takes = _claimed(due, limit, now)
        opened = OpenedKeys(takes)
        needs = [_need_of(take, opened) for take in takes]
        write_back([need for need in needs if isinstance(need, Progress)])
    return [need for need in needs if isinstance(need, Question)]


def trials_due() -> list[Question]:
    """Have every line see to its turns; the questions that try a refused key again."""
    found = (_trial_for(line) for line in turns.sweep())
    return [question for question in found if question is not None]


def release(take_ids: Collection[int]) -> None:
    """Make takes due at once whose questions were broken off."""
    Take.objects.filter(pk__in=take_ids, next_poll_at__isnull=False).update(
        next_poll_at=timezone.now()
    )


def _claimed(due: QuerySet[Take], limit: int, now: datetime) -> list[Take]:
    """The takes as they were found, each with the moment for which it was due."""
    # SQLite has one writer at a time (BEGIN IMMEDIATE); elsewhere rows in work are skipped.
    takes = list(due.select_for_update(skip_locked=True).defer(*_NOT_READ)[:limit])
    leased = Take.objects.filter(pk__in=[take.pk for take in takes])
    leased.update(next_poll_at=now + LEASE)
    return takes


def _need_of(take: Take, opened: OpenedKeys) -> Question | Progress | None:
    """The question to ask, or why it waits, or nothing when it is seen to here. One that makes
    trouble must not stop the others."""
    try:
        if take.status in AT_VENDOR:
            return _asking(take, take.vendor_task_id, opened)
        if take.status == Status.UNCERTAIN and take.candidate_task_id:
            return _asking(take, take.candidate_task_id, opened)
        with transaction.atomic():
            _see_to(take)
    except IllegalTransition:
        pass  # it has moved on by itself
    except Exception:
        log.exception("Take %s could not be seen to; it is tried again.", take.pk)
    return None


def _asking(take: Take, task_id: str, opened: OpenedKeys) -> Question | Progress:
    now = timezone.now()
    try:
        key, secret = opened.for_take(take)
    except NoUsableKey as missing:
        return Progress(
            take_id=take.pk,
            status=take.status,
            progress=take.progress,
            next_poll_at=now + credentials.LOOKED_AT_EVERY,
            deadline_at=take.deadline_at,
            waits_for=missing.waits_for,
            poll_failures=take.poll_failures,
        )
    return Question(take, key, secret, task_id, due_at=take.next_poll_at or now)


def _see_to(take: Take) -> None:
    now = timezone.now()
    match take.status:
        case Status.SUBMITTING:
            _give_up_waiting(take)
        case Status.COLLECTING:
            _wake_collector(take, now)
        case Status.UNCOLLECTED:
            retention_at_vendor.see_to(take, now)
        case _:
            # In line, a person's business, or over: not due again until something happens.
            Take.objects.filter(pk=take.pk, status=take.status).update(next_poll_at=None)


def _trial_for(line: Line) -> Question | None:
    """The question that tries the line's key again, if it is time to: the fault may have been the
    vendor's."""
    if line.key is None or not trials.claim(line.key):
        return None
    take = lines.sendable(line.workspace).first()
    if take is None:
        return None
    try:
        secret = credentials.secret_of(line.key)
    except NoUsableKey as unreadable:
        lines.note(replace(line, waits_for=unreadable.waits_for))
        return None
    return Question(take, line.key, secret, made_up_task_id(), is_trial=True)


def _give_up_waiting(take: Take) -> None:
    """Nobody is left to say what the POST did: it may have been made."""
    says = "The worker that sent the render ended before it knew the outcome."
    advance(
        take,
        Status.UNCERTAIN,
        expect=Status.SUBMITTING,
        attempt=take.attempts,
        says=says,
        next_poll_at=timezone.now(),
        error_kind="worker_lost",
        error_says=says,
        error_resolution="It may be running and may be billed. Look for it in the Transend "
        "console before anything is sent again.",
        error_status=None,
        error_body="",
    )


def _wake_collector(take: Take, now: datetime) -> None:
    if take.leased_until is not None and take.leased_until > now:
        lifecycle.hold(take, take.waits_for, take.leased_until + timedelta(seconds=1))
        return
    with transaction.atomic():
        held = lifecycle.hold(take, take.waits_for, now + queueing.COLLECTING_LOST_AFTER)
        if held and not queueing.is_waiting(take):
            queueing.wake_collecting(take.pk)
