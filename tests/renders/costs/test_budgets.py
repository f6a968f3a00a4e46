"""What is left of a month's budgets, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.renders.costs import budgets
from studio.renders.costs.estimates import estimate_of
from studio.renders.costs.money import money
from studio.renders.lifecycle import IN_FLIGHT, Status
from studio.renders.models import Budget, Take

DAY = date(2026, 11, 22)
AMOUNTS = st.decimals(0, 9_999_999_999, places=4)


@st.composite
def takes(draw):
    return {
        "status": draw(st.sampled_from(list(Status))),
        "billable": draw(st.integers(0, 3)),
        "currency": draw(st.sampled_from(["USD", "EUR", ""])),
        "estimate": draw(st.none() | AMOUNTS),
        "earlier_billable": draw(st.integers(0, 2)),
        "earlier_estimate": draw(st.none() | AMOUNTS),
        "actual": draw(st.none() | AMOUNTS),
        "created_at": draw(
            st.sampled_from(
                [
                    datetime(2026, 10, 31, 23, 59, 59, 999999, tzinfo=UTC),
                    datetime(2026, 11, 1, tzinfo=UTC),
                    datetime(2026, 11, 30, 23, 59, 59, 999999, tzinfo=UTC),
                    datetime(2026, 12, 1, tzinfo=UTC),
                ]
            )
        ),
    }


def by_hand(take):
    """What a take costs, worked out in words of its own; None when nobody can tell."""
    renders = take["billable"]
    if take["status"] == Status.QUEUED:
        renders += 1
    elif take["status"] in IN_FLIGHT or take["status"] == Status.READY:
        renders = max(renders, 1)
    earlier, now = take["earlier_estimate"] or 0, renders - take["earlier_billable"]
    if take["actual"] is not None:
        return take["actual"] + earlier + (take["estimate"] or 0) * max(now - 1, 0)
    if not renders:
        return Decimal(0)
    return None if take["estimate"] is None else earlier + take["estimate"] * max(now, 0)


@given(st.lists(takes(), max_size=8))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_spent_and_reserved_are_the_sum_by_hand(project, make_take, budget, given):
    Take.objects.all().delete()
    for take in given:
        make_take(**take)
    [standing] = budgets.standings(project, DAY)
    ours = [take for take in given if take["currency"] == "USD" and take["created_at"].month == 11]
    reserved = [t for t in ours if t["status"] in IN_FLIGHT and t["actual"] is None]
    spent = [t for t in ours if t not in reserved]
    assert standing.reserved == sum((by_hand(take) or 0 for take in reserved), Decimal(0))
    assert standing.spent == sum((by_hand(take) or 0 for take in spent), Decimal(0))
    assert standing.left == 10 - standing.spent - standing.reserved
    in_month = [take for take in given if take["created_at"].month == 11]
    assert standing.unpriced == [by_hand(take) for take in in_month].count(None)


@pytest.mark.parametrize(
    ("status", "billable", "costs"),
    [
        ("queued", 0, 3), ("queued", 1, 6), ("submitting", 1, 3), ("uncertain", 1, 3),
        ("uncertain", 2, 6), ("running", 1, 3), ("ready", 1, 3), ("ready", 2, 6),
        ("failed", 1, 3), ("failed", 0, 0), ("cancelled", 0, 0), ("cancelled", 1, 3),
    ],
)  # fmt: skip
def test_a_take_costs_what_may_be_billed(project, make_take, budget, status, billable, costs):
    make_take(status=status, billable=billable)
    [standing] = budgets.standings(project, DAY)
    assert standing.used == costs


def test_a_settled_take_costs_what_was_metered(project, make_take, budget):
    make_take(actual=Decimal("2.5"))
    make_take(status="failed", actual=Decimal(0))
    [standing] = budgets.standings(project, DAY)
    assert (standing.spent, standing.reserved) == (Decimal("2.5"), 0)


def test_what_is_metered_of_a_take_sent_twice_is_one_of_two(project, make_take, budget):
    make_take(billable=2, actual=Decimal("2.5"))
    [standing] = budgets.standings(project, DAY)
    assert standing.spent == Decimal("5.5")


def test_a_projects_budget_counts_its_own_takes(project, make_take, budget, other_project):
    own = Budget.objects.create(
        workspace=project.workspace, project=project, currency="USD", amount=Decimal(5)
    )
    make_take()
    make_take(of=other_project, estimate=Decimal(2))
    whole, part = budgets.standings(project, DAY)
    assert (whole.budget, whole.left) == (budget, 5)
    assert (part.budget, part.left, part.percent) == (own, 2, 60)
    assert [standing.budget for standing in budgets.standings(other_project, DAY)] == [budget]


def test_other_currencies_are_listed_apart(project, make_take, budget):
    make_take(currency="EUR", estimate=Decimal(4))
    [standing] = budgets.standings(project, DAY)
    assert standing.used == 0
    assert [(other.currency, other.total) for other in standing.elsewhere] == [("EUR", 4)]


@pytest.mark.parametrize(
    ("used", "is_warned", "is_exhausted"),
    [("7.9999", False, False), ("8", True, False), ("9.9999", True, False), ("10", True, True),
     ("11", True, True)],
)  # fmt: skip
def test_warned_at_the_level_and_exhausted_at_the_end(
    project, make_take, budget, used, is_warned, is_exhausted
):
    make_take(actual=Decimal(used))
    [standing] = budgets.standings(project, DAY)
    assert (standing.is_warned, standing.is_exhausted) == (is_warned, is_exhausted)


def test_a_budget_of_nothing_is_used_up(project, budget):
    Budget.objects.update(amount=0)
    [standing] = budgets.standings(project, DAY)
    assert (standing.percent, standing.is_exhausted) == (100, True)


def refused(project, duration_ms=30_000):
    estimate = estimate_of(project.workspace, duration_ms, 2)
    return [problem.says for problem in budgets.refusals(project, estimate)]


def test_what_is_left_may_be_spent_to_the_last_cent(project, make_take, budget, rate, now):
    make_take(created_at=now, actual=Decimal(7))
    assert refused(project) == []


def test_beyond_a_hard_stop_it_says_what_is_left_and_whom_to_ask(
    project, make_take, budget, rate, admin, now
):
    make_take(created_at=now, actual=Decimal("7.0001"))
    [says] = refused(project)
    assert "costs about 3.00 USD, but 2.9999 USD is left of 10.00 USD" in says
    assert "ask Admin (admin) to raise" in says


def test_a_soft_budget_refuses_nothing(project, make_take, budget, rate, now):
    Budget.objects.update(is_hard=False)
    make_take(created_at=now, actual=Decimal(70))
    assert refused(project) == []


def test_last_months_spending_does_not_count(project, make_take, budget, rate, now):
    make_take(created_at=now.replace(day=1) - timedelta(days=1), actual=Decimal(10))
    assert refused(project) == []


def test_a_hard_stop_without_a_rate_refuses(project, budget):
    [says] = refused(project)
    assert "no rate is set" in says


def test_a_rate_in_another_currency_refuses(project, budget, rate):
    Budget.objects.update(currency="EUR")
    [says] = refused(project)
    assert "in EUR and the rate in USD" in says


def test_without_budgets_nothing_is_refused(project):
    assert refused(project) == []


def test_the_queries_do_not_grow_with_takes(project, make_take, budget, django_assert_num_queries):
    for _ in range(2):
        make_take()
        with django_assert_num_queries(2):
            budgets.standings(project, DAY)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "0.00 USD"), ("1234.5", "1,234.50 USD"), ("0.1234", "0.1234 USD"),
     ("1.2300", "1.23 USD"), ("1.234", "1.234 USD"), ("-3", "−3.00 USD"),
     ("120000", "120,000.00 USD")],
)  # fmt: skip
def test_money_has_two_decimals_or_as_many_as_it_needs(amount, shown):
    assert money(Decimal(amount), "USD") == shown
