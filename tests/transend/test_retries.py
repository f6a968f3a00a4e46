"""When a 429 is tried again."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.transend.retries import backoff_s, parse_retry_after, wait_after_429_s

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("0", 0),
        ("2.5", 2.5),
        ("600", 600),
        ("601", 600),
        ("99999999", 600),
        ("Fri, 02 Jan 2026 03:04:15 GMT", 10),
        ("Friday, 02-Jan-26 03:04:15 GMT", 10),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0),
        ("Sat, 03 Jan 2026 03:04:15 GMT", 600),
        ("Fri, 02 Jan 2026 04:04:15 +0100", 10),
        ("Fri, 02 Jan 2026 03:04:15", 10),
    ],
)
def test_retry_after_is_read(value: str, wait_s: float) -> None:
    assert parse_retry_after(value, now=NOW) == wait_s


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", "-1", "1e9", "nan", "inf", "٣", "3 seconds", "9" * 400, "Fri, 99 Jan 2026"],
)
def test_nonsense_is_nothing(value: str | None) -> None:
    assert parse_retry_after(value, now=NOW) is None


@given(st.text())
def test_no_header_breaks_it(value: str) -> None:
    wait_s = parse_retry_after(value, now=NOW)
    assert wait_s is None or 0 <= wait_s <= 600


@given(st.integers(0, 600))
def test_a_date_and_its_seconds_are_the_same(wait_s: int) -> None:
    header = format_datetime(NOW + timedelta(seconds=wait_s), usegmt=True)
    assert parse_retry_after(header, now=NOW) == wait_s


def test_the_ceiling_doubles_up_to_five_minutes() -> None:
    ceilings = [backoff_s(attempt, random=lambda: 1.0) for attempt in range(10)]
    assert ceilings == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


@given(st.integers(0, 10**6), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_drawn_from_the_whole_range(attempt: int, chance: float) -> None:
    ceiling = backoff_s(attempt, random=lambda: 1.0)
    assert backoff_s(attempt, random=lambda: chance) == max(ceiling * chance, 0.5)


@pytest.mark.parametrize("wish_s", [0.0, 0.5])
def test_a_wish_for_no_wait_is_not_granted_for_long(wish_s: float) -> None:
    waits = [wait_after_429_s(wish_s, attempt, random=lambda: 0.0) for attempt in range(8)]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]


@given(st.floats(0, 600), st.integers(-5, 10**6), st.floats(0, 1, exclude_max=True))
def test_no_wait_is_shorter_than_the_vendor_asked_for(
    wish_s: float, attempt: int, chance: float
) -> None:
    wait_s = wait_after_429_s(wish_s, attempt, random=lambda: chance)
    assert max(wish_s, 1.0) <= wait_s <= max(wish_s, 45.0)


def test_without_a_wish_it_backs_off() -> None:
    wait_s = wait_after_429_s(None, 3, random=lambda: 0.5)
    assert wait_s == backoff_s(3, random=lambda: 0.5)
