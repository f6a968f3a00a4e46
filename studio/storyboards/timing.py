"""Every rule about durations. Inside, durations are integer milliseconds.

The vendor takes timelines of 15–60 s, both inclusive (document, section Required fields). That a
shot lasts at least 0.5 s is ours.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from studio.lib import unseen

MIN_TOTAL_MS = 15_000
MAX_TOTAL_MS = 60_000
MIN_SHOT_MS = 500
# A shot longer than the whole film is a typing error, yet a draft may hold what must still be cut.
MAX_SHOT_MS = 600_000
_MAX_DRAFT_S = 500 * MAX_SHOT_MS // 1000
# Transitions are ours, and so are their lengths: what an editor would call a cut is none.
MIN_TRANSITION_MS, MAX_TRANSITION_MS = 100, 5_000
DEFAULT_TRANSITION_MS = 500

_UNIT = re.compile(r"\s*(s|sec|secs|seconds?)$")
_MAX_DIGITS = 100
_CLOCK = re.compile(
    rf"(?:([0-9]{{1,3}}):)?([0-9]{{1,9}}(?:\.[0-9]{{0,{_MAX_DIGITS}}})?|\.[0-9]{{1,{_MAX_DIGITS}}})"
)


class BadDuration(ValueError):
    """What was typed is no duration a shot can have; the message says what to type."""


def parse_duration(typed: str) -> int:
    """Milliseconds from what a person types: `12`, `12.5`, `12,5 s`, `0:12.5`.

    Raises `BadDuration` for anything that is not a number, and for shots shorter than 0.5 s.
    """
    text = _UNIT.sub("", typed.strip().lower()).replace(",", ".")
    if not text:
        raise BadDuration("A shot needs a duration. Type seconds, such as 4.5.")
    if text.startswith("-"):
        raise BadDuration("A shot cannot last less than nothing. Type seconds, such as 4.5.")
    match = _CLOCK.fullmatch(text)
    if match is None:
        said = unseen.without_controls(typed)[:40]
        raise BadDuration(f"“{said}” is not a duration. Type seconds, such as 4.5.")
    with localcontext(prec=_MAX_DIGITS + 12):  # no digit of what was typed is rounded away
        return whole_ms(Decimal(match[2]) + 60 * int(match[1] or 0))


def parse_transition(typed: str) -> int:
    """Milliseconds of a transition from what a person types, read as `parse_duration` reads.

    Raises `BadDuration` outside 0.1–5 s.
    """
    seconds = _seconds(typed)
    if not MIN_TRANSITION_MS <= seconds * 1000 <= MAX_TRANSITION_MS:
        raise BadDuration("A transition lasts 0.1–5 s. Type seconds, such as 0.5, or choose Cut.")
    return int(seconds.quantize(Decimal("0.001")).scaleb(3))


def parse_span(typed: str) -> int:
    """Milliseconds by which durations are to grow or shrink, read as `parse_duration` reads.

    Raises `BadDuration` for less than a millisecond and for more than any shot may last.
    """
    seconds = _seconds(typed)
    if not 1 <= seconds * 1000 <= MAX_SHOT_MS:
        longest = MAX_SHOT_MS // 1000
        raise BadDuration(f"Type how many seconds, such as 0.5: from 0.001 to {longest}.")
    return int(seconds.quantize(Decimal("0.001")).scaleb(3))


def _seconds(typed: str) -> Decimal:
    """What was typed, to the last digit; -1 where it is no time."""
    match = _CLOCK.fullmatch(_UNIT.sub("", typed.strip().lower()).replace(",", "."))
    with localcontext(prec=_MAX_DIGITS + 12):
        return Decimal(match[2]) + 60 * int(match[1] or 0) if match else Decimal(-1)


def from_seconds(seconds: object) -> Decimal:
    """A number of seconds in JSON, exactly as it stands. Raises `BadDuration`."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise BadDuration("A duration is a number of seconds, such as 4.5.")
    number = Decimal(seconds) if isinstance(seconds, int) else Decimal(repr(seconds))
    if not number.is_finite():
        raise BadDuration("A duration is a number of seconds, such as 4.5.")
    whole_ms(number)
    return number


