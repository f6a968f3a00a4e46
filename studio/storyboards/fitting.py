"""Fitting a film to a length: locked shots keep theirs, the others share what is left of it.

All durations are whole milliseconds. Pure arithmetic: it knows no models.
"""

from collections.abc import Sequence

from studio.storyboards.timing import MIN_SHOT_MS, in_words


class CannotFit(ValueError):
    """The shots cannot last so long together; the message says what to unlock or to shorten."""


def fit(durations_ms: Sequence[int], locked: Sequence[bool], total_ms: int) -> list[int]:
    """New durations that sum to exactly `total_ms`, in the same order.

    Locked shots keep their duration. The others stay in proportion: each gets its share rounded
    down, and the milliseconds left over go one each to the largest remainders, the earlier shot
    first (Hamilton's method). A shot whose share would be less than 0.5 s gets 0.5 s, and the rest
    is shared anew among the others. So a longer shot never becomes shorter than one that it was
    longer than, and fitting to the same total again changes nothing. Raises `CannotFit`.
    """
    free = [place for place, is_locked in enumerate(locked) if not is_locked]
    room_ms = total_ms - sum(
        ms for ms, is_locked in zip(durations_ms, locked, strict=True) if is_locked
    )
    if room_ms < MIN_SHOT_MS * len(free) or (room_ms and not free):
        raise CannotFit(_refusal(locked, total_ms, room_ms))
    fitted = list(durations_ms)
    shares = _shares([durations_ms[place] for place in free], room_ms)
    for place, share in zip(free, shares, strict=True):
        fitted[place] = share
    return fitted


def _shares(weights: Sequence[int], room_ms: int) -> list[int]:
    """`room_ms` in proportion to `weights`, none less than 0.5 s; there is room for that much."""
    shares = [MIN_SHOT_MS] * len(weights)
    sharing = list(range(len(weights)))
    while sharing:
        whole = sum(weights[place] for place in sharing)
        above = [place for place in sharing if weights[place] * room_ms >= MIN_SHOT_MS * whole]
        if len(above) == len(sharing):
            for place, share in zip(
                sharing, _rounded([weights[p] for p in sharing], room_ms), strict=True
            ):
                shares[place] = share
            break
        room_ms -= MIN_SHOT_MS * (len(sharing) - len(above))
        sharing = above
    return shares


def _rounded(weights: Sequence[int], room_ms: int) -> list[int]:
    """`room_ms` in proportion to `weights` by largest remainder, in exact integer arithmetic."""
    whole = sum(weights)
    parts = [divmod(weight * room_ms, whole) for weight in weights]
    shares = [share for share, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    for place in by_remainder[: room_ms - sum(shares)]:
        shares[place] += 1
    return shares


def _refusal(locked: Sequence[bool], total_ms: int, room_ms: int) -> str:
    if not locked:
        return "There are no shots yet. Add one, then fit the film."
    held = [str(number) for number, is_locked in enumerate(locked, 1) if is_locked]
    held_ms, free = total_ms - room_ms, len(locked) - len(held)
    needed_ms = MIN_SHOT_MS * free
    if not held:
        return (
            f"{free} shots of at least 0.5 s need {in_words(needed_ms)}, and the film is to last "
            f"{in_words(total_ms)}. Choose a longer film, or delete or merge shots."
        )
    names = _listed(held)
    lasts = "lasts" if len(held) == 1 else "last"
    together = "" if len(held) == 1 else " together"
    if not free:
        return (
            f"Every shot is locked, and they last {in_words(held_ms)} together. Unlock one, or "
            f"choose {in_words(held_ms)}."
        )
    over = in_words(needed_ms - room_ms)
    return (
        f"{names} {'is' if len(held) == 1 else 'are'} locked and {lasts} {in_words(held_ms)}"
        f"{together}; the {'other needs' if free == 1 else f'{free} others need'} at least "
        f"{in_words(needed_ms)}. That is {over} more than {in_words(total_ms)}: unlock or shorten "
        f"{names.lower() if len(held) == 1 else 'one of them'}, or choose a longer film."
    )


def _listed(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"Shot {numbers[0]}"
    if len(numbers) > 6:
        return f"{len(numbers)} shots"
    return f"Shots {', '.join(numbers[:-1])} and {numbers[-1]}"
