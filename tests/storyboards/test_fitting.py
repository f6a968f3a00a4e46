"""Fitting to a length: exact, in proportion, and refused in words when it cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.fitting import CannotFit, fit
from studio.storyboards.timing import MIN_SHOT_MS

SHOTS = st.lists(
    st.tuples(st.integers(MIN_SHOT_MS, 60_000), st.booleans()), min_size=1, max_size=40
)
TOTALS = st.one_of(st.sampled_from([15_000, 30_000, 45_000, 60_000]), st.integers(1, 90_000))


def fitted(shots, total):
    """The new durations, or None for a refusal, which is due exactly when there is no room."""
    durations, locked = [ms for ms, _ in shots], [is_locked for _, is_locked in shots]
    free = locked.count(False)
    room = total - sum(ms for ms, is_locked in shots if is_locked)
    if room >= MIN_SHOT_MS * free and (free or not room):
        return fit(durations, locked, total)
    with pytest.raises(CannotFit):
        fit(durations, locked, total)
    return None


@given(SHOTS, TOTALS)
def test_the_sum_is_exact_locks_are_kept_and_no_shot_is_too_short(shots, total):
    after = fitted(shots, total)
    if after is None:
        return
    assert sum(after) == total
    assert len(after) == len(shots)
    for (before, is_locked), ms in zip(shots, after, strict=True):
        assert ms == before if is_locked else ms >= MIN_SHOT_MS


@given(SHOTS, TOTALS)
def test_a_longer_shot_stays_at_least_as_long(shots, total):
    after = fitted(shots, total)
    if after is None:
        return
    free = [(ms, new) for (ms, locked), new in zip(shots, after, strict=True) if not locked]
    for shorter, new_shorter in free:
        assert all(new >= new_shorter for ms, new in free if ms > shorter)


@given(SHOTS, TOTALS)
def test_fitting_again_changes_nothing(shots, total):
    after = fitted(shots, total)
    if after is not None:
        assert fit(after, [is_locked for _, is_locked in shots], total) == after


@given(SHOTS)
def test_a_film_that_fits_is_left_alone(shots):
    durations = [ms for ms, _ in shots]
    assert fitted(shots, sum(durations)) == durations


@given(st.lists(st.integers(3_000, 60_000), min_size=1, max_size=20))
def test_no_share_is_a_whole_millisecond_off(durations):
    """With room for all, each differs from its exact share by less than 1 ms."""
    total = 30_000 if min(durations) * 30_000 >= MIN_SHOT_MS * sum(durations) else sum(durations)
    for before, after in zip(
        durations, fit(durations, [False] * len(durations), total), strict=True
    ):
        assert abs(after - before * total / sum(durations)) < 1


def test_remainders_go_to_the_largest_first():
    assert fit([1000, 1000, 1000], [False] * 3, 10_000) == [3334, 3333, 3333]
    assert fit([1000, 2000, 4000], [False] * 3, 10_000) == [1429, 2857, 5714]


def test_what_would_be_too_short_gets_half_a_second_of_the_others():
    assert fit([600, 30_000, 30_000], [False] * 3, 15_000) == [500, 7250, 7250]


@pytest.mark.parametrize(
    ("durations", "locked", "total", "says"),
    [
        ([], [], 15_000, "There are no shots yet"),
        ([8000] * 40, [False] * 40, 15_000, "40 shots of at least 0.5 s need 20 s"),
        ([8000, 9000], [True, True], 15_000, "Every shot is locked, and they last 17 s together"),
        (
            [14_000, 8000, 3000],
            [True, False, False],
            14_500,
            "Shot 1 is locked and lasts 14 s; the 2 others need at least 1 s. That is 0.5 s more "
            "than 14.5 s: unlock or shorten shot 1",
        ),
        ([9000, 3000, 9000], [True, False, True], 15_000, "Shots 1 and 3 are locked and last 18 s"),
    ],
)
def test_a_refusal_says_what_to_unlock_or_shorten(durations, locked, total, says):
    with pytest.raises(CannotFit) as refused:
        fit(durations, locked, total)
    assert says in str(refused.value)
