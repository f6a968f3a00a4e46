"""The loop itself, with its own thread, its own connections and real sockets."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from studio.renders.models import Heartbeat, Take
from studio.renders.submission import order_take
from studio.renders.watching import due, heartbeats
from studio.renders.watching import loop as watching
from tests.renders.conftest import House, posts
from tests.renders.loops import Watcher, until

pytestmark = pytest.mark.django_db(transaction=True)


def at(take, *statuses):
    take.refresh_from_db()
    return take.status in statuses


def test_the_loop_follows_a_take_to_its_end(take):
    house = House()
    house.work()
    with Watcher():
        until(lambda: at(take, "collecting"))
        house.work()
        assert at(take, "ready")


def test_three_watchers_ask_no_more_than_one_would(project, creative, api_key, vendor):
    takes = [order_take(project, creative.user) for _ in range(6)]
    House().work()
    with Watcher(), Watcher(), Watcher():
        until(lambda: all(at(take, "collecting") for take in takes))
    for take in takes:
        assert take.events.filter(to_status="collecting").count() == 1
    asked = [request.path for request in vendor.requests if request.method == "GET"]
    assert len(asked) <= 5 * len(takes)
    assert len(posts(vendor)) == len(takes)


def test_it_beats_and_asks_the_workers_to(vendor):
    house = House()
    with Watcher():
        until(lambda: Heartbeat.objects.filter(process=heartbeats.WATCHER).exists())
        until(lambda: house.work() and len(heartbeats.ages_s()) == len(heartbeats.EXPECTED))


def test_a_database_that_fails_for_a_while_does_not_end_it(take, monkeypatch):
    House().work()
    really, refusals = due.questions_due, [OperationalError("database is locked")] * 2

    def shaky(limit):
        if refusals:
            raise refusals.pop()
        return really(limit)

    monkeypatch.setattr(due, "questions_due", shaky)
    monkeypatch.setattr(watching, "_PAUSE_AFTER_DATABASE_ERROR_S", 0.02)
    with Watcher():
        until(lambda: at(take, "collecting"))
    assert not refusals


def test_a_slow_answer_holds_nobody_up(project, creative, api_key, vendor, monkeypatch):
    monkeypatch.setattr(watching, "_GOODBYE_S", 0.2)
    slow, quick = order_take(project, creative.user), order_take(project, creative.user)
    House().work()
    slow.refresh_from_db()
    when = {"path": f"/v1/tasks/{slow.vendor_task_id}"}
    vendor.set_scenario({"rules": [{"do": "slow", "delay_s": 60, "when": when}]})
    with Watcher():
        until(lambda: at(quick, "collecting"))
        assert at(slow, "submitted")
        until(lambda: Take.objects.get(pk=slow.pk).next_poll_at > timezone.now())
    # Told to stop it waits a moment for answers, then leaves the take to the next watcher at once.
    assert Take.objects.get(pk=slow.pk).next_poll_at <= timezone.now()


def address_of_the_test_database():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    where = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{where}"


def test_the_command_ends_cleanly_on_sigterm(tmp_path):
    manage = Path(__file__).parents[2] / "manage.py"
    environment = {
        "STUDIO_VAR": str(tmp_path),
        "DATABASE_URL": address_of_the_test_database(),
        "TRANSEND_BASE_URL": "http://127.0.0.1:9",
    }
    process = subprocess.Popen(
        [sys.executable, str(manage), "watch_takes"], env=environment, stderr=subprocess.PIPE
    )
    try:
        until(lambda: Heartbeat.objects.filter(process=heartbeats.WATCHER).exists(), within_s=90)
        assert Heartbeat.objects.get(process=heartbeats.WATCHER).facts["pid"] == process.pid
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert (process.returncode, said) == (0, b"")


@pytest.fixture(autouse=True)
def _no_connection_left_open(transactional_db):
    yield
    connections.close_all()
