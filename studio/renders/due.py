"""Which takes need attention now, and what each of them needs.

One due column serves everything: questions to the vendor, backing off, overdue submissions, lost
queue entries. The claim moves it ahead, and that is the lease: whoever comes later finds nothing
due, and what a dead watcher had claimed is due again once the lease is over (invariant 4).
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import ApiKey
from studio.renders import collecting, credentials, lifecycle, queueing
from studio.renders.credentials import NoUsableKey
from studio.renders.lifecycle import AT_VENDOR, IllegalTransition, Status, advance
from studio.renders.models import Take
from studio.renders.submission import LOST_AFTER

# One question may take this long; the lease is longer, or two would ask at once.
QUESTION_TOTAL_S = 15.0
LEASE = timedelta(seconds=QUESTION_TOTAL_S + 5)
_KEY_LOOKED_AT_EVERY = timedelta(seconds=5)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """One GET to make. `task_id` may be a webhook's hint. The repr shows no key."""

    take: Take
    key: ApiKey
    secret: str = field(repr=False)
    task_id: str


def questions_due(limit: int) -> list[Question]:
    """Claim up to `limit` due takes; see to those that need no question, return the others'."""
    found = (_question_for(take) for take in _claimed(limit))
    return [question for question in found if question is not None]


def release(take_ids: Collection[int]) -> None:
    """Make takes due at once whose questions were broken off."""
    Take.objects.filter(pk__in=take_ids, next_poll_at__isnull=False).update(
        next_poll_at=timezone.now()
    )


def _claimed(limit: int) -> list[Take]:
    now = timezone.now()
    due = Take.objects.filter(next_poll_at__lte=now).order_by("next_poll_at")
    if not due.exists():  # looking takes no write lock, and mostly there is nothing
        return []
    with transaction.atomic():
        # SQLite has one writer at a time (BEGIN IMMEDIATE); elsewhere rows in work are skipped.
        rows = due.select_for_update(skip_locked=True).values_list("pk", flat=True)
        claimed = list(rows[:limit])
        Take.objects.filter(pk__in=claimed).update(next_poll_at=now + LEASE)
    return list(
        Take.objects.filter(pk__in=claimed).select_related("workspace", "api_key").order_by("pk")
    )


def _question_for(take: Take) -> Question | None:
    """Do what a due take needs. One that makes trouble must not stop the others."""
    try:
        if take.status in AT_VENDOR:
            return _asking(take, take.vendor_task_id)
        if take.status == Status.UNCERTAIN and take.candidate_task_id:
            return _asking(take, take.candidate_task_id)
        _see_to(take)
    except IllegalTransition:
        pass  # it has moved on by itself
    except Exception:
        log.exception("Take %s could not be seen to; it is tried again.", take.pk)
    return None


def _asking(take: Take, task_id: str) -> Question | None:
    try:
        key = credentials.key_to_ask(take)
        return Question(take, key, credentials.secret_of(key), task_id)
    except NoUsableKey as missing:
        lifecycle.hold(take, missing.waits_for, timezone.now() + _KEY_LOOKED_AT_EVERY)
        return None


def _see_to(take: Take) -> None:
    now = timezone.now()
    match take.status:
        case Status.QUEUED:
            _wake_sender(take, now)
        case Status.SUBMITTING:
            _give_up_waiting(take)
        case Status.COLLECTING:
            _wake_collector(take, now)
        case _:
            # It needs a person, or nothing at all: not due again until something happens.
            Take.objects.filter(pk=take.pk, status=take.status).update(next_poll_at=None)


def _wake_sender(take: Take, now: datetime) -> None:
    if take.send_after is not None and take.send_after > now:
        lifecycle.hold(take, take.waits_for, take.send_after)
        return
    try:
        credentials.key_to_send(take.workspace)
    except NoUsableKey as missing:
        lifecycle.hold(take, missing.waits_for, now + _KEY_LOOKED_AT_EVERY)
        return
    with transaction.atomic():
        if lifecycle.hold(take, "a free worker", now + LOST_AFTER):
            queueing.wake_submission(take.pk)


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
        if lifecycle.hold(take, take.waits_for, now + collecting.LOST_AFTER):
            queueing.wake_collecting(take.pk)
