"""Collecting: both finished files into the vault, restartable at every step, never a new render.

Whatever goes wrong, the render itself stays at the vendor (for 24 hours; document, section Task
Lifecycle). What may pass is tried again by itself; then, or for good reasons at once, the take is
`uncollected` and a person may have it collected again.
"""

import logging
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User
from studio.pictures.errors import Unacceptable
from studio.renders import evidence, failures, lifecycle, queueing
from studio.renders.collecting import leases, leftovers, parts, retention_at_vendor
from studio.renders.collecting.links import FreshLinks
from studio.renders.lifecycle import IllegalTransition, Status, advance
from studio.renders.models import Exchange, Take
from studio.renders.sending.credentials import NoUsableKey
from studio.renders.support import exchanges
from studio.transend import errors
from studio.transend.retries import backoff_s
from studio.vault import storing

MAX_ATTEMPTS = 10
# A refused file mostly is what it is; yet the probe also refuses when the machine kills its child.
_TRIES_WITH_A_REFUSED_FILE = 2
_LONGEST_WAIT_S = 60.0

What = Exchange.What
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trouble:
    """Why a take could not be collected just now, and how often that may be tried in all."""

    fields: dict[str, Any]
    waits_for: str
    tries: int


def collect(take_id: int) -> None:
    """Collect one take; leave quietly if it is not to be collected, or another does it."""
    take = leases.claimed(take_id)
    if take is None:
        return
    trouble: Trouble | None
    if take.collect_attempts > MAX_ATTEMPTS:
        # Only a collector that dies each time gets here: the others give up in `_settle`.
        trouble = _trouble("collector_lost", "Collecting ended without a word each time.")
    else:
        with leases.kept_up(take):
            trouble = _attempted(take)
    try:
        _settle(take, trouble)
    except IllegalTransition:
        log.info("Take %s was settled by another collector.", take_id)


def collect_again(take: Take, actor: User) -> Take:
    """Try once more to collect a finished render. Raises `IllegalTransition`.

    Not after retention deleted what had been collected: half of a take is none.
    """
    with transaction.atomic():
        held = Take.objects.select_for_update(no_key=True).get(pk=take.pk)
        if held.files_deleted_at is not None:
            status = Status(held.status)
            raise IllegalTransition(take.pk, status, Status.COLLECTING, status)
        advance(
            take,
            Status.COLLECTING,
            expect=Status.UNCOLLECTED,
            says=f"{actor} had it collected again.",
            actor=actor,
            collect_attempts=0,
            leased_until=None,
            next_poll_at=timezone.now() + queueing.COLLECTING_LOST_AFTER,
            **failures.CLEARED,
        )
        audit.record(take.workspace, actor, "take.collected_again", str(take))
        queueing.wake_collecting(take.pk)
    return take


def _attempted(take: Take) -> Trouble | None:
    """Have every part, or say why not."""
    try:
        with storing.incoming() as folder, leftovers.pieces_of(take) as pieces:
            parts.ensure(parts.Workshop(take, FreshLinks(take), folder, pieces))
    except errors.TransendError as problem:
        is_file = isinstance(problem, errors.CollectingError)
        exchanges.note(take, What.DOWNLOAD if is_file else What.TASK, problem)
        return _from_vendor(problem)
    except Unacceptable as problem:
        return _trouble(
            "unacceptable_file",
            f"Transend's file was refused. {problem}",
            waits_for="a second look at the finished files: the first one refused them",
            tries=_TRIES_WITH_A_REFUSED_FILE,
        )
    except NoUsableKey as problem:
        return _trouble("no_key", problem.says, waits_for=problem.waits_for)
    except (storing.NotKept, OSError) as problem:
        log.warning("Take %s could not be stored: %s", take.pk, problem)
        says = str(problem) if isinstance(problem, storing.NotKept) else storing.why_not(problem)
        return _trouble("not_kept", says, waits_for="room and health of the vault's disk")
    except Exception:
        log.exception("Collecting take %s failed in a way nobody foresaw.", take.pk)
        return _trouble(
            "unforeseen", "Something broke on our side.", waits_for="another try at collecting"
        )
    return None


def _from_vendor(problem: errors.TransendError) -> Trouble:
    # A question costs nothing and a link can be had anew: only a refusal of the file is final.
    is_final = isinstance(problem, errors.ForbiddenAddress) or (
        isinstance(problem, errors.DownloadFailed) and not problem.is_repeatable
    )
    return Trouble(
        failures.fields_of(problem), _waits_for(problem), 1 if is_final else MAX_ATTEMPTS
    )


def _waits_for(problem: errors.TransendError) -> str:
    if isinstance(problem, errors.LinkMissing):
        return f"a readable link to {problem.what}: Transend is asked for it again"
    if isinstance(problem, errors.CollectingError):
        return "the finished files: fetching them failed, which is tried again"
    return failures.waits_for(problem)


def _trouble(kind: str, says: str, *, waits_for: str = "", tries: int = MAX_ATTEMPTS) -> Trouble:
    fields = failures.CLEARED | {
        "error_kind": kind,
        "error_says": says,
        "error_resolution": "Press “Collect again”; nothing is rendered or paid for anew.",
    }
    return Trouble(fields, waits_for, tries)


def _settle(take: Take, trouble: Trouble | None) -> None:
    now = timezone.now()
    if trouble is None:
        says = "Preview and video are in the vault."
        with transaction.atomic():
            advance(
                take,
                Status.READY,
                expect=Status.COLLECTING,
                collect_attempt=take.collect_attempts,
                says=says,
                leased_until=None,
                **failures.CLEARED,
            )
            evidence.accepted(take)
        leftovers.forget(take)
    elif take.collect_attempts < trouble.tries:
        wait_s = min(backoff_s(take.collect_attempts - 1, random=random.random), _LONGEST_WAIT_S)
        due = now + timedelta(seconds=wait_s)
        lifecycle.hold(
            take,
            trouble.waits_for,
            due,
            expect=Status.COLLECTING,
            collect_attempt=take.collect_attempts,
            leased_until=due,
            **trouble.fields,
        )
    else:
        advance(
            take,
            Status.UNCOLLECTED,
            expect=Status.COLLECTING,
            collect_attempt=take.collect_attempts,
            says=str(trouble.fields["error_says"]),
            leased_until=None,
            next_poll_at=retention_at_vendor.due_at(take, now),
            **trouble.fields,
        )
