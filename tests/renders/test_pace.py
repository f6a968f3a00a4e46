"""How often a take is asked about, and that a watcher never takes on more than it can do."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from studio.renders.models import Take
from studio.renders.watching import pace
from tests.bench.polls import takes

AGES = st.floats(0, 1_000_000)
RATES = st.floats(0, 100_000)
CAPACITIES = st.floats(5, pace.QUESTIONS_PER_S)


@pytest.mark.parametrize(
    ("age_s", "steady_s"), [(0, 0.7), (60, 0.7), (600, 5.0), (3_600, 15.0), (90_000, 15.0)]
)
def test_young_takes_are_asked_about_often_and_old_ones_rarely(age_s, steady_s):
    waits = [pace.interval_s(age_s) for _ in range(200)]
    assert steady_s * 0.8 <= min(waits) < max(waits) <= steady_s * 1.2


@given(AGES, AGES)
def test_an_older_take_never_waits_less(one, other):
    younger, older = sorted([one, other])
    assert pace.SHORTEST_S <= pace.steady_s(younger) <= pace.steady_s(older) <= pace.LONGEST_S


@given(st.lists(st.tuples(AGES, st.integers(0, 20_000)), max_size=12), CAPACITIES)
def test_however_many_are_under_way_a_watcher_is_asked_for_no_more_than_it_can_do(found, capacity):
    stretch = pace.stretch_for(pace.wanted_per_s(found), capacity)
    asked_per_s = sum(count / (pace.steady_s(age_s) * stretch) for age_s, count in found)
    assert asked_per_s <= capacity * 1.000_001
    assert stretch >= 1


@given(RATES, CAPACITIES)
def test_without_load_nothing_is_stretched(wanted, capacity):
    assert (pace.stretch_for(wanted, capacity) == 1) == (wanted <= capacity)


@given(CAPACITIES, RATES, st.floats(0, 1_000))
def test_what_a_watcher_can_do_is_learned_from_what_it_managed(capacity, managed, late_s):
    after = pace.capacity_after(capacity, managed, late_s)
    assert 5 <= after <= pace.QUESTIONS_PER_S
    if late_s > pace.LATE_S:
        assert after <= max(managed, 5)
        assert after <= capacity
    else:
        assert after >= capacity


@given(CAPACITIES)
def test_it_takes_on_everything_again_once_it_is_in_time(capacity):
    for _ in range(20):
        capacity = pace.capacity_after(capacity, 0, 0)
    assert capacity == pace.QUESTIONS_PER_S


def test_a_watcher_that_falls_behind_stretches_until_it_keeps_up():
    load = pace.Load(0.0)
    for _ in range(600):
        load.note(late_s=3.0)
    load.settle(wanted=7_000, now_s=3.0)  # 200 a second are what it managed
    assert load.stretch == pytest.approx(7_000 / 160)
    assert load.facts() == {"late_ms": 0, "stretch": 43.75}
    load.note(late_s=0.1)
    load.settle(wanted=7_000, now_s=6.0)
    assert load.stretch == pytest.approx(7_000 / 200)


def test_takes_are_counted_by_age_in_one_query(db, django_assert_num_queries):
    pks = takes.under_way(9)
    now = timezone.now()
    aged = {0: 4, 100: 2, 700: 1, 90_000: 1}
    ages = [age_s for age_s, count in aged.items() for _ in range(count)]
    for pk, age_s in zip(pks, ages, strict=False):
        Take.objects.filter(pk=pk).update(submitted_at=now - timedelta(seconds=age_s))
    Take.objects.filter(pk=pks[8]).update(status="stalled")
    with django_assert_num_queries(1):
        found = pace.under_way()
    assert {age_s: count for age_s, count in found if count} == {0: 4, 84: 2, 600: 1, 1_800: 1}
    assert found[-1] == (1_800, 1), "the stalled one"
    assert sum(count for _, count in found) == 9


def test_what_is_not_asked_about_is_not_counted(db):
    takes.under_way(3)
    Take.objects.update(status="queued", next_poll_at=None)
    assert pace.wanted_per_s(pace.under_way()) == 0
