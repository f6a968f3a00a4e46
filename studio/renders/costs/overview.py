"""The cost page: what one month cost, what is left of its budgets, and the year behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.http import urlencode

from studio.accounts.models import Workspace
from studio.renders.costs import budgets, chart, spending, tables
from studio.renders.costs.budgets import BudgetStanding
from studio.renders.costs.chart import Chart
from studio.renders.costs.estimates import rate_on, today
from studio.renders.costs.months import Month
from studio.renders.costs.spending import Spending
from studio.renders.models import RateCard, Take
from studio.storyboards.models import Project


@dataclass(frozen=True)
class Question:
    """What somebody wants to know: which month, of which project or all, and by what."""

    workspace: Workspace
    month: Month
    project: Project | None
    by: str

    @classmethod
    def read(cls, workspace: Workspace, asked: QueryDict) -> "Question":
        """Read an address's query. Raises Http404 for what there is not."""
        try:
            typed = asked.get("month")
            month = Month.parse(typed) if typed else Month.of(today())
        except ValueError:
            raise Http404("There is no such month. Write it as 2026-11.") from None
        project = None
        if pk := asked.get("project"):
            known = workspace.projects.filter(pk=pk) if pk.isdecimal() and len(pk) < 19 else None
            project = known.first() if known is not None else None
            if project is None:
                raise Http404("There is no such project, or it belongs to another workspace.")
        by = asked.get("by", "project")
        if by not in tables.KINDS:
            raise Http404("Costs are told by project, person, month or shot.")
        return cls(workspace, month, project, by)

    @property
    def takes(self) -> QuerySet[Take]:
        """The takes that are asked about: of the month, or of the year up to it by months."""
        first = self.month.back(tables.MONTHS - 1) if self.by == "month" else self.month
        return self._of_project(spending.takes_of(self.workspace, first, self.month))

    @property
    def year(self) -> QuerySet[Take]:
        """The takes of the twelve months up to the one asked about."""
        first = self.month.back(tables.MONTHS - 1)
        return self._of_project(spending.takes_of(self.workspace, first, self.month))

    def query(self, **changed: str) -> str:
        """The query of an address that asks the same but for what is `changed`."""
        asked = {"month": str(self.month), "project": self.project and self.project.pk} | {
            "by": self.by,
            **changed,
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def _of_project(self, takes: QuerySet[Take]) -> QuerySet[Take]:
        return takes.filter(project=self.project) if self.project else takes


@dataclass(frozen=True)
class YearRow:
    """A month of the table beside the chart, with every currency that something was paid in."""

    month: Month
    spendings: Sequence[Spending]


@dataclass(frozen=True)
class Overview:
    """Everything on the page."""

    question: Question
    rate: RateCard | None
    totals: Sequence[Spending]
    standings: Sequence[BudgetStanding]
    chart: Chart
    year: Sequence[YearRow]
    rows: Sequence[tables.Row]
    more_rows: int

    @property
    def unpriced(self) -> int:
        """How many takes of the month nobody can tell the price of."""
        return sum(spent.unpriced for spent in self.totals)

    @property
    def has_takes(self) -> bool:
        """Whether anything was ordered in the whole year."""
        return bool(self.year)

    @property
    def other_currencies(self) -> list[str]:
        """Of the year, those that the chart does not show."""
        found = {spent.currency for row in self.year for spent in row.spendings if spent.total}
        return sorted(found - {self.chart.currency})


def overview_of(question: Question) -> Overview:
    """Look everything up; the number of queries does not depend on how many takes there are."""
    months = tables.by_month(question.year)
    rate = rate_on(question.workspace, today())
    rows = tables.rows_by(question.by, question.takes)
    day = question.month.start.date()
    standings = (
        budgets.standings(question.project, day)
        if question.project
        else budgets.standings_of(question.workspace, day)
    )
    totals = [spent for spent in months.get(question.month, []) if spent.currency or spent.unpriced]
    return Overview(
        question,
        rate,
        totals,
        standings,
        _chart(months, question.month, rate),
        [YearRow(month, months[month]) for month in sorted(months, reverse=True)],
        rows[: tables.MOST_ROWS],
        max(len(rows) - tables.MOST_ROWS, 0),
    )


def choices(workspace: Workspace) -> dict[str, Any]:
    """What the filter offers: the last two years' months, and the projects."""
    newest = Month.of(today())
    return {
        "months": [newest.back(months) for months in range(2 * tables.MONTHS)],
        "projects": workspace.projects.order_by("title", "pk"),
    }


def _chart(months: dict[Month, list[Spending]], newest: Month, rate: RateCard | None) -> Chart:
    """In the currency of most takes; else in that of the rate."""
    counted: dict[str, int] = {}
    for spendings in months.values():
        for spent in spendings:
            if spent.currency:
                counted[spent.currency] = counted.get(spent.currency, 0) + spent.takes
    usual = rate.currency if rate else ""
    currency = max(sorted(counted), key=lambda name: counted[name], default=usual)
    shown = [newest.back(back) for back in reversed(range(tables.MONTHS))]
    return chart.chart_of(
        [(month, _in(months.get(month, []), currency)) for month in shown], currency
    )


def _in(spendings: Sequence[Spending], currency: str) -> Spending:
    return next((spent for spent in spendings if spent.currency == currency), Spending(currency))
