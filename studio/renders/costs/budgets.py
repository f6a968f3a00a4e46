"""How much of a month's budgets is gone, and what may no longer be ordered."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from studio.accounts.models import Workspace
from studio.renders.costs import spending
from studio.renders.costs.estimates import Estimate, today
from studio.renders.costs.money import money
from studio.renders.costs.months import Month
from studio.renders.costs.spending import Spending
from studio.renders.models import Budget
from studio.renders.sending.credentials import admins_of
from studio.storyboards.contract import Problem
from studio.storyboards.models import Project


@dataclass(frozen=True)
class BudgetStanding:
    """A budget in a month: what is spent, what renders under way reserve, and what is left.

    Only takes in the budget's currency count. `elsewhere` is what others cost, in their currencies;
    `unpriced` how many takes have no price at all.
    """

    budget: Budget
    month: Month
    spent: Decimal
    reserved: Decimal
    unpriced: int = 0
    elsewhere: list[Spending] = field(default_factory=list)

    @property
    def used(self) -> Decimal:
        """All that is spent or reserved."""
        return self.spent + self.reserved

    @property
    def left(self) -> Decimal:
        """What may still be spent; negative when the budget is overdrawn."""
        return self.budget.amount - self.used

    @property
    def percent(self) -> int:
        """How much of it is used, in whole per cent rounded down; may exceed 100."""
        if not self.budget.amount:
            return 100
        return int(self.used * 100 / self.budget.amount)

    @property
    def is_warned(self) -> bool:
        """Whether the warning level is reached."""
        return self.used * 100 >= self.budget.amount * self.budget.warn_percent

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    @property
    def spent_share(self) -> int:
        """For a bar: what is spent, in thousandths of the budget, 0 to 1000."""
        return self._share(self.spent)

    @property
    def used_share(self) -> int:
        """For a bar: what is spent or reserved, in thousandths of the budget, 0 to 1000."""
        return self._share(self.used)

    @property
    def warn_at(self) -> int:
        """For a bar: the warning level, in thousandths of the budget."""
        return self.budget.warn_percent * 10

    def _share(self, amount: Decimal) -> int:
        whole = self.budget.amount
        return min(int(amount * 1000 / whole), 1000) if whole else 1000

    @property
    def whose(self) -> str:
        """What it is the budget of, in words."""
        return owner_of(self.budget)


def owner_of(budget: Budget) -> str:
    """What it is the budget of, in words: “Neon Tokyo”, or the workspace."""
    return f"“{budget.project.title}”" if budget.project else "the workspace"


def standings(project: Project, on: date | None = None) -> list[BudgetStanding]:
    """The budgets that a render of a project is paid from: the workspace's, then the project's."""
    budgets = project.workspace.budgets.filter(Q(project=None) | Q(project=project))
    return _standings(list(budgets.select_related("project")), project.workspace, on)


def standings_of(workspace: Workspace, on: date | None = None) -> list[BudgetStanding]:
    """Every budget of a workspace: its own, then its projects' by title."""
    budgets = workspace.budgets.select_related("project").order_by("project__title", "pk")
    own_first = sorted(budgets, key=lambda budget: budget.project_id is not None)
    return _standings(own_first, workspace, on)


def refusals(project: Project, estimate: Estimate | None, on: date | None = None) -> list[Problem]:
    """Why a render of this price may not be ordered: hard stops that would not hold.

    `on` is a day of the month that it belongs to, default today.

    The caller holds the lock of the workspace's desk until the take is written, so that two orders
    at the same moment cannot both have what is left only once.
    """
    hard = [standing for standing in standings(project, on) if standing.budget.is_hard]
    if not hard:
        return []
    whom = admins_of(project.workspace)
    found = (_refusal(standing, estimate, whom) for standing in hard)
    return [Problem("budget", says) for says in found if says]


def _standings(
    budgets: list[Budget], workspace: Workspace, on: date | None
) -> list[BudgetStanding]:
    if not budgets:
        return []
    month = Month.of(on or today())
    found = spending.totals(spending.takes_of(workspace, month), "project_id")
    return [_standing(budget, month, found) for budget in budgets]


def _standing(
    budget: Budget, month: Month, found: dict[tuple[object, ...], Spending]
) -> BudgetStanding:
    by_currency: dict[str, Spending] = {}
    for (project_id, currency), spent in found.items():
        if budget.project_id in (None, project_id):
            by_currency[str(currency)] = by_currency.get(str(currency), Spending()) + spent
    unpriced = sum(spent.unpriced for spent in by_currency.values())
    own = by_currency.pop(budget.currency, Spending())
    elsewhere = [spent for _, spent in sorted(by_currency.items()) if spent.total]
    return BudgetStanding(budget, month, own.spent, own.reserved, unpriced, elsewhere)


def _refusal(standing: BudgetStanding, estimate: Estimate | None, whom: str) -> str:
    """One sentence, `whom` being whom to ask; empty when the render may be ordered."""
    budget, whose = standing.budget, f"the budget of {standing.whose}"
    if estimate is None:
        return (
            f"There is a hard stop on {whose}, and no rate is set to tell what a render costs. "
            f"Ask {whom} to set the rate."
        )
    if estimate.currency != budget.currency:
        return (
            f"T{whose[1:]} is in {budget.currency} and the rate in {estimate.currency}, so they "
            f"cannot be compared. Ask {whom} to set both in one currency."
        )
    left = max(standing.left, Decimal(0))
    if estimate.amount <= left:
        return ""
    return (
        f"This render costs about {money(estimate.amount, estimate.currency)}, but "
        f"{money(left, budget.currency) if left else 'nothing'} is left of "
        f"{money(budget.amount, budget.currency)}, {whose} for {standing.month.in_words}. "
        f"Make it shorter, or ask {whom} to raise the budget."
    )