def total_from_seconds(seconds: object) -> Decimal:
    """The stated length of a list of shots in JSON, exactly: a draft's may break any limit.

    Raises `BadDuration` for what is no number of seconds, and for more than any draft lasts.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise BadDuration("A duration is a number of seconds, such as 45.")
    if not 0 <= seconds <= _MAX_DRAFT_S:  # NaN is neither
        raise BadDuration(f"A timeline lasts from 0 to {_MAX_DRAFT_S:,} s. Type the seconds.")
    return Decimal(seconds) if isinstance(seconds, int) else Decimal(repr(seconds))


def transition_from_seconds(seconds: object) -> int:
    """Milliseconds of a transition from a number in JSON. Raises `BadDuration`."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise BadDuration("A transition's length is a number of seconds, such as 0.5.")
    return parse_transition(repr(seconds))


def whole_ms(seconds: Decimal) -> int:
    """Whole milliseconds, if a shot may last exactly that long. Raises `BadDuration`."""
    if seconds > MAX_SHOT_MS // 1000:
        raise BadDuration(f"A shot lasts {MAX_SHOT_MS // 1000} s at most. Type fewer seconds.")
    if seconds < Decimal(MIN_SHOT_MS) / 1000:
        raise BadDuration("A shot lasts at least 0.5 s. Type a longer time, or delete the shot.")
    return int(seconds.quantize(Decimal("0.001")).scaleb(3))


def is_sendable(seconds: Decimal) -> bool:
    """Whether a timeline of exactly that length fits the vendor's 15–60 s."""
    return MIN_TOTAL_MS // 1000 <= seconds <= MAX_TOTAL_MS // 1000


def to_seconds(milliseconds: int) -> int | float:
    """Seconds for the wire: 45 rather than 45.0, 12.5 rather than 12.500."""
    whole, rest = divmod(milliseconds, 1000)
    return milliseconds / 1000 if rest else whole


def in_words(milliseconds: int) -> str:
    """`4.5 s`: for sentences and labels."""
    return f"{to_seconds(milliseconds)} s"


@dataclass(frozen=True)
class Budget:
    """What a list of shot durations (ms, in order) makes of the vendor's 15–60 s."""

    durations_ms: tuple[int, ...]

    @classmethod
    def of(cls, durations_ms: Sequence[int]) -> "Budget":
        return cls(tuple(durations_ms))

    @cached_property
    def total_ms(self) -> int:
        return sum(self.durations_ms)

    @property
    def is_sendable(self) -> bool:
        return MIN_TOTAL_MS <= self.total_ms <= MAX_TOTAL_MS

    @cached_property
    def over_ms(self) -> int:
        """By how much the timeline is too long; 0 if it is not."""
        return max(0, self.total_ms - MAX_TOTAL_MS)

    @property
    def under_ms(self) -> int:
        """By how much the timeline is too short; 0 if it is not."""
        return max(0, MIN_TOTAL_MS - self.total_ms)

    @property
    def room_ms(self) -> int:
        """How much may still be added; 0 if nothing."""
        return max(0, MAX_TOTAL_MS - self.total_ms)

    @cached_property
    def overrun_index(self) -> int | None:
        """Index of the shot in which the 60 s are passed; None if they are not."""
        elapsed = 0
        for index, duration in enumerate(self.durations_ms):
            elapsed += duration
            if elapsed > MAX_TOTAL_MS:
                return index
        return None

    @property
    def says(self) -> str:
        """A sentence on what is wrong with the total; empty when it can be sent."""
        if self.over_ms:
            shot = (self.overrun_index or 0) + 1
            return (
                f"Shot {shot} makes the timeline {in_words(self.total_ms)}. "
                f"Shorten it by {in_words(self.over_ms)}."
            )
        if self.under_ms:
            return (
                f"The timeline is {in_words(self.total_ms)} long and a render takes at least 15 s. "
                f"Add {in_words(self.under_ms)}."
            )
        return ""
