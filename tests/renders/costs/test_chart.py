"""The chart's geometry, and shares that add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.renders.costs.chart import HEIGHT, WIDTH, chart_of, round_up
from studio.renders.costs.months import Month
from studio.renders.costs.shots import share_out
from studio.renders.costs.spending import Spending

AMOUNTS = st.decimals(0, 10**12, places=4)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=12))
def test_every_bar_stands_on_the_floor_within_the_drawing(amounts):
    months = [
        (Month(2026, number), Spending("USD", spent, reserved))
        for number, (spent, reserved) in enumerate(amounts, start=1)
    ]
    chart = chart_of(months, "USD")
    for bar in chart.bars:
        assert bar.spent_y + bar.spent_height == chart.floor
        assert bar.reserved_y + bar.reserved_height == bar.spent_y
        assert 0 <= bar.reserved_y <= chart.floor
        assert chart.left <= bar.x
        assert bar.x + bar.width <= WIDTH
        assert bool(bar.spent_height) == bool(bar.spending.spent)
    assert chart.baseline < HEIGHT
    assert [line.y for line in chart.lines] == sorted(
        (line.y for line in chart.lines), reverse=True
    )


@pytest.mark.parametrize(
    ("amount", "top"),
    [("0", "1"), ("0.0003", "0.0004"), ("1", "1"), ("1.01", "2"), ("29.43", "40"), ("61", "80"),
     ("81", "100"), ("1000", "1000"), ("1000.0001", "2000")],
)  # fmt: skip
def test_the_top_is_a_round_amount(amount, top):
    assert round_up(Decimal(amount)) == Decimal(top)


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**9), min_size=1, max_size=60))
def test_shares_add_up_and_are_fair(parts, weights):
    shares = share_out(parts, weights)
    assert sum(shares) == parts
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        if whole:
            assert abs(share * whole - parts * weight) < whole


@pytest.mark.parametrize(
    ("month", "back", "expected"),
    [("2026-01", 1, "2025-12"), ("2026-11", 11, "2025-12"), ("2026-12", -1, "2027-01"),
     ("2026-11", 0, "2026-11")],
)  # fmt: skip
def test_months_follow_each_other_over_the_year(month, back, expected):
    assert str(Month.parse(month).back(back)) == expected


@given(st.integers(1, 9998), st.integers(1, 12))
def test_a_month_ends_where_the_next_begins(year, number):
    month = Month(year, number)
    assert month.end == month.back(-1).start
    assert month.back(-1).back(1) == month
