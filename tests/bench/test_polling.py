"""The bench of the watcher works; its figures stand at the end of each run of all tests."""

import os
import signal
import subprocess
import sys

import pytest

from tests.bench import polling
from tests.bench.polls import writing
from tests.bench.polls.vendor import vendor_far_away
from tests.lib.test_lifeline import are_gone

TAKES, SECONDS, WARM_S = 60, 1.5, 0.5
# A bench with its cluster at work; prints the cluster's session, and its processes.
ENDLESS = """
import django, time
django.setup()
from tests.bench.polls import queued
with queued.cluster("http://127.0.0.1:9", 2) as session:
    print(session, flush=True)
    while len(found := queued.processes_of(session)) < 4:
        time.sleep(0.05)
    print(*found, flush=True)
    time.sleep(600)
"""


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_the_sweep_is_measured_beside_its_peers(tell):
    with vendor_far_away() as url:
        figures = polling.measure(TAKES, url, SECONDS, workers=2, warm_s=WARM_S)
    for contestant in (figures.sweep, figures.queue, figures.plain, figures.paced.measured):
        assert contestant.polls > 0
    tell(polling.says(figures))


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_each_poll_of_the_queue_is_counted_in_its_row():
    """Entries that fail leave the queue too: only what was written counts."""
    from studio.renders.models import Take
    from tests.bench.polls import queued, takes

    pks = takes.under_way(20)
    with vendor_far_away() as url:
        found = queued.ask_for(url, pks, 30.0, workers=2)
    assert found.polls > 0
    assert set(Take.objects.values_list("changes", "progress")) == {(5, 42)}, "80 polls, 4 of each"


@pytest.mark.django_db(transaction=True)
def test_a_bench_that_is_ended_leaves_no_cluster():
    from tests.bench.polls.sweep import address_of_database

    environment = {**os.environ, "DATABASE_URL": address_of_database()}
    argv = [sys.executable, "-c", ENDLESS]
    with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True) as bench:
        assert bench.stdout
        session = int(bench.stdout.readline())
        workers = [int(pid) for pid in bench.stdout.readline().split()]
        bench.send_signal(signal.SIGTERM)
    assert len(workers) >= 3
    assert are_gone([session, *workers])


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_a_turn_writes_at_most_twice_however_much_it_learned(tell):
    """Counted in the watcher's own process: its beats, once in three seconds, come on top."""
    from tests.bench.polls import sweep, takes

    with vendor_far_away() as url:
        takes.under_way(300)
        run = sweep.watch_apart(url, SECONDS, warm_s=WARM_S, tick_s=sweep.own_tick_s(), fast=True)
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
