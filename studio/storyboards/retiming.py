"""Changing the durations of several shots at once: arithmetic in whole milliseconds.

Scaling moves the cuts, not the shots: the end of each is scaled and rounded to the nearest
millisecond (a half goes up), and a duration is the distance between two cuts. So the total is the
exact scaled total, rounded once, and no shot is a millisecond or more from its own exact length.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import Enum
from itertools import accumulate, pairwise

from studio.storyboards.timing import (
    MAX_SHOT_MS,
    MIN_SHOT_MS,
    BadDuration,
    in_words,
    parse_duration,
    parse_span,
)

MAX_PERCENT = 1_000
_PERCENT = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,3})?|[.,][0-9]{1,3})\s*%?")


class How(Enum):
    """What is done to each duration, as the form names it."""

    SET = "set"
    SCALE = "scale"
    ADD = "add"
    SUBTRACT = "subtract"


@dataclass(frozen=True)
class Retiming:
    """One change of durations: `amount` is in percent for SCALE, else in milliseconds."""

    how: How
    amount: Decimal

    def __call__(self, durations_ms: Sequence[int]) -> list[int]:
        """The new durations, in the same order; they may be ones that no shot can have."""
        if self.how is How.SCALE:
            return list(self._scaled(durations_ms))
        amount = int(self.amount)
        if self.how is How.SET:
            return [amount] * len(durations_ms)
        return [ms + (amount if self.how is How.ADD else -amount) for ms in durations_ms]

    def _scaled(self, durations_ms: Sequence[int]) -> Iterator[int]:
        exact = (self.amount * end / 100 for end in accumulate(durations_ms, initial=0))
        ends = [int(end.quantize(Decimal(1), ROUND_HALF_UP)) for end in exact]
        return (end - start for start, end in pairwise(ends))

    @property
    def says(self) -> str:
        """What it does, for a revision's summary."""
        if self.how is How.SCALE:
            return f"durations scaled to {self.amount.normalize():f} %"
        words = in_words(int(self.amount))
        if self.how is How.SET:
            return f"{words} each"
        return f"{words} {'longer' if self.how is How.ADD else 'shorter'} each"


def read_retiming(how: str, amount: str) -> Retiming:
    """What a person chose and typed: `scale` and `90 %`, `add` and `1.5 s`.

    Raises `BadDuration` with a sentence that says what to type.
    """
    if how not in {kind.value for kind in How}:
        raise BadDuration("Choose what to do to the durations: set, scale, add or take off.")
    kind = How(how)
    if kind is How.SCALE:
        return Retiming(kind, _percent(amount))
    read = parse_duration if kind is How.SET else parse_span
    return Retiming(kind, Decimal(read(amount)))


def require_possible(durations_ms: Sequence[int], numbers: Sequence[int]) -> None:
    """Raise `BadDuration` naming the first shot that would be too short or too long; `numbers` are
    the shots' numbers on the board."""
    for number, ms in zip(numbers, durations_ms, strict=True):
        if ms < MIN_SHOT_MS:
            lasts = f"would last {in_words(ms)}" if ms > 0 else "would have no time left"
            raise BadDuration(
                f"Shot {number} {lasts}, and a shot lasts at least {in_words(MIN_SHOT_MS)}. "
                "Take off less, or leave that shot out."
            )
        if ms > MAX_SHOT_MS:
            raise BadDuration(
                f"Shot {number} would last {in_words(ms)}, and a shot lasts at most "
                f"{in_words(MAX_SHOT_MS)}. Add less, or leave that shot out."
            )


def _percent(typed: str) -> Decimal:
    match = _PERCENT.fullmatch(typed.strip())
    with localcontext(prec=12):
        percent = Decimal(match[1].replace(",", ".")) if match else Decimal(0)
    if not 0 < percent <= MAX_PERCENT:
        raise BadDuration(f"Type a percentage above 0 and up to {MAX_PERCENT}, such as 90.")
    return percent
