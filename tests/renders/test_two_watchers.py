"""Two real watchers on one database: leases keep them apart."""

import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from studio.renders.models import Heartbeat, Take
from studio.renders.submission import order_take
from studio.renders.watching import heartbeats, pace
from studio.transend.simulator import Simulator
from tests.bench.polls.sweep import address_of_database
from tests.renders.conftest import KEY, House, point_at, posts
from tests.renders.loops import until

MANAGE = Path(__file__).parents[2] / "manage.py"


@pytest.fixture
def slow_vendor(tmp_path, footage, settings):
    """A render takes far longer than the test."""
    with Simulator(keys={KEY}, storage=tmp_path / "slow", footage=footage, speed=0.01) as simulator:
        point_at(simulator, settings, tmp_path)
        yield simulator


def moments_of_questions(simulator):
    """When each task was asked about, in the vendor's own order."""
    asked = defaultdict(list)
    for request in list(simulator.requests):
        if request.method == "GET":
            asked[request.path].append(request.at)
    return asked


@pytest.mark.django_db(transaction=True)
def test_two_watchers_never_ask_about_one_take_at_once(
    project, creative, api_key, slow_vendor, tmp_path
):
    for _ in range(12):
        order_take(project, creative.user)
    House().work()
    assert len(posts(slow_vendor)) == 12
    environment = {
        "STUDIO_VAR": str(tmp_path),
        "STUDIO_KEYRING": str(django_settings.STUDIO_KEYRING),
        "DATABASE_URL": address_of_database(),
        "TRANSEND_BASE_URL": slow_vendor.url,
    }
    argv = [sys.executable, str(MANAGE), "watch_takes"]
    watchers = [subprocess.Popen(argv, env=environment) for _ in range(2)]
    alive: set[int] = set()

    def both_have_asked():
        beat = Heartbeat.objects.filter(process=heartbeats.WATCHER).first()
        alive.update([beat.facts["pid"]] if beat else [])
        asked = moments_of_questions(slow_vendor)
        enough = len(asked) == 12 and all(len(moments) >= 3 for moments in asked.values())
        return enough and alive == {watcher.pid for watcher in watchers}

    try:
        until(both_have_asked, within_s=90)
    finally:
        for watcher in watchers:
            watcher.terminate()
        for watcher in watchers:
            watcher.wait(60)
    between = [
        later - earlier
        for moments in moments_of_questions(slow_vendor).values()
        for earlier, later in pairwise(moments)
    ]
    # The next question is due this long after the answer to the last, whoever asks; a busy machine
    # makes it longer, never shorter.
    assert min(between) >= 0.8 * pace.SHORTEST_S - 0.01
    assert not Take.objects.exclude(status__in=["submitted", "running"]).exists()
