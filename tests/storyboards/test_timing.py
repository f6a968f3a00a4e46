"""Durations: what may be typed, what goes on the wire, what a total allows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.timing import (
    MAX_SHOT_MS,
    MAX_TOTAL_MS,
    MIN_SHOT_MS,
    MIN_TOTAL_MS,
    BadDuration,
    Budget,
    from_seconds,
    in_words,
    is_sendable,
    parse_duration,
    to_seconds,
    whole_ms,
)

shot_ms = st.integers(MIN_SHOT_MS, MAX_SHOT_MS)


@pytest.mark.parametrize(
    ("typed", "ms"),
    [
        ("12", 12_000),
        ("12.5", 12_500),
        ("12,5 s", 12_500),
        ("0:12.5", 12_500),
        ("1:02", 62_000),
        (" 4 sec ", 4_000),
        ("4.5 seconds", 4_500),
        (".5", 500),
        ("60", 60_000),
        ("4.0004", 4_000),
        ("0.50049999999999999999999", 500),
        ("1:00." + "4" * 90, 60_444),
        ("600." + "0" * 100, MAX_SHOT_MS),
    ],
)
def test_what_people_type(typed, ms):
    assert parse_duration(typed) == ms


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "0",
        "0.4",
        "-3",
        "NaN",
        "inf",
        "1e3",
        "four",
        "1:2:3",
        ".",
        "s",
        "601",
        "9" * 400,
        "1 2",
        "0.4999",
        "0:0.4" + "9" * 90,
        "10:00." + "0" * 99 + "1",
        "0.5٠",
        "１２",
        "1_2",
    ],
)
def test_what_is_no_duration_is_refused_in_a_sentence(typed):
    with pytest.raises(BadDuration, match=r"\.$"):
        parse_duration(typed)


@pytest.mark.parametrize(
    "value",
    [None, True, "12", [], {}, float("nan"), float("inf"), 0, -1, 0.4999, 600.0001, 1e308, 10**400],
)
def test_a_number_in_json_that_is_no_duration(value):
    with pytest.raises(BadDuration):
        from_seconds(value)


@given(shot_ms)
def test_every_duration_survives_the_wire_and_the_field(ms):
    assert whole_ms(from_seconds(to_seconds(ms))) == ms
    assert parse_duration(str(to_seconds(ms))) == ms
    assert parse_duration(in_words(ms)) == ms


@given(shot_ms)
def test_seconds_have_no_trailing_zeros(ms):
    text = str(to_seconds(ms))
    assert text == format(Decimal(ms) / 1000, "f").rstrip("0").rstrip(".") or ms % 1000 == 0


def test_whole_seconds_are_whole_numbers():
    assert isinstance(to_seconds(45_000), int)
    assert to_seconds(12_500) == 12.5


@given(st.lists(shot_ms, max_size=40))
def test_a_budget_is_over_under_or_sendable(durations):
    budget = Budget.of(durations)
    assert budget.is_sendable == (not budget.over_ms and not budget.under_ms) == (not budget.says)
    assert budget.total_ms == sum(durations)
    assert budget.total_ms - budget.over_ms <= MAX_TOTAL_MS
    assert budget.total_ms + budget.under_ms >= MIN_TOTAL_MS
    assert budget.room_ms == 0 or budget.total_ms + budget.room_ms == MAX_TOTAL_MS


@given(st.lists(shot_ms, min_size=1, max_size=40))
def test_the_overrun_is_at_the_first_shot_that_ends_past_60_s(durations):
    index = Budget.of(durations).overrun_index
    if index is None:
        assert sum(durations) <= MAX_TOTAL_MS
    else:
        assert sum(durations[:index]) <= MAX_TOTAL_MS < sum(durations[: index + 1])


@pytest.mark.parametrize(
    ("total", "sendable"), [(14_999, False), (15_000, True), (60_000, True), (60_001, False)]
)
def test_both_ends_are_inclusive(total, sendable):
    assert Budget.of([total]).is_sendable is sendable


@pytest.mark.parametrize(
    ("seconds", "sendable"),
    [("14.9996", False), ("15", True), ("60.000", True), ("60.0004", False)],
)
def test_a_total_is_held_against_the_limits_as_it_stands(seconds, sendable):
    assert is_sendable(Decimal(seconds)) is sendable


def test_the_sentences():
    assert (
        Budget.of([30_000, 30_000, 4_000]).says
        == "Shot 3 makes the timeline 64 s. Shorten it by 4 s."
    )
    assert Budget.of([10_500]).says.endswith("Add 4.5 s.")
