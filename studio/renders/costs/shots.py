"""What each shot costs: a take's cost shared out among its shots, to the last ten-thousandth.

By what the vendor's meter says of each shot; where it says nothing, by how long each lasts.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from studio.renders.costs import spending
from studio.renders.costs.estimates import to_places
from studio.renders.costs.spending import Spending
from studio.renders.lifecycle import IN_FLIGHT
from studio.renders.models import Take
from studio.renders.payloads import WHOLE_FILM, Damaged, scenes_of

UNKNOWN_SHOTS = "unknown: the stored payload is damaged"


@dataclass(frozen=True)
class ShotSpending:
    """A shot of a project, by the id that it had in the takes, and what it costs so far."""

    project: str
    shot: str
    spending: Spending


def by_shot(takes: QuerySet[Take]) -> list[ShotSpending]:
    """Every shot of these takes with what it costs, the dearest first."""
    found: dict[tuple[int, str, str], ShotSpending] = {}
    rows = spending.priced(takes).values_list(
        "project", "project__title", "currency", "status", "actual", "payload", "metered",
        "cost_parts",
    )  # fmt: skip
    for project, title, currency, status, actual, payload, metered, parts in rows:
        is_reserved = status in IN_FLIGHT and actual is None
        for shot, share in _shares(payload, metered, parts):
            amount = spending.amount(share)
            spent, reserved = (Decimal(0), amount) if is_reserved else (amount, Decimal(0))
            own = Spending(currency, spent, reserved, 1, int(share is None))
            key = (project, shot, currency)
            before = found[key].spending if key in found else Spending()
            found[key] = ShotSpending(title, shot, before + own)
    return sorted(found.values(), key=lambda row: (-row.spending.total, row.project, row.shot))


def share_out(parts: int, weights: list[int]) -> list[int]:
    """Whole parts by weight; what dividing leaves goes to those who lost most by it."""
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    shares = [parts * weight // whole for weight in weights]
    lost = sorted(range(len(weights)), key=lambda place: -(parts * weights[place] % whole))
    for place in lost[: parts - sum(shares)]:
        shares[place] += 1
    return shares


def _shares(
    payload: str, metered: list[dict[str, Any]], parts: int | None
) -> list[tuple[str, int | None]]:
    weighed = [
        (str(shot["id"] or WHOLE_FILM), int(to_places(Decimal(shot["amount"])).scaleb(4)))
        for shot in metered
    ]
    if not any(weight for _, weight in weighed):
        weighed = _planned(payload)
    names = [name for name, _ in weighed]
    if parts is None:
        return [(name, None) for name in names]
    return list(zip(names, share_out(parts, [weight for _, weight in weighed]), strict=True))


def _planned(payload: str) -> list[tuple[str, int]]:
    try:
        return scenes_of(payload)
    except Damaged:  # its cost is counted all the same
        return [(UNKNOWN_SHOTS, 0)]
