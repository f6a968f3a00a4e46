"""Having the vendor keep the files of a take that is not collected (document: "Signed URLs expire
after 24 hours; extend them with the asset retention API").

An uncollected take's due column says when that is to be asked; the watcher wakes a worker for it.
Without TRANSEND_RETENTION_PATH nothing is asked, and the page says until when the files are there.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.renders import lifecycle, queueing
from studio.renders.lifecycle import Status
from studio.renders.models import Exchange, Take
from studio.renders.sending import credentials
from studio.renders.support import exchanges
from studio.renders.wording import in_words
from studio.transend.client import TransendClient
from studio.transend.errors import TransendError

HOURS = 72
# Asked again while so much is left, and soon after a failure.
ASKED_WITH_LEFT = timedelta(hours=36)
AGAIN_AFTER_FAILURE = timedelta(minutes=30)
# A film that nobody has missed by then is let go.
LONGEST = timedelta(days=30)
_LEASE = timedelta(seconds=90)
_TOTAL_S = 30.0

log = logging.getLogger(__name__)


def due_at(take: Take, now: datetime) -> datetime | None:
    """When the vendor is to be asked to keep an uncollected take's files longer; None: never."""
    until = take.links_until
    if not settings.TRANSEND_RETENTION_PATH or until is None or until <= now:
        return None
    return max(until - ASKED_WITH_LEFT, now) if now < take.created_at + LONGEST else None


def see_to(take: Take, now: datetime) -> None:
    """Wake a worker for a take whose due column has come, or leave it alone until it is due."""
    due = due_at(take, now)
    if due is None or due > now:
        Take.objects.filter(pk=take.pk, status=Status.UNCOLLECTED).update(next_poll_at=due)
        return
    with transaction.atomic():
        until = now + queueing.COLLECTING_LOST_AFTER
        held = lifecycle.hold(take, take.waits_for, until, expect=Status.UNCOLLECTED)
        if held and not queueing.is_waiting(take):
            queueing.wake_extending(take.pk)


def extend(take_id: int) -> None:
    """Ask the vendor to keep one take's files longer; leave quietly if that is not due."""
    take = _claimed(take_id)
    if take is None:
        return
    try:
        until = _asked(take) or timezone.now() + timedelta(hours=HOURS)
    except credentials.NoUsableKey as missing:
        _put_off(take, missing.says)
    except TransendError as problem:
        exchanges.note(take, Exchange.What.RETENTION, problem)
        _put_off(take, problem.says)
    else:
        _record(take, until)


def _claimed(take_id: int) -> Take | None:
    """The take, leased; None when another asks already, or there is nothing to be asked."""
    now = timezone.now()
    take = (
        Take.objects.select_related("workspace", "api_key")
        .filter(Q(leased_until=None) | Q(leased_until__lte=now), pk=take_id)
        .filter(status=Status.UNCOLLECTED)
        .first()
    )
    if take is None or (due := due_at(take, now)) is None or due > now:
        return None
    before, take.leased_until = take.leased_until, now + _LEASE
    rows = Take.objects.filter(pk=take_id, status=Status.UNCOLLECTED, leased_until=before)
    ours = rows.update(leased_until=take.leased_until, next_poll_at=take.leased_until)
    return take if ours else None


def _asked(take: Take) -> datetime | None:
    secret = credentials.secret_of(credentials.key_to_ask(take))
    with TransendClient(
        settings.TRANSEND_BASE_URL,
        secret,
        total_s=_TOTAL_S,
        retention_path=settings.TRANSEND_RETENTION_PATH,
    ) as vendor:
        return vendor.extend_retention(take.vendor_task_id, HOURS)


def _record(take: Take, until: datetime) -> None:
    now = timezone.now()
    # A vendor that gives less than we asked for is not asked all the time.
    due = max(until - ASKED_WITH_LEFT, now + AGAIN_AFTER_FAILURE)
    _settle(take, f"Transend keeps its files until {in_words(until)}.", due, links_until=until)


def _put_off(take: Take, says: str) -> None:
    log.warning("The vendor was not brought to keep the files of take %s: %s", take.pk, says)
    due = timezone.now() + AGAIN_AFTER_FAILURE
    _settle(take, f"Transend could not be asked to keep its files longer. {says}", due)


def _settle(take: Take, says: str, due: datetime, **fields: datetime) -> None:
    """Write down what came of it, unless somebody collects the take by now."""
    ours = Take.objects.filter(
        pk=take.pk, status=Status.UNCOLLECTED, leased_until=take.leased_until
    )
    with transaction.atomic():
        if not ours.update(leased_until=None, next_poll_at=due, **fields):
            return
        newest = take.events.order_by("-number").first()
        if newest is None or newest.says != says[: lifecycle.MAX_SAYS]:
            lifecycle.remark(take, says)
