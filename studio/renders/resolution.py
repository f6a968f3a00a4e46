"""What a person can decide about a take whose outcome is unknown.

The caller has checked `can.RESOLVE`. Every decision is in the audit log, for each may cost money.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders import failures, queueing
from studio.renders.costs import budgets, estimates, notices
from studio.renders.costs.estimates import Estimate
from studio.renders.costs.money import money
from studio.renders.lifecycle import Status, advance
from studio.renders.models import Take
from studio.renders.payloads import Damaged, scenes_of
from studio.renders.sending import credentials, desks
from studio.renders.sending.durability import durable
from studio.renders.sending.posting import NEWS_WITHIN
from studio.transend import errors
from studio.transend.answers import is_task_id
from studio.transend.client import TransendClient

DAMAGED = (
    "Its stored payload is damaged, so that it cannot be sent again. Settle it in one of the other "
    "ways, or ask an operator to restore it from a backup."
)
# For so long after a webhook has named a task nobody decides without knowing whether it is true:
# that takes a question, and a few more where the vendor is in trouble.
HINT_LOOKED_INTO = timedelta(minutes=2)
_ASK_TOTAL_S = 10.0


class NotResolved(Exception):
    """The decision could not be carried out; the message says why, and what to do."""


def confirm_task_id(take: Take, task_id: str, actor: User) -> Take:
    """The render exists: ask Transend about `task_id` and follow it from here.

    Raises `NotResolved` when Transend does not confirm it, `IllegalTransition`.
    """
    task_id = task_id.strip()
    if not is_task_id(task_id):
        raise NotResolved("Paste the task's id from the Transend console, such as task_abc123.")
    _ask_about(take, task_id)
    return recover(take, task_id, says=f"{actor} named the task; Transend knows it.", actor=actor)


def not_created(take: Take, actor: User) -> Take:
    """The render does not exist: the take has failed.

    Raises `IllegalTransition`, and `NotResolved` while a webhook's word for it is looked into.
    """
    with transaction.atomic():
        _require_no_fresh_hint(take)
        says = f"{actor} looked at Transend: the render was not created."
        advance(
            take,
            Status.FAILED,
            expect=Status.UNCERTAIN,
            attempt=take.attempts,
            says=says,
            actor=actor,
            billable=Greatest(F("billable") - 1, 0),
            **failures.CLEARED
            | {
                "error_kind": "not_created",
                "error_says": says,
                "error_resolution": "Press Render to order another take.",
            },
        )
        audit.record(take.workspace, actor, "take.resolved", str(take), outcome="not created")
    return take


def price_of_sending_again(take: Take) -> Estimate | None:
    """What another render of the take costs by today's rate; None where no rate is set.

    Raises `Damaged`: what is not there any more cannot be sent.
    """
    return estimates.estimate_of(take.workspace, take.duration_ms, len(scenes_of(take.payload)))


def send_again(take: Take, actor: User, *, price_seen: str | None = None) -> Take:
    """Send it once more, though the first may exist and be billed.

    It is reserved by today's rate and what may be billed already stays counted as it was, both in
    the month in which the take was ordered. `price_seen` is today's price that the person looked
    at, in words, empty where there was none; None: not looked at. Raises `IllegalTransition`, and
    `NotResolved` where a budget's hard stop would not hold, the price is another by now, or a
    webhook's word that it exists is looked into.
    """
    with transaction.atomic():
        price = _price_agreed(take, price_seen)
        _require_no_fresh_hint(take)
        says = f"{actor} had it sent again, knowing that it may cost twice."
        before = _sum_before(take)
        advance(
            take,
            Status.QUEUED,
            expect=Status.UNCERTAIN,
            attempt=take.attempts,  # what may be billed is counted from the take as it was read
            says=f"{says} {_uncounted(take, before, price)}".strip(),
            actor=actor,
            candidate_task_id="",
            send_after=None,
            next_poll_at=None,
            **failures.CLEARED,
            **_priced_anew(take, before, price),
        )
        audit.record(
            take.workspace,
            actor,
            "take.resolved",
            str(take),
            outcome="sent again",
            estimate=str(price) if price else "no rate set",
        )
        notices.announce_budgets(take.project, take.created_at.date())
        queueing.wake_submission(take.pk)
    return take


def recover(take: Take, task_id: str, *, says: str, actor: User | None = None) -> Take:
    """Follow the task that Transend has confirmed. Raises `NotResolved` if another take has it."""
    now = timezone.now()
    try:
        with durable():
            advance(
                take,
                Status.SUBMITTED,
                expect=Status.UNCERTAIN,
                says=says,
                actor=actor,
                vendor_task_id=task_id,
                candidate_task_id="",
                submitted_at=now,
                deadline_at=now + NEWS_WITHIN,
                next_poll_at=now + timedelta(seconds=0.1),
                **failures.CLEARED,
            )
            audit.record(take.workspace, actor, "take.resolved", str(take), outcome=task_id)
    except IntegrityError:
        raise NotResolved(
            "Another take already has this task. Paste the id of the render that belongs to this "
            "one."
        ) from None
    return take


def _require_no_fresh_hint(take: Take) -> None:
    """Raises `NotResolved` while Transend is asked about the task that it has just named: that is
    the film, most likely. The row stays locked, so that no webhook names one in between."""
    held = Take.objects.select_for_update(of=("self",), no_key=True).get(pk=take.pk)
    if held.status != Status.UNCERTAIN or not held.candidate_task_id:
        return
    said = held.deliveries.filter(candidate_task_id=held.candidate_task_id)
    if said.filter(received_at__gt=timezone.now() - HINT_LOOKED_INTO).exists():
        raise NotResolved(
            f"Transend's webhook has just named the task {held.candidate_task_id} for this take, "
            "and Shotboard is asking about it. Wait a moment, then look again."
        )


def _price_agreed(take: Take, price_seen: str | None) -> Estimate | None:
    """Today's price, which the person has seen and the budgets allow. Raises `NotResolved`."""
    desks.locked(take.workspace)  # as an order does: two never spend the same remainder
    try:
        price = price_of_sending_again(take)
    except Damaged:
        raise NotResolved(DAMAGED) from None
    if price_seen is not None and price_seen != (str(price) if price else ""):
        raise NotResolved(
            "The price has changed since you looked: see what it costs by now, then decide."
        )
    if refusals := budgets.refusals(take.project, price, take.created_at.date()):
        raise NotResolved(" ".join(refusal.says for refusal in refusals))
    return price


