"""Moments of a film as people type them: `0:18.4`, `18.4`, `1:02`."""

import re

_TYPED = re.compile(
    r"(?:(?P<minutes>\d{1,4}):)?(?P<seconds>\d{1,4})(?:[.,](?P<fraction>\d{1,3})\d*)?", re.ASCII
)


class BadMoment(ValueError):
    """Why a moment cannot be read, as a sentence for the person."""


def read_moment(text: str) -> int | None:
    """Milliseconds from the film's beginning; None for an empty text. Raises `BadMoment`."""
    text = text.strip()
    if not text:
        return None
    typed = _TYPED.fullmatch(text)
    if typed is None:
        raise BadMoment("Write the time as minutes and seconds, such as 0:18.4.")
    minutes, seconds = int(typed["minutes"] or 0), int(typed["seconds"])
    return (minutes * 60 + seconds) * 1000 + int((typed["fraction"] or "").ljust(3, "0"))
