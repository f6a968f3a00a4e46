"""Shots that changed though nobody edited them, and edited ones that look the same.

The vendor draws every shot anew for every take, so that a shot looks different is no surprise by
itself: it is one if the shot differs far more than the others that nobody edited either. The
median says how much those differ, the median distance from it (MAD) how far they stray; both stay
where they are, whatever one wild shot does. With fewer than two others to go by, only a difference
that no redrawing of the same shot makes is called one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# From a normal spread, the MAD is 1 / 1.4826 of its standard deviation.
_SPREAD = 1.4826
_SPREADS_APART = 4.0
# The others may all be alike by chance: their spread counts as at least this share of the median,
_LEAST_SPREAD_SHARE = 0.15
# and as at least this much, which is what a GIF's own palette makes of the same picture.
_LEAST_SPREAD = 0.01
# Below this nobody sees a difference (measured: the same film under another mark, at most 0.02).
LEAST_SEEN = 0.05
# Beside one other shot only; and beside none, where it must be another scene altogether (measured:
# from 0.75 between scenes of other prompts).
_LEAST_BESIDE_ONE, _TIMES_THE_ONE = 0.25, 3.0
_LEAST_ALONE = 0.6
# An edit that is seen less than this is not seen: unless the unedited shots stray further.
_LOOKS_SAME, _MOST_SAME = 0.03, 0.1


@dataclass(frozen=True, slots=True)
class Look:
    """A shot that both takes have, by its number in the later. `structure`, `colour` and `total`:
    how much it looks different, 0.0 to 1.0. `is_edited`: its picture was asked for otherwise;
    `is_retimed`: its length alone was."""

    number: int
    structure: float
    colour: float
    total: float
    is_edited: bool = False
    is_retimed: bool = False

    @property
    def is_untouched(self) -> bool:
        return not (self.is_edited or self.is_retimed)


@dataclass(frozen=True, slots=True)
class Surprise:
    """What is odd about a shot, and the figures that say so in words. `kind`: changed or same."""

    kind: str
    number: int
    says: str
    explains: str


def surprises_of(looks: Sequence[Look]) -> list[Surprise]:
    """What nobody would expect, in the order of the shots."""
    found = []
    untouched = [look for look in looks if look.is_untouched]
    for look in looks:
        others = [other.total for other in untouched if other is not look]
        if look.is_untouched and _stands_out(look.total, others):
            says = f"Shot {look.number} changed though nobody edited it."
            found.append(Surprise("changed", look.number, says, _why(look, others)))
        elif look.is_edited and _looks_same(look.total, others):
            says = f"Shot {look.number} was edited and looks the same."
            found.append(Surprise("same", look.number, says, _why_same(look, others)))
    return found


def calm(looks: Sequence[Look]) -> str:
    """What to say where nothing is odd."""
    untouched = [look.total for look in looks if look.is_untouched]
    if not looks:
        return "The takes have no shot in common, so there is nothing to compare shot by shot."
    if not untouched:
        return "Every shot was edited, so that they look different is no surprise."
    if len(untouched) == 1:
        return f"The shot that nobody edited differs by {percent(untouched[0])}: no surprise."
    return (
        f"The {len(untouched)} shots that nobody edited differ by {percent(median(untouched))} "
        "in the median, and none stands out."
    )


def percent(share: float) -> str:
    """`34 %`, `under 1 %`: how much of a picture is different."""
    return "under 1 %" if share < 0.01 else f"{round(share * 100)} %"


def _stands_out(total: float, others: Sequence[float]) -> bool:
    if not others:
        return total >= _LEAST_ALONE
    usual = median(others)
    if len(others) == 1:
        return total >= max(_LEAST_BESIDE_ONE, _TIMES_THE_ONE * usual)
    strays = _SPREAD * median(abs(other - usual) for other in others)
    spread = max(strays, _LEAST_SPREAD_SHARE * usual, _LEAST_SPREAD)
    return total >= max(LEAST_SEEN, usual + _SPREADS_APART * spread)


def _looks_same(total: float, others: Sequence[float]) -> bool:
    usual = median(others) if others else 0.0
    return total <= max(_LOOKS_SAME, min(usual, _MOST_SAME))


def _why(look: Look, others: Sequence[float]) -> str:
    differs = f"It differs by {percent(look.total)}, {_mostly(look)}"
    if not others:
        return (
            f"{differs}. There is no other unedited shot to compare with, and the same shot drawn "
            f"anew seldom differs by {percent(_LEAST_ALONE)} or more."
        )
    usual = median(others)
    if len(others) == 1:
        return f"{differs}; the only other shot that nobody edited by {percent(usual)}."
    beside = f"the other {len(others)} shots that nobody edited"
    if usual < 0.01:
        return f"{differs}; {beside} by {percent(usual)} in the median."
    return f"{differs}: {look.total / usual:.1f} × the median of {beside} ({percent(usual)})."


def _why_same(look: Look, others: Sequence[float]) -> str:
    differs = f"It differs by {percent(look.total)}"
    if not others:
        return f"{differs}. Less than {percent(_LOOKS_SAME)} is hardly seen."
    beside = f"the shots that nobody edited by {percent(median(others))} in the median"
    return f"{differs}, {beside}. Maybe the vendor did not follow the edit."


def _mostly(look: Look) -> str:
    if look.structure > 2 * look.colour:
        return "mostly in what is seen where"
    if look.colour > 2 * look.structure:
        return "mostly in its colours and light"
    return "in what is seen where and in its colours"
