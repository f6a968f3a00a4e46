"""How long to wait before a message is tried again. Pure: moment and chance are handed in."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_S, LONGEST_S = 30.0, 3600.0


def pause_s(
    attempts: int, asked: str | None, *, now: datetime, random: Callable[[], float]
) -> float:
    """Seconds until the next try after `attempts` of them (from 1), at most an hour and a half.

    What the chat asked for (a Retry-After header) is granted up to an hour; without it, or with
    less, the pause doubles from 30 s. Up to half as much is added by chance, so that what failed
    together does not come back together.
    """
    doubled = min(FIRST_S * 2.0 ** min(max(attempts, 1) - 1, 16), LONGEST_S)
    wished = _seconds(asked, now)
    pause = doubled if wished is None else min(max(wished, 1.0), LONGEST_S)
    return pause * (1 + random() / 2)


def _seconds(asked: str | None, now: datetime) -> float | None:
    """What a Retry-After header says, in seconds; None for nonsense."""
    text = (asked or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
