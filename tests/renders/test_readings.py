"""What operators and their monitoring read, and what keeps /readyz honest."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from studio.renders import tasks
from studio.renders.models import Heartbeat
from studio.renders.views import readings
from studio.renders.watching import heartbeats
from tests.renders.conftest import House

QUEUES = ("takes", "long", "pictures")


@pytest.fixture
def alive(db):
    for process in heartbeats.EXPECTED:
        heartbeats.beat(process)


def failing(response):
    assert response.status_code == 503
    return {
        check["name"]: check["says"] for check in response.json()["checks"] if not check["is_well"]
    }


def test_health_needs_no_database_and_no_sign_in():
    response = Client().get("/healthz")  # without the fixture `db`, a query would fail the test
    assert (response.status_code, response.json()) == (200, {"up": True})


def test_ready_when_everything_shows_that_it_works(alive, client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["ready"] is True
    assert "no-store" in response.headers["Cache-Control"]


def test_not_ready_before_any_process_has_started(db, client):
    says = failing(client.get("/readyz"))
    assert set(says) == {"watcher", "worker:takes", "worker:long", "worker:pictures"}
    assert "Start 'python manage.py watch_takes'." in says["watcher"]
    assert "qcluster" in says["worker:long"]


@pytest.mark.parametrize("process", heartbeats.EXPECTED)
def test_not_ready_when_one_has_stopped(alive, client, process):
    old = timezone.now() - timedelta(seconds=readings.LATE_AFTER_S + 5)
    Heartbeat.objects.filter(process=process).update(beat_at=old)
    assert list(failing(client.get("/readyz"))) == [process]


def test_not_ready_with_migrations_missing(alive, client, monkeypatch):
    monkeypatch.setattr(readings, "_missing_migrations", lambda: 2)
    assert "manage.py migrate" in failing(client.get("/readyz"))["migrations"]


def test_not_ready_without_a_database(client, monkeypatch, db):
    def gone():
        raise readings.DatabaseError

    monkeypatch.setattr(readings, "_missing_migrations", gone)
    assert "DATABASE_URL" in failing(client.get("/readyz"))["database"]


def test_metrics_count_takes_queue_and_beats(alive, take, client):
    page = client.get("/metrics")
    assert page.headers["Content-Type"].startswith("text/plain")
    figures = dict(
        line.rsplit(" ", 1) for line in page.content.decode().splitlines() if line[0] != "#"
    )
    assert figures['shotboard_takes{status="queued"}'] == "1.0"
    assert figures['shotboard_takes{status="ready"}'] == "0.0"
    assert figures['shotboard_queue_depth{queue="takes"}'] == "1.0"
    assert float(figures['shotboard_heartbeat_age_seconds{process="watcher"}']) < 10
    assert figures["shotboard_oldest_due_seconds"] == "0.0"


@pytest.mark.parametrize(
    "more",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer wrong"},
        {"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer "},
    ],
)
@pytest.mark.parametrize("token", ["", "s3cret-token"])
def test_metrics_are_not_for_everybody(db, client, settings, more, token):
    settings.STUDIO_METRICS_TOKEN = token
    response = client.get("/metrics", **more)
    assert response.status_code == 403
    assert b"shotboard_takes" not in response.content


@pytest.mark.parametrize(
    "url", ["https://studio.example.com", "http://studio.example.com", "https://localhost", ""]
)
@pytest.mark.parametrize("token", ["", "s3cret-token"])
def test_metrics_of_a_public_studio_are_not_for_its_own_machine(db, client, settings, url, token):
    """A proxy on the same machine may come without saying for whom."""
    settings.STUDIO_PUBLIC_URL = url
    settings.STUDIO_METRICS_TOKEN = token
    response = client.get("/metrics")
    assert response.status_code == 403
    assert b"shotboard_takes" not in response.content
    assert b"STUDIO_METRICS_TOKEN" in response.content


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://studio.example.com"])
def test_metrics_with_the_token_from_anywhere(db, client, settings, url):
    settings.STUDIO_PUBLIC_URL = url
    settings.STUDIO_METRICS_TOKEN = "s3cret-token"
    headers = {"Authorization": "Bearer s3cret-token", "X-Forwarded-For": "203.0.113.9"}
    response = client.get("/metrics", headers=headers, REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_readings_are_only_read(db, client, path):
    assert client.post(path).status_code == 405


def test_workers_are_asked_through_their_own_queue_and_answer(db):
    heartbeats.ask_workers()
    assert set(OrmQ.objects.values_list("key", flat=True)) == set(QUEUES)
    assert heartbeats.ages_s() == {}
    assert House().work() == [("beat", queue) for queue in QUEUES]
    assert set(heartbeats.ages_s()) == {f"worker:{queue}" for queue in QUEUES}


def test_a_queue_that_does_not_answer_is_not_filled_with_questions(db):
    for _ in range(5):
        heartbeats.ask_workers()
    assert OrmQ.objects.count() == len(QUEUES)
    long_ago = timezone.now() - heartbeats.ASKED_AGAIN_AFTER * 2
    Heartbeat.objects.update(asked_at=long_ago)
    heartbeats.ask_workers()
    assert OrmQ.objects.count() == 2 * len(QUEUES)


def test_a_worker_that_has_just_beaten_is_not_asked(db):
    for queue in QUEUES:
        tasks.beat(queue)
    heartbeats.ask_workers()
    assert not OrmQ.objects.exists()
