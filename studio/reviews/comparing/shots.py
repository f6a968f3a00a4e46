"""The shots of two takes beside each other: what was edited in each, and how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio.pictures.probe import ShotDifference
from studio.renders import proofs
from studio.renders.models import Take
from studio.renders.spending.differences import Difference, every_difference
from studio.reviews.comparing.matching import Pair, aligned, matched
from studio.reviews.comparing.sent import Told, told_of
from studio.reviews.comparing.surprises import Look, Surprise, percent, surprises_of
from studio.reviews.models import Comparison
from studio.reviews.room import PlannedShot, planned_shots


@dataclass(frozen=True, slots=True)
class ShotRow:
    """A shot of either take, or of both. `look` is None until it was measured, and of a shot that
    only one of them has."""

    former: PlannedShot | None
    later: PlannedShot | None
    edit: Difference | None
    is_edited: bool = False
    look: Look | None = None
    surprise: Surprise | None = None

    @property
    def shot(self) -> PlannedShot | None:
        """As the later take has it, or else the former."""
        return self.later or self.former

    @property
    def differs(self) -> str:
        """Such as `34 %`, and of what is hardly seen `under 1 %`."""
        return percent(self.look.total) if self.look else ""

    @property
    def thousandths(self) -> int:
        return round(self.look.total * 1000) if self.look else 0

    @property
    def says(self) -> str:
        """What became of the shot's plan, in a word or two."""
        if self.former is None:
            return "Added"
        if self.later is None:
            return "Removed"
        said = [f"was shot {self.former.number}"] if self.former.number != self.later.number else []
        if self.edit and self.edit.changes:
            said.append("edited")
        elif self.is_edited:
            said.append("edited with the film")
        else:
            said.append("not edited")
        return ", ".join(said).capitalize()


@dataclass(frozen=True, slots=True)
class Shots:
    """All of them: in the order of the later take, then what was removed. `film`: what was edited
    in the film as a whole."""

    rows: tuple[ShotRow, ...]
    film: Difference | None

    @property
    def looks(self) -> list[Look]:
        return [row.look for row in self.rows if row.look]

    @property
    def surprises(self) -> list[Surprise]:
        return [row.surprise for row in self.rows if row.surprise]


def shots_of(former: Take, later: Take, comparison: Comparison | None = None) -> Shots:
    """What became of the plan and, by a comparison that is ready, of the pictures."""
    plans = proofs.snapshot_of(former), proofs.snapshot_of(later)
    edits = {
        (edit.kind == "removed", edit.number): edit for edit in every_difference(*aligned(*plans))
    }
    told = told_of(former.payload), told_of(later.payload)
    planned = planned_shots(plans[0]), planned_shots(plans[1])
    seen = _seen(former, comparison) if comparison else {}
    rows = []
    for pair in matched(*plans):
        before = None if pair.former is None else planned[0][pair.former]
        after = None if pair.later is None else planned[1][pair.later]
        if before and after:
            edit = edits.get((False, after.number))
            was, became = told[0][before.number - 1], told[1][after.number - 1]
            look = _look(after.number, seen.get(pair), was, became)
            rows.append(ShotRow(before, after, edit, was.picture != became.picture, look))
        else:
            rows.append(ShotRow(before, after, None))
    return Shots(_surprising(rows), edits.get((False, 0)))


def _look(number: int, seen: ShotDifference | None, was: Told, became: Told) -> Look | None:
    if seen is None:
        return None
    return Look(
        number=number,
        structure=seen.structure,
        colour=seen.colour,
        total=seen.total,
        is_edited=was.picture != became.picture,
        is_retimed=was.seconds != became.seconds,
    )


def _seen(former: Take, comparison: Comparison) -> Mapping[Pair, ShotDifference]:
    """What was measured, the way round in which `former` is the former."""
    found = {
        Pair(one["former"], one["later"]): ShotDifference(one["structure"], one["colour"])
        for one in comparison.findings
    }
    if comparison.former_id == former.pk:
        return found
    return {pair.turned: seen for pair, seen in found.items()}


def _surprising(rows: list[ShotRow]) -> tuple[ShotRow, ...]:
    found = {one.number: one for one in surprises_of([row.look for row in rows if row.look])}
    return tuple(
        replace(row, surprise=found.get(row.look.number)) if row.look else row for row in rows
    )
