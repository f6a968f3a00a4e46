"""What one take costs, in a sentence and as plain data."""

from decimal import Decimal
from typing import Any

from studio.renders.costs import spending
from studio.renders.costs.money import money
from studio.renders.lifecycle import IN_FLIGHT
from studio.renders.models import Take


def cost_in_words(take: Take) -> str:
    """Such as `3.00 USD, metered`, with what is still open; `no rate set` where nobody can tell."""
    parts = spending.priced(Take.objects.filter(pk=take.pk)).values_list("cost_parts", flat=True)
    cost = parts.get()
    if cost is None:
        return "no rate set"
    amount = money(spending.amount(cost), take.currency)
    if take.earlier_billable:
        return f"up to {amount}: {_each_time(take, spending.amount(cost))}"
    if take.billable > 1:
        return f"up to {amount}: it was sent {_times(take.billable)}, and each may be billed"
    if take.actual is not None:
        return f"{amount}, metered"
    if not cost and not take.billable:
        return "nothing"
    if take.status in IN_FLIGHT:
        return f"about {amount}, reserved"
    return f"about {amount}, {'not metered yet' if take.settle_at else 'not metered'}"


def cost_as_data(take: Take) -> dict[str, Any]:
    """What is known of a take's cost; amounts are decimals as text."""
    return {
        "estimate": _text(take.estimate),
        "earlier_estimate": _text(take.earlier_estimate),
        "actual": _text(take.actual),
        "currency": take.currency or None,
        "billable": take.billable,
    }


def _each_time(take: Take, cost: Decimal) -> str:
    """What it may cost to have been sent before, and what it does to have been sent again."""
    earlier = take.earlier_estimate
    before = "an unknown sum" if earlier is None else money(earlier, take.currency)
    says = f"{before} may be billed for sending it before"
    again = cost - (earlier or 0)
    if take.actual is not None:
        return f"{says}, and {money(take.actual, take.currency)} was metered"
    return (
        f"{says}, and about {money(again, take.currency)} for sending it again" if again else says
    )


def _text(amount: Any) -> str | None:
    return None if amount is None else f"{amount:f}"


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"