def _sum_before(take: Take) -> Decimal | None:
    """What may be billed for all that was sent so far; None where no rate was ever set."""
    if take.estimate is None:
        return take.earlier_estimate
    sent = max(take.billable - take.earlier_billable, 0)
    return (take.earlier_estimate or Decimal(0)) + take.estimate * sent


def _priced_anew(take: Take, before: Decimal | None, price: Estimate | None) -> dict[str, Any]:
    """The take's price columns. With no rate today, the one it was ordered by goes on counting."""
    if price is None:
        return {}
    return {
        "estimate": price.amount,
        "currency": price.currency,
        "earlier_billable": take.billable,
        "earlier_estimate": before if take.currency in ("", price.currency) else None,
    }


def _uncounted(take: Take, before: Decimal | None, price: Estimate | None) -> str:
    """Sums in two currencies are not added: what is left out is told."""
    if not before or price is None or take.currency == price.currency:
        return ""
    return (
        f"{money(before, take.currency)} may be billed from before: it is in another currency and "
        f"not counted. The take counts in {price.currency} from here on."
    )


def _ask_about(take: Take, task_id: str) -> None:
    try:
        key = credentials.key_to_ask(take)
        secret = credentials.secret_of(key)
    except credentials.NoUsableKey as missing:
        raise NotResolved(missing.says) from missing
    with TransendClient(settings.TRANSEND_BASE_URL, secret, total_s=_ASK_TOTAL_S) as vendor:
        try:
            vendor.get_task(task_id)
        except errors.NotFound:
            raise NotResolved(
                f"Transend does not know the task {task_id} under this workspace's API key. "
                "Copy the id once more from the Transend console."
            ) from None
        except errors.TransendError as problem:
            raise NotResolved(f"{problem.says} Try again in a minute.") from problem
