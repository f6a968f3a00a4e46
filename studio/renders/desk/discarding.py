"""Giving up a take after it was sent: "discard on arrival".

The vendor has no cancel, so that the render goes on there and may be billed. What is given up is
its result: when Transend reports it finished, nothing is fetched. Until then it can be taken back.
"""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders import failures
from studio.renders.lifecycle import AT_VENDOR, Status, advance, remark
from studio.renders.models import Take, TakeEvent

_MAY_BE_BILLED = "It may be billed."


class TooLate(Exception):
    """The take is not at Transend any more, or not yet; the message says which, and what to do."""


def discard(take: Take, actor: User) -> Take:
    """Fetch nothing when this take's render arrives. Raises `TooLate`.

    The caller has checked `can.RENDER`.
    """
    says = f"{actor} will have it discarded on arrival. {_MAY_BE_BILLED}"
    return _marked(take, actor, "take.discarded", says, was_discarded=False)


def keep_after_all(take: Take, actor: User) -> Take:
    """Take `discard` back, as long as the render has not arrived. Raises `TooLate`."""
    says = f"{actor} keeps it after all."
    return _marked(take, actor, "take.kept_after_all", says, was_discarded=True)


def arrived(take: Take, **fields: Any) -> bool:
    """End a take that was discarded, now that its render has arrived; False for any other.

    Call it inside a transaction, and collect in the same one when it returns False: the row stays
    locked, so that nobody discards it in between. `fields` are written with the status. Raises
    `IllegalTransition` as `advance` does.
    """
    now = Take.objects.select_for_update(of=("self",)).get(pk=take.pk)
    if now.discarded_at is None:
        return False
    says = f"Discarded on arrival, as {who_discarded(now)} asked. {_MAY_BE_BILLED}"
    trouble = failures.CLEARED | {
        "error_kind": failures.DISCARDED,
        "error_says": says,
        "error_resolution": "Nothing was fetched. Press Render to order another take.",
    }
    advance(take, Status.FAILED, says=says, **{**fields, **trouble})
    return True


def who_discarded(take: Take) -> str:
    """The name of the person who gave the take up last."""
    deeds = TakeEvent.objects.filter(take=take, actor__isnull=False, at__gte=take.discarded_at)
    event = deeds.select_related("actor").order_by("number").first()
    return str(event.actor) if event else "somebody"


def _marked(take: Take, actor: User, action: str, says: str, *, was_discarded: bool) -> Take:
    with transaction.atomic():
        now = timezone.now()
        row = Take.objects.filter(
            pk=take.pk, status__in=AT_VENDOR, discarded_at__isnull=not was_discarded
        )
        if not row.update(discarded_at=None if was_discarded else now, changes=F("changes") + 1):
            raise TooLate(_why_not(take, was_discarded=was_discarded))
        remark(take, says, actor)
        audit.record(take.workspace, actor, action, str(take))
    return take


def _why_not(take: Take, *, was_discarded: bool) -> str:
    take.refresh_from_db()
    match take.status:
        case Status.QUEUED:
            return "It was not sent yet: cancel it instead, then nothing is billed."
        case Status.SUBMITTING:
            return "It is being sent this very moment. Try again in a few seconds."
        case Status.UNCERTAIN:
            return "Nobody knows yet whether Transend has it. Settle that first."
        case Status.SUBMITTED | Status.RUNNING | Status.STALLED:
            return (
                "It is kept already."
                if was_discarded
                else "It is already to be discarded on arrival."
            )
        case Status.FAILED if take.error_kind == failures.DISCARDED:
            return "It has arrived meanwhile, and was discarded."
        case Status.FAILED | Status.CANCELLED:
            return "It has ended meanwhile."
    return "It has arrived meanwhile: nothing was discarded."
