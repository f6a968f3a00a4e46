"""What takes cost, as one rule in the database: settled, estimated, or still to be told.

A render that was metered costs what the meter says. Until then it costs its estimate, as often as
the vendor may have taken it on, and a queued take once more: it is going to be sent. So a take
that was refused or cancelled without a render costs nothing, and one that a person has sent again
may cost twice: what was sent before by the rate of then, and the other by the rate of that day. A
take belongs to the month in which it was ordered, whenever it is sent.

Sums are exact: SQLite keeps decimals as floating point numbers, so that whole ten-thousandths are
added, never the columns themselves.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Expression,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Round

from studio.accounts.models import Workspace
from studio.renders.costs.months import Month
from studio.renders.lifecycle import IN_FLIGHT, Status
from studio.renders.models import Take

_PARTS = 10_000
_WHOLE = BigIntegerField()
_SETTLED = Q(actual__isnull=False)
_RENDERED = [*IN_FLIGHT - {Status.QUEUED}, Status.READY]
_RESERVED = Q(status__in=IN_FLIGHT, actual__isnull=True)


@dataclass(frozen=True)
class Spending:
    """What a group of takes costs in one currency.

    `spent` is settled, or estimated where the render is over and not metered; `reserved` is what
    renders under way may still cost. `unpriced` takes may cost something, and nobody can tell what.
    `earlier` is how much of all that may have been billed before somebody had a take sent again.
    """

    currency: str = ""
    spent: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    takes: int = 0
    unpriced: int = 0
    earlier: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """All that is spent or reserved."""
        return self.spent + self.reserved

    def __add__(self, other: "Spending") -> "Spending":
        return Spending(
            self.currency or other.currency,
            self.spent + other.spent,
            self.reserved + other.reserved,
            self.takes + other.takes,
            self.unpriced + other.unpriced,
            self.earlier + other.earlier,
        )


def takes_of(workspace: Workspace, first: Month, last: Month | None = None) -> QuerySet[Take]:
    """The takes of a workspace that were ordered in a month, or from one month to another."""
    return workspace.takes.filter(
        created_at__gte=first.start, created_at__lt=(last or first).end
    ).order_by()


def renders() -> Expression:
    """How many renders a take may be billed for, counting the one that it still waits for."""
    return Case(
        When(status=Status.QUEUED, then=F("billable") + 1),
        When(status__in=_RENDERED, then=Greatest(F("billable"), 1)),
        default=F("billable"),
        output_field=_WHOLE,
    )


def cost() -> Expression:
    """What a take costs, in ten-thousandths of its currency; NULL when nobody can tell."""
    estimate, earlier = _parts("estimate"), Coalesce(_parts("earlier_estimate"), 0)
    now = F("_renders") - F("earlier_billable")
    return Case(
        When(
            _SETTLED,
            then=_parts("actual") + earlier + Coalesce(estimate, 0) * Greatest(now - 1, 0),
        ),
        When(_renders__lte=0, then=Value(0)),
        default=earlier + estimate * Greatest(now, 0),
        output_field=_WHOLE,
    )


def amount(parts: int | None) -> Decimal:
    """Whole ten-thousandths as an amount of money."""
    return Decimal(parts or 0).scaleb(-4)


def priced(takes: QuerySet[Take]) -> QuerySet[Any]:
    """The same takes, each with its cost in ten-thousandths as `cost_parts`; NULL: no price."""
    return takes.alias(_renders=renders()).annotate(cost_parts=cost())


def totals(takes: QuerySet[Take], *by: str) -> dict[tuple[object, ...], Spending]:
    """What takes cost by the given columns, which come first in each key, and by currency."""
    rows = (
        priced(takes)
        .values_list(*by, "currency")
        .annotate(
            _spent=Sum("cost_parts", filter=~_RESERVED),
            _reserved=Sum("cost_parts", filter=_RESERVED),
            _takes=Count("pk"),
            _unpriced=Count("pk", filter=Q(cost_parts=None)),
            _earlier=Sum(_parts("earlier_estimate")),
        )
    )
    return {tuple(row[:-5]): _spending(*row[-6:]) for row in rows}


def _spending(
    currency: str,
    spent: int | None,
    reserved: int | None,
    takes: int,
    unpriced: int,
    earlier: int | None,
) -> Spending:
    return Spending(currency, amount(spent), amount(reserved), takes, unpriced, amount(earlier))


def _parts(column: str) -> Expression:
    return Cast(Round(F(column) * _PARTS), _WHOLE)
