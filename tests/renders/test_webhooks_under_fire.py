"""Thousands of calls that are forged, repeated, reordered or nonsense: they change nothing."""

import json
import os
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.renders import webhooks
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeEvent, WebhookDelivery
from studio.renders.submission import order_take
from studio.transend.simulator import Simulator
from tests.renders.conftest import KEY, House, point_at

# Ten thousand in the long run (`make faults`).
CALLS, TURNS = (10_000 if "FAULT_ROUNDS" in os.environ else 2_000), 20
# What a call may touch: when the vendor is asked next, and nothing else.
UNTOUCHABLE = [
    field.attname for field in Take._meta.concrete_fields if field.attname != "next_poll_at"
]
LARGEST = webhooks.MAX_BODY_BYTES
BODIES = {
    "nothing": b"",
    "no JSON": b"\xff\xfe<xml>",
    "half of it": b'{"task_id": "task_',
    "deep": b"[" * 30_000,
    "deep objects": b'{"a":' * 9_000,
    "a NUL": b'{"task_id": "task_\\u0000", "status": "failed\\u0000"}',
    "raw NUL": b"\0" * 100,
    "a huge number": b'{"task_id": 1e999, "progress": ' + b"9" * 4_000 + b"}",
    "NaN": b'{"task_id": NaN}',
    "a list": b'["task_1"]',
    "a long id": json.dumps({"task_id": "t" * 5_000}).encode(),
    "a surrogate": b'{"task_id": "\\ud800"}',
    "just fits": b" " * LARGEST,
    "finished": b'{"task_id": "task_0", "status": "succeeded", "progress": 100}',
    "failed": b'{"task_id": "task_1", "status": "failed", "progress": 0}',
    "unknown": b'{"task_id": "task_2", "status": "on fire", "progress": -7}',
    "back again": b'{"task_id": "task_3", "status": "queued", "progress": 1}',
}
TOO_LARGE = b"x" * (LARGEST + 1)


@pytest.fixture
def vendor(tmp_path, footage, settings):
    """A vendor whose renders take hours."""
    with Simulator(
        keys={KEY}, storage=tmp_path / "transend", speed=0.01, footage=footage
    ) as simulator:
        point_at(simulator, settings, tmp_path)
        yield simulator


@pytest.fixture
def takes(project, creative, api_key, vendor):
    """One that is at the vendor, and one of each status in which a call means nothing at all."""
    at_vendor = order_take(project, creative.user)
    House().work()
    at_rest = {Status.READY, Status.FAILED, Status.CANCELLED, Status.COLLECTING, Status.UNCOLLECTED}
    others = []
    for status in sorted(at_rest):
        other = order_take(project, creative.user)
        Take.objects.filter(pk=other.pk).update(
            status=status, next_poll_at=None, vendor_task_id=f"task_of_{status}"
        )
        others.append(other)
    at_vendor.refresh_from_db()
    assert at_vendor.status == Status.SUBMITTED
    return [at_vendor, *others]


