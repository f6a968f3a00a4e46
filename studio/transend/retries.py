"""When to try again after a 429 (document, section Error Codes: "Implement exponential backoff").

Pure functions: the moment and the chance are handed in.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER_S = 600.0
SHORTEST_BACKOFF_S = 2.0
LONGEST_BACKOFF_S = 300.0
SHORTEST_PATIENCE_S, LONGEST_PATIENCE_S = 1.0, 30.0

# Full jitter may draw zero; asking again at once would be no backing off at all.
_FLOOR_S = 0.5
# Past this the ceiling is long reached, and 2**attempt would only grow without bound.
_LAST_DOUBLING = 16

_SECONDS = re.compile(r"\d{1,12}(\.\d{1,6})?")


def parse_retry_after(value: str | None, *, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, at most 600, or None for nonsense.

    Both forms of RFC 9110 are read: seconds, and an HTTP date compared with `now` (aware). A date
    in the past means "at once": 0.
    """
    text = (value or "").strip()
    if not text.isascii():
        return None
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        wait_s = (moment - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(wait_s, 0.0), LONGEST_RETRY_AFTER_S)


def wait_after_429_s(
    retry_after_s: float | None, attempt: int, *, random: Callable[[], float]
) -> float:
    """Return the seconds to wait after a 429 on try `attempt` (from 0): the vendor's wish, if any.

    A wish for less than our patience, such as 0 or a date in the past, is not granted: that grows
    from 1 s to 30 s, with up to half as much again by chance.
    """
    if retry_after_s is None:
        return backoff_s(attempt, random=random)
    doublings = min(max(attempt, 0), _LAST_DOUBLING)
    patience_s = min(SHORTEST_PATIENCE_S * 2.0**doublings, LONGEST_PATIENCE_S)
    return max(retry_after_s, patience_s * (1 + random() / 2))


def backoff_s(attempt: int, *, random: Callable[[], float]) -> float:
    """Return the seconds to wait before try `attempt` + 1, with full jitter.

    The ceiling doubles from 2 s at attempt 0 up to 300 s; `random` gives a number in [0, 1).
    """
    doublings = min(max(attempt, 0), _LAST_DOUBLING)
    ceiling = min(SHORTEST_BACKOFF_S * 2.0**doublings, LONGEST_BACKOFF_S)
    return max(ceiling * random(), _FLOOR_S)
