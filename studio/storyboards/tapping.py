"""Tap timing: the moments at which somebody tapped, made into durations.

Moments are whole milliseconds from the beginning of the film. Pure arithmetic: it knows no models.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from studio.storyboards.timing import MAX_SHOT_MS, MIN_SHOT_MS

_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")


class BadTaps(ValueError):
    """What was sent are no moments of a film in order; the message says what to type."""


@dataclass(frozen=True)
class Tapped:
    """What the taps make of a film: durations in ms, and which shots (from 0) were `clamped` to
    0.5 s because they were tapped shorter, or were not reached and kept their duration."""

    durations_ms: tuple[int, ...]
    clamped: frozenset[int]
    unreached: frozenset[int]


def read_taps(typed: str) -> list[int]:
    """Moments in ms from seconds, such as `3.25 7.5 12`: one for each cut. Raises `BadTaps`."""
    words = typed.replace(";", " ").split()
    if not words:
        raise BadTaps("There is no tap yet. Play the film and press Space at each cut.")
    moments: list[int] = []
    for word in words[:1000]:
        if not _SECONDS.fullmatch(word):
            said = word[:20]
            raise BadTaps(f"“{said}” is no time in seconds. Type times such as 3.25 7.5 12.")
        moments.append(int(Decimal(word) * 1000))
    if any(later < earlier for earlier, later in zip(moments, moments[1:], strict=False)):
        raise BadTaps("The times must go up: each cut comes after the one before it.")
    return moments


def tapped(durations_ms: Sequence[int], locked: Sequence[bool], taps_ms: Sequence[int]) -> Tapped:
    """The durations that `taps_ms` give: each tap ends the next shot that is not locked.

    A locked shot keeps its duration and ends by itself. A shot tapped shorter than 0.5 s lasts
    0.5 s; the cuts after it stay where they were tapped, as far as that leaves each shot its 0.5 s.
    Shots that no tap reached keep their duration. Raises `BadTaps` when there are more taps than
    shots to end, or a shot would last longer than 600 s.
    """
    waiting = [place for place, is_locked in enumerate(locked) if not is_locked]
    if len(taps_ms) > len(waiting):
        raise BadTaps(
            f"There are {len(taps_ms)} times and {len(waiting)} shots that are not locked. "
            "Take out the last ones."
        )
    lengths, clamped, at_ms = list(durations_ms), set[int](), 0
    moments = dict(zip(waiting, taps_ms, strict=False))
    for place in range(len(lengths)):
        if place in moments:
            wanted = moments[place] - at_ms
            if wanted < MIN_SHOT_MS:
                clamped.add(place)
            if wanted > MAX_SHOT_MS:
                raise BadTaps(f"Shot {place + 1} would last longer than 600 s. Tap earlier.")
            lengths[place] = max(wanted, MIN_SHOT_MS)
        at_ms += lengths[place]
    return Tapped(tuple(lengths), frozenset(clamped), frozenset(waiting[len(taps_ms) :]))
