"""Settling: what a render has cost by the vendor's meter, in place of what was estimated.

The watcher sweeps up the takes whose `settle_at` has come and has each asked about. Asking changes
nothing and costs nothing, so that a question which is lost, or asked twice, does no harm. A meter
that does not tell in time is given up: the take then counts as estimated, and says so. A person may
have it asked once more.
"""

import logging
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User
from studio.lib.waking import enqueue
from studio.renders import lifecycle, queueing
from studio.renders.costs import notices
from studio.renders.costs.estimates import to_places
from studio.renders.costs.money import money
from studio.renders.lifecycle import Status
from studio.renders.models import Exchange, Take
from studio.renders.sending import credentials
from studio.renders.support import exchanges
from studio.transend import errors
from studio.transend.client import TransendClient
from studio.transend.mentioned import Metered

MAX_ATTEMPTS = 10
FIRST_WAIT = timedelta(minutes=1)
# Longer than a question may take, and than it usually lies in the queue.
LEASE = timedelta(minutes=5)
_AT_ONCE = 50
_TOTAL_S = 20.0

# What the vendor has done with, so that its meter can tell.
_RENDERED = (Status.COLLECTING, Status.UNCOLLECTED, Status.READY, Status.FAILED)

log = logging.getLogger(__name__)


class NotAsked(Exception):
    """The meter cannot be asked again about a take; the message says why."""


def sweep() -> int:
    """Have every take asked about whose time has come; return how many. Any number may sweep."""
    now = timezone.now()
    due = Take.objects.filter(settle_at__lte=now).exclude(vendor_task_id="")
    if not settings.TRANSEND_METERS_PATH:
        # Whoever switches the meter on later gets what is rendered from then on.
        return due.update(settle_at=None) if due.exists() else 0
    woken = 0
    for pk, settle_at in due.order_by("settle_at").values_list("pk", "settle_at")[:_AT_ONCE]:
        with transaction.atomic():
            if Take.objects.filter(pk=pk, settle_at=settle_at).update(settle_at=now + LEASE):
                enqueue("studio.renders.tasks.settle_cost", pk, queueing.LONG)
                woken += 1
    return woken


def may_be_asked_again(take: Take) -> bool:
    """Whether asking was given up, or never begun, though the meter could tell by now."""
    is_open = take.actual is None and take.settle_at is None and bool(take.vendor_task_id)
    return bool(settings.TRANSEND_METERS_PATH) and is_open and take.status in _RENDERED


def ask_again(take: Take, actor: User) -> None:
    """Have the meter asked about a take that it was given up for, at the next sweep.

    That is one more round of questions, ever less often; until it is over, nobody begins another:
    however often people press, the vendor is not asked more. The caller has checked `can.RESOLVE`.
    Raises `NotAsked`.
    """
    if not settings.TRANSEND_METERS_PATH:
        raise NotAsked("Transend's meter is not set up here. An operator sets its path.")
    with transaction.atomic():
        unsettled = Take.objects.filter(
            pk=take.pk, actual=None, settle_at=None, status__in=_RENDERED
        ).exclude(vendor_task_id="")
        if not unsettled.update(settle_at=timezone.now(), settle_attempts=0):
            take.refresh_from_db()
            raise NotAsked(_why_not(take))
        lifecycle.remark(take, f"{actor} had Transend's meter asked again.", actor)
        audit.record(take.workspace, actor, "take.meter_asked_again", str(take))


def _why_not(take: Take) -> str:
    if take.actual is not None:
        return "It is metered already."
    if take.settle_at is not None:
        return "The meter is being asked already, ever less often until it tells."
    return "There is no finished render whose cost could be asked for."


def settle(take_id: int) -> None:
    """Ask the meter about one take; leave quietly when it is not, or no longer, to be settled."""
    take = _claimed(take_id)
    if take is None:
        return
    if take.settle_attempts > MAX_ATTEMPTS:
        # Only a worker that dies each time gets here.
        _put_off(take, "Asking ended without a word each time.")
        return
    try:
        metered = _asked(take)
    except credentials.NoUsableKey as missing:
        _put_off(take, missing.says)
    except errors.TransendError as problem:
        exchanges.note(take, Exchange.What.METER, problem)
        _put_off(take, problem.says)
    else:
        _record(take, metered)


def _claimed(take_id: int) -> Take | None:
    take = (
        Take.objects.select_related("workspace", "project", "api_key")
        .filter(pk=take_id, settle_at__isnull=False)
        .first()
    )
    if take is None or not settings.TRANSEND_METERS_PATH:
        return None
    mine = _row(take).update(
        settle_attempts=F("settle_attempts") + 1, settle_at=timezone.now() + LEASE
    )
    take.settle_attempts += 1
    return take if mine else None


def _asked(take: Take) -> Metered:
    secret = credentials.secret_of(credentials.key_to_ask(take))
    with TransendClient(
        settings.TRANSEND_BASE_URL,
        secret,
        total_s=_TOTAL_S,
        meters_path=settings.TRANSEND_METERS_PATH,
    ) as vendor:
        return vendor.meter(take.vendor_task_id)


def _record(take: Take, metered: Metered) -> None:
    """Write down what it cost, and tell whom a budget concerns."""
    told = money(metered.amount, metered.currency)
    settled = {
        "actual": to_places(metered.amount),
        "currency": metered.currency,
        "metered": [{"id": shot.id, "amount": str(shot.amount)} for shot in metered.shots],
        "settle_at": None,
    }
    is_comparable = take.currency in ("", metered.currency)
    if not is_comparable:
        settled |= {"estimate": None, "earlier_estimate": None}
    with transaction.atomic():
        if not _row(take).update(changes=F("changes") + 1, **settled):
            return
        exchanges.keep([_evidence(take, metered, told)])
        if not is_comparable:
            estimated = (take.estimate or Decimal(0)) + (take.earlier_estimate or Decimal(0))
            estimate = money(estimated, take.currency)
            lifecycle.remark(
                take,
                f"Transend's meter says {told}, where {estimate} was estimated: in another "
                f"currency. It counts in {metered.currency} from here on.",
            )
        notices.announce_budgets(take.project, take.created_at.date())


def _evidence(take: Take, metered: Metered, told: str) -> Exchange:
    return Exchange(
        take=take,
        what=Exchange.What.METER,
        status=200,
        says=f"Transend's meter says {told}.",
        body=", ".join(f"{shot.id or 'film'}: {shot.amount}" for shot in metered.shots)[:500],
    )


def _put_off(take: Take, says: str) -> None:
    """Ask again later, ever less often; at last give up and say so."""
    if take.settle_attempts < MAX_ATTEMPTS:
        wait = FIRST_WAIT * 2 ** (take.settle_attempts - 1)
        _row(take).update(settle_at=timezone.now() + wait)
        return
    log.warning("Take %s was not metered: %s", take.pk, says)
    with transaction.atomic():
        if _row(take).update(settle_at=None):
            lifecycle.remark(take, f"Not metered: it counts as estimated. {says}")


def _row(take: Take) -> QuerySet[Take]:
    """The take while it is as we claimed it: a later question may have begun meanwhile."""
    return Take.objects.filter(
        pk=take.pk, settle_at__isnull=False, settle_attempts=take.settle_attempts
    )
