"""Costs as CSV: amounts exact and bare, and no cell that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from studio.renders.costs import spending
from studio.renders.costs.shots import by_shot
from studio.renders.models import Take
from studio.renders.payloads import Damaged, scenes_of
from studio.storyboards import timing
from studio.storyboards.exchange.csv_cells import guarded

_TAKES = (
    "project", "take", "person", "ordered", "status", "seconds", "shots", "estimate", "actual",
    "billable", "cost", "currency", "earlier_estimate",
)  # fmt: skip
_SHOTS = ("project", "shot", "takes", "spent", "reserved", "currency")


def takes_csv(takes: QuerySet[Take]) -> str:
    """One row for each take, in the order in which they were ordered. Times are UTC."""
    priced = spending.priced(takes).select_related("project", "created_by")
    in_order = priced.order_by("created_at", "pk")
    return _csv(_TAKES, (_cells(take) for take in in_order.iterator()))


def shots_csv(takes: QuerySet[Take]) -> str:
    """One row for each shot of a project and currency, the dearest first."""
    return _csv(
        _SHOTS,
        (
            (
                row.project,
                row.shot,
                row.spending.takes,
                row.spending.spent,
                row.spending.reserved,
                row.spending.currency,
            )
            for row in by_shot(takes)
        ),
    )


def _cells(take: Any) -> tuple[object, ...]:
    return (
        take.project.title,
        take.number,
        take.created_by or "",
        take.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        take.status,
        timing.to_seconds(take.duration_ms),
        _shots_in(take.payload),
        "" if take.estimate is None else take.estimate,
        "" if take.actual is None else take.actual,
        take.billable,
        "" if take.cost_parts is None else spending.amount(take.cost_parts),
        take.currency,
        "" if take.earlier_estimate is None else take.earlier_estimate,
    )


def _shots_in(payload: str) -> int | str:
    try:
        return len(scenes_of(payload))
    except Damaged:
        return "damaged"


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([guarded(str(cell)) for cell in row])
    # Excel takes UTF-8 for granted only behind this mark.
    return "\ufeff" + out.getvalue()
