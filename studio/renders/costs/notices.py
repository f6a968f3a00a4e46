"""Telling admins and producers that a budget nears its end, or has reached it."""

from datetime import date

from django.urls import reverse

from studio.accounts.models import Role
from studio.inbox.models import Kind
from studio.inbox.outbox import announce
from studio.renders.costs.budgets import BudgetStanding, standings
from studio.renders.costs.money import money
from studio.storyboards.models import Project

_TOLD = (Role.ADMIN, Role.PRODUCER)


def announce_budgets(project: Project, on: date | None = None) -> None:
    """Tell of each budget of a project that has come to its warning level or its end.

    Each is told once a month and level. `on` is a day of the month meant, default today. Call it
    in the transaction that changed what is spent.
    """
    for standing in standings(project, on):
        if standing.is_exhausted:
            _announce(standing, Kind.BUDGET_REACHED, _reached(standing))
        elif standing.is_warned:
            _announce(standing, Kind.BUDGET_WARNED, _warned(standing))


def _announce(standing: BudgetStanding, kind: Kind, says: str) -> None:
    workspace = standing.budget.workspace
    announce(
        workspace,
        kind,
        says,
        key=f"{kind}:{standing.budget.pk}:{standing.month}",
        url=reverse("renders:costs", args=[workspace.slug]),
        roles=_TOLD,
    )


def _warned(standing: BudgetStanding) -> str:
    return (
        f"{standing.percent} % of {_whole(standing)}, is used: "
        f"{money(standing.left, standing.budget.currency)} is left."
    )


def _reached(standing: BudgetStanding) -> str:
    then = (
        "Renders are refused until an admin raises it or the month is over."
        if standing.budget.is_hard
        else "Renders go on: it is no hard stop."
    )
    return f"Nothing is left of {_whole(standing)}. {then}"


def _whole(standing: BudgetStanding) -> str:
    budget = standing.budget
    whole = money(budget.amount, budget.currency)
    return f"{whole}, the budget of {standing.whose} for {standing.month.in_words}"
