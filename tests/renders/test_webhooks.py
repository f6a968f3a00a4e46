"""The vendor calls back: believed in nothing, and refused without a word."""

import json
import logging
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from studio.renders import webhooks
from studio.renders.models import Take, WebhookDelivery
from studio.renders.submission import order_take
from studio.transend.simulator import Simulator
from tests.renders.conftest import KEY, House, point_at, posts


@pytest.fixture
def submitted(take, house):
    house.work()
    Take.objects.update(next_poll_at=timezone.now() + timedelta(seconds=60))
    take.refresh_from_db()
    assert take.status == "submitted"
    return take


def address(take, mac=None):
    return f"/hooks/transend/{take.pk}/{webhooks.mac_of(take.pk) if mac is None else mac}"


def call(path, body=b'{"status": "succeeded"}', client=None, **more):
    client = client or Client(enforce_csrf_checks=True)
    return client.post(path, body, content_type="application/json", **more)


def test_a_call_brings_the_next_question_forward_and_nothing_else(submitted):
    before = (submitted.status, submitted.progress, submitted.pulse)
    response = call(address(submitted))
    assert (response.status_code, response.content) == (204, b"")
    submitted.refresh_from_db()
    assert submitted.next_poll_at <= timezone.now()
    assert (submitted.status, submitted.progress, submitted.pulse) == before
    delivery = WebhookDelivery.objects.get()
    assert (delivery.take, delivery.size_bytes) == (submitted, 23)


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"[" * 50_000, b"null", b'{"task_id": 7}', b'{"status":"failed"}', b"{" * 9],
    ids=lambda body: body[:6].decode("latin-1") or "empty",
)
def test_no_body_moves_a_take(submitted, body):
    assert call(address(submitted), body).status_code == 204
    submitted.refresh_from_db()
    assert (submitted.status, submitted.candidate_task_id) == ("submitted", "")


def test_a_byte_order_mark_does_not_hide_the_task_it_names(submitted):
    Take.objects.update(status="uncertain", vendor_task_id="")
    call(address(submitted), b'\xef\xbb\xbf{"task_id": "task_1"}')
    submitted.refresh_from_db()
    assert submitted.candidate_task_id == "task_1"


def refusals(take, other):
    mac = webhooks.mac_of(take.pk)
    return {
        "no mac": address(take, "x"),
        "upper case": address(take, mac.upper()),
        "cut": address(take, mac[:-1]),
        "another's": address(take, webhooks.mac_of(other)),
        "no ascii": address(take, "ä" * 64),
        "no such take": f"/hooks/transend/999999/{webhooks.mac_of(999_999)}",
        "far too high": f"/hooks/transend/{10**30}/{webhooks.mac_of(10**30)}",
    }


def test_every_refusal_is_the_same_404(submitted, settings):
    answers = {
        name: (response.status_code, response.content)
        for name, path in refusals(submitted, submitted.pk + 1).items()
        for response in [call(path)]
    }
    # The second is more than any form may hold.
    for size in (webhooks.MAX_BODY_BYTES + 1, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1):
        large = call(address(submitted), b"x" * size)
        answers[f"{size} bytes"] = (large.status_code, large.content)
    assert set(answers.values()) == {(404, b"")}
    assert not WebhookDelivery.objects.exists()
    submitted.refresh_from_db()
    assert submitted.next_poll_at > timezone.now()


def test_64_kib_are_taken(submitted):
    assert call(address(submitted), b"x" * webhooks.MAX_BODY_BYTES).status_code == 204


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options"])
def test_post_only_whoever_asks(submitted, method):
    for path in (address(submitted), address(submitted, "wrong")):
        assert getattr(Client(), method)(path).status_code == 405


def test_calls_are_kept_up_to_a_bound(submitted, monkeypatch):
    monkeypatch.setattr(webhooks, "MAX_DELIVERIES", 3)
    for _ in range(6):
        assert call(address(submitted)).status_code == 204
    assert WebhookDelivery.objects.count() == 3


def test_a_call_for_a_take_that_is_over_changes_nothing(submitted):
    Take.objects.update(status="ready", next_poll_at=None)
    assert call(address(submitted), b'{"task_id": "task_x"}').status_code == 204
    submitted.refresh_from_db()
    assert (submitted.status, submitted.next_poll_at) == ("ready", None)
    assert submitted.candidate_task_id == ""


def test_a_call_does_not_make_a_waiting_take_send(take):
    due = timezone.now() + timedelta(seconds=60)
    Take.objects.update(next_poll_at=due, send_after=due)
    assert call(address(take)).status_code == 204
    take.refresh_from_db()
    assert take.next_poll_at == due


def test_addresses_made_with_the_former_secret_still_work(submitted, settings):
    path = address(submitted)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-that-is-long-enough-for-django"
    assert call(path).status_code == 204


def test_no_log_shows_the_address(submitted, caplog, monkeypatch):
    path = address(submitted)
    with caplog.at_level(logging.DEBUG):
        call(path)
        call(path, b"x" * 100_000)
        call(address(submitted, "wrong-mac"))

        def broken(*args):
            raise DatabaseError("gone")

        monkeypatch.setattr(webhooks, "note", broken)
        assert call(path).status_code == 503
    assert "could not be noted" in caplog.text
    assert webhooks.mac_of(submitted.pk) not in caplog.text
    assert "wrong-mac" not in caplog.text


@pytest.mark.parametrize("do", ["duplicate_webhooks", "reordered_webhooks", "no_webhooks"])
@pytest.mark.django_db(transaction=True)
def test_whatever_the_vendors_webhooks_do_the_take_arrives_once(
    project, creative, api_key, tmp_path, settings, footage, live_server, do
):
    scenario = {"rules": [{"do": do, "when": {"method": "POST"}}]}
    storage = tmp_path / "t"
    with Simulator(
        keys={KEY}, storage=storage, speed=600, footage=footage, scenario=scenario
    ) as vendor:
        point_at(vendor, settings, tmp_path)
        settings.TRANSEND_WEBHOOK_BASE = live_server.url
        take = order_take(project, creative.user)
        house = House()
        house.until(take, "collecting")
        expected = {"duplicate_webhooks": 4, "reordered_webhooks": 2, "no_webhooks": 0}[do]
        ends_at = time.monotonic() + 30
        while take.deliveries.count() < expected and time.monotonic() < ends_at:
            time.sleep(0.02)
        assert take.deliveries.count() == expected
        assert len(posts(vendor)) == 1
    statuses = [event.to_status for event in take.events.all()]
    assert len(statuses) == len(set(statuses))
    assert json.dumps(statuses)