def fire(takes):
    """Calls in any order: (what it is, method, path, body)."""
    chance = random.Random(14)
    for _ in range(CALLS):
        take, other = chance.sample(takes, 2)
        right, name = webhooks.mac_of(take.pk), chance.choice([*BODIES])
        wrong = chance.choice(
            [webhooks.mac_of(other.pk), right[:-1], right.upper(), right[::-1], "0" * 64, "x", "ä"]
        )
        what = chance.choices(["true", "forged", "method", "large", "nobody"], [5, 3, 1, 0.3, 1])[0]
        match what:
            case "true":
                yield "true", "POST", f"/hooks/transend/{take.pk}/{right}", BODIES[name]
            case "forged":
                yield "refused", "POST", f"/hooks/transend/{take.pk}/{wrong}", BODIES[name]
            case "large":
                yield "refused", "POST", f"/hooks/transend/{take.pk}/{right}", TOO_LARGE
            case "nobody":
                nobody = chance.choice([0, 10**6 + take.pk, 10**19, 10**400])
                mac = chance.choice([webhooks.mac_of(nobody), wrong])
                yield "refused", "POST", f"/hooks/transend/{nobody}/{mac}", BODIES[name]
            case "method":
                method = chance.choice(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
                yield "method", method, f"/hooks/transend/{take.pk}/{right}", b""


def state(takes):
    rows = Take.objects.filter(pk__in=[take.pk for take in takes]).order_by("pk")
    return list(rows.values(*UNTOUCHABLE)), TakeEvent.objects.count()


def questions(vendor):
    return sum(request.method == "GET" for request in vendor.requests)


def test_thousands_of_calls_change_nothing_but_when_the_vendor_is_asked(takes, vendor, tell):
    house, client = House(), Client(enforce_csrf_checks=True)
    house.turn()  # whatever is due by itself
    before, asked = state(takes), questions(vendor)
    answers = Counter()
    for number, (what, method, path, body) in enumerate(fire(takes), start=1):
        answer = client.generic(method, path, body, content_type="application/json")
        answers[what, answer.status_code, answer.content] += 1
        if number % (CALLS // TURNS) == 0:
            house.turn()
    asked = questions(vendor) - asked
    after = state(takes)
    assert {key[:2] for key in answers} == {("true", 204), ("refused", 404), ("method", 405)}
    assert {content for _, _, content in answers} == {b""}
    assert after == before
    # However many call, one turn of the watcher asks once.
    assert 1 <= asked <= TURNS
    kept = Counter(WebhookDelivery.objects.values_list("take", flat=True))
    assert max(kept.values()) <= webhooks.MAX_DELIVERIES
    told = ", ".join(f"{count:,} {what} → {code}" for (what, code, _), count in answers.items())
    tell(f"  {told}; {asked} questions in {TURNS} turns, {kept.total()} rows kept")


def answer_to(path, body=b"{}"):
    with CaptureQueriesContext(connection) as asked:
        answer = Client().post(path, body, content_type="application/json")
    return (answer.status_code, answer.content, sorted(answer.items())), len(asked)


def test_who_has_no_mac_cannot_tell_what_takes_there_are(takes):
    """Whether a take exists is not even looked up, and every refusal is the same to the byte."""
    there, gone = takes[0].pk, 10**6
    forged = [
        answer_to(f"/hooks/transend/{pk}/{mac}")
        for pk in (there, takes[1].pk, gone, 10**30)
        for mac in ("x", "0" * 64, webhooks.mac_of(there)[::-1])
    ]
    assert {asked for _, asked in forged} == {0}
    right = [
        answer_to(f"/hooks/transend/{gone}/{webhooks.mac_of(gone)}"),
        answer_to(f"/hooks/transend/{there}/{webhooks.mac_of(there)}", TOO_LARGE),
    ]
    assert len({str(answer) for answer, _ in [*forged, *right]}) == 1


def test_calls_for_a_take_with_a_task_leave_no_hint_of_another(takes):
    for pk, task in Take.objects.values_list("pk", "vendor_task_id"):
        body = json.dumps({"task_id": f"not_{task}"}).encode()
        assert answer_to(f"/hooks/transend/{pk}/{webhooks.mac_of(pk)}", body)[0][0] == 204
    assert not Take.objects.exclude(candidate_task_id="").exists()


def test_what_is_due_soon_is_not_brought_forward_again_and_again(takes, vendor):
    take = takes[0]
    path = f"/hooks/transend/{take.pk}/{webhooks.mac_of(take.pk)}"
    soon = timezone.now() + timedelta(milliseconds=200)
    Take.objects.filter(pk=take.pk).update(next_poll_at=soon)
    for _ in range(100):
        assert answer_to(path)[0][0] == 204
        Take.objects.filter(pk=take.pk, next_poll_at__lt=soon).update(next_poll_at=soon)
    assert Take.objects.get(pk=take.pk).next_poll_at == soon
