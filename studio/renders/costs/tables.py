"""Where the money goes: by project, person, month and shot, and the last twelve months in a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncMonth

from studio.accounts.models import User
from studio.renders.costs import spending
from studio.renders.costs.months import Month
from studio.renders.costs.shots import by_shot
from studio.renders.costs.spending import Spending
from studio.renders.models import Take
from studio.storyboards.models import Project

MONTHS = 12
MOST_ROWS = 200
KINDS = {"project": "Project", "person": "Person", "month": "Month", "shot": "Shot"}


@dataclass(frozen=True)
class Row:
    """A line of a table: whose spending it is, more of that in `note`, and the spending."""

    name: str
    spending: Spending
    note: str = ""


def rows_by(kind: str, takes: QuerySet[Take]) -> list[Row]:
    """The takes' costs by one of `KINDS`, the dearest first; months with the newest first."""
    return _ROWS[kind](takes)


def in_all(takes: QuerySet[Take]) -> list[Spending]:
    """What takes cost in each currency, that with the most takes first."""
    found = spending.totals(takes).values()
    return sorted(found, key=lambda spent: (-spent.takes, spent.currency))


def by_month(takes: QuerySet[Take]) -> dict[Month, list[Spending]]:
    """What takes cost in each month that has any, by currency."""
    found: dict[Month, list[Spending]] = {}
    in_months = takes.annotate(_month=TruncMonth("created_at", tzinfo=UTC))
    for (start, _), spent in sorted(spending.totals(in_months, "_month").items(), key=_by_currency):
        if isinstance(start, datetime):
            found.setdefault(Month.of(start.date()), []).append(spent)
    return found


def _by_currency(item: tuple[tuple[object, ...], Spending]) -> str:
    return item[1].currency


def _month_rows(takes: QuerySet[Take]) -> list[Row]:
    found = by_month(takes)
    return [
        Row(month.in_words, spent)
        for month in sorted(found, reverse=True)
        for spent in found[month]
    ]


def _project_rows(takes: QuerySet[Take]) -> list[Row]:
    found = spending.totals(takes, "project_id")
    projects = Project.objects.in_bulk([pk for pk, _ in found])
    return _dearest_first(found, lambda pk: projects[pk].title)


def _person_rows(takes: QuerySet[Take]) -> list[Row]:
    found = spending.totals(takes, "created_by_id")
    people = User.objects.in_bulk([pk for pk, _ in found if pk])
    return _dearest_first(found, lambda pk: str(people.get(pk) or "Somebody who has left"))


def _shot_rows(takes: QuerySet[Take]) -> list[Row]:
    return [Row(row.shot, row.spending, row.project) for row in by_shot(takes)]


def _dearest_first(
    found: dict[tuple[object, ...], Spending], name: Callable[[Any], str]
) -> list[Row]:
    rows = [Row(name(pk), spent) for (pk, _), spent in found.items()]
    return sorted(rows, key=lambda row: (-row.spending.total, row.name))


_ROWS: dict[str, Callable[[QuerySet[Take]], list[Row]]] = {
    "project": _project_rows,
    "person": _person_rows,
    "month": _month_rows,
    "shot": _shot_rows,
}
