"""The bench of the watcher works; its figures stand at the end of each run of all tests."""

import pytest

from tests.bench import polling
from tests.bench.polls import writing
from tests.bench.polls.vendor import vendor_far_away

TAKES, SECONDS = 60, 2.0


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_the_sweep_is_measured_beside_its_peers(tell):
    with vendor_far_away() as url:
        figures = polling.measure(TAKES, url, SECONDS, workers=2)
    for contestant in (figures.sweep, figures.queue, figures.plain, figures.paced.measured):
        assert contestant.polls > 0
    tell(polling.says(figures))


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_a_turn_writes_at_most_twice_however_much_it_learned(tell):
    """Counted in the watcher's own process: its beats, once in three seconds, come on top."""
    from tests.bench.polls import sweep, takes

    with vendor_far_away() as url:
        takes.under_way(300)
        run = sweep.watch_apart(url, SECONDS, warm_s=2.0, tick_s=sweep.own_tick_s(), fast=True)
    turns_at_most = run.seconds / sweep.own_tick_s() + 1
    beats = run.seconds / 3 + 1
    assert run.polls > 0
    assert run.transactions <= 2 * turns_at_most + 10 * beats
    assert run.statements < run.polls + 60 * turns_at_most, "statements do not grow with takes"


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_the_write_back_is_measured_beside_bulk_update(tell):
    from django.db import connection

    from studio.renders.models import Take

    found = writing.measure(rows=100, rounds=3)
    assert set(Take.objects.values_list("progress", "waits_for")) == {(5, "bulk 2")}
    tell(f"  {polling.says_of_writing(found, connection.vendor, 50)}")
