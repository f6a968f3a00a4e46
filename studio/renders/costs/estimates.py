"""What one render would cost by the workspace's rate card, if it has one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from studio.accounts.models import Workspace
from studio.renders.costs.money import money
from studio.renders.models import RateCard

PLACES = Decimal("0.0001")
"""Sums are kept to a ten-thousandth of the currency."""


@dataclass(frozen=True)
class Estimate:
    """The price of one render, and the rate that it follows from."""

    amount: Decimal
    currency: str
    rate: RateCard

    def __str__(self) -> str:
        return money(self.amount, self.currency)


def estimate_of(
    workspace: Workspace, duration_ms: int, shots: int, on: date | None = None
) -> Estimate | None:
    """What a render of so many shots costs when ordered on a day (UTC, default today).

    None where no rate is set for that day: a price is never invented.
    """
    rate = rate_on(workspace, on or today())
    if rate is None:
        return None
    amount = rate.per_second * duration_ms / 1000 + rate.per_shot * shots
    return Estimate(to_places(amount), rate.currency, rate)


def rate_on(workspace: Workspace, day: date) -> RateCard | None:
    """The rate that is valid on a day: the one that began last."""
    return workspace.rate_cards.filter(valid_from__lte=day).order_by("-valid_from").first()


def to_places(amount: Decimal) -> Decimal:
    """An amount as it is kept: to a ten-thousandth, half of one rounded up."""
    return amount.quantize(PLACES, ROUND_HALF_UP)


def today() -> date:
    """The day by which rates and budgets go, wherever the reader is: UTC."""
    return datetime.now(UTC).date()
