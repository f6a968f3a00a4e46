"""Taps made into durations: exact, never shorter than half a second, locks kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.tapping import BadTaps, read_taps, tapped
from studio.storyboards.timing import MIN_SHOT_MS

SHOTS = st.lists(
    st.tuples(st.integers(MIN_SHOT_MS, 20_000), st.booleans()), min_size=1, max_size=20
)


@given(SHOTS, st.data())
def test_taps_never_lose_a_lock_or_make_a_shot_too_short(shots, data):
    free = sum(not is_locked for _, is_locked in shots)
    taps = sorted(data.draw(st.lists(st.integers(0, 90_000), max_size=free)))
    found = tapped([ms for ms, _ in shots], [is_locked for _, is_locked in shots], taps)
    waiting = [place for place, (_, is_locked) in enumerate(shots) if not is_locked]
    for place, (before, is_locked) in enumerate(shots):
        assert found.durations_ms[place] >= MIN_SHOT_MS
        if is_locked or place in found.unreached:
            assert found.durations_ms[place] == before
    assert found.unreached == set(waiting[len(taps) :])
    assert found.clamped <= set(waiting[: len(taps)])


@given(st.lists(st.integers(MIN_SHOT_MS, 20_000), min_size=1, max_size=20))
def test_tapping_where_the_cuts_are_changes_nothing(durations):
    ends = [sum(durations[: n + 1]) for n in range(len(durations))]
    found = tapped(durations, [False] * len(durations), ends)
    assert found.durations_ms == tuple(durations)
    assert not found.clamped


def test_a_short_tap_takes_from_the_shot_behind_it():
    found = tapped([3000, 3000, 3000], [False] * 3, [2000, 2100, 5000])
    assert found.durations_ms == (2000, 500, 2500)
    assert found.clamped == {1}


def test_locked_shots_end_by_themselves():
    found = tapped([3000, 4000, 3000, 5000], [False, True, False, False], [1500, 7000])
    assert found.durations_ms == (1500, 4000, 1500, 5000)
    assert found.unreached == {3}


@pytest.mark.parametrize(
    ("typed", "moments"),
    [("3.25 7.5 12", [3250, 7500, 12_000]), ("1;2.5\n3", [1000, 2500, 3000]), ("0.001", [1])],
)
def test_moments_are_read_exactly(typed, moments):
    assert read_taps(typed) == moments


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "There is no tap yet"),
        ("3 x", "“x” is no time in seconds"),
        ("3 2", "The times must go up"),
        ("1e9", "no time in seconds"),
        ("-1", "no time in seconds"),
        ("٣", "no time in seconds"),
        ("9" * 5000, "no time in seconds"),
    ],
)
def test_what_is_no_moment_is_refused(typed, says):
    with pytest.raises(BadTaps) as refused:
        read_taps(typed)
    assert says in str(refused.value)


def test_more_taps_than_shots_are_refused():
    with pytest.raises(BadTaps, match="3 times and 1 shots"):
        tapped([1000, 1000], [True, False], [1, 2, 3])
    with pytest.raises(BadTaps, match="longer than 600 s"):
        tapped([1000], [False], [700_000])
