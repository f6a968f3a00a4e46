"""What a render would cost, by the rate of its day."""

from datetime import date
from decimal import Decimal

import pytest

from studio.renders.costs.estimates import estimate_of
from studio.renders.models import RateCard


def set_rate(workspace, per_second, per_shot="0", valid_from=date(2026, 1, 1), currency="USD"):
    return RateCard.objects.create(
        workspace=workspace,
        currency=currency,
        per_second=Decimal(per_second),
        per_shot=Decimal(per_shot),
        valid_from=valid_from,
    )


def test_without_a_rate_there_is_no_estimate(workspace):
    assert estimate_of(workspace, 30_000, 2) is None


@pytest.mark.parametrize(
    ("per_second", "per_shot", "duration_ms", "shots", "amount"),
    [
        ("0.1", "0", 30_000, 2, "3"),
        ("0.1", "0.25", 30_000, 2, "3.5"),
        ("0.3333", "0", 15_001, 1, "4.9998"),  # 4.9998333
        ("0.0001", "0", 15_500, 1, "0.0016"),  # 0.00155
        ("0", "0", 60_000, 9, "0"),
    ],
)
def test_seconds_and_shots_are_priced_exactly(
    workspace, per_second, per_shot, duration_ms, shots, amount
):
    rate = set_rate(workspace, per_second, per_shot)
    estimate = estimate_of(workspace, duration_ms, shots)
    assert (estimate.amount, estimate.currency, estimate.rate) == (Decimal(amount), "USD", rate)


def test_the_rate_that_began_last_is_valid_from_its_first_day(workspace, other_workspace):
    old = set_rate(workspace, "0.1", valid_from=date(2026, 1, 1))
    new = set_rate(workspace, "0.2", valid_from=date(2026, 6, 1), currency="EUR")
    set_rate(other_workspace, "9", valid_from=date(2026, 5, 1))
    days = {
        date(2025, 12, 31): None,
        date(2026, 1, 1): old,
        date(2026, 5, 31): old,
        date(2026, 6, 1): new,
        date(2027, 1, 1): new,
    }
    for day, rate in days.items():
        estimate = estimate_of(workspace, 15_000, 1, day)
        assert (estimate.rate if estimate else None) == rate
