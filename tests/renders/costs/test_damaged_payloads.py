"""A stored payload that is damaged closes no page: it is said, and what was paid is counted."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from studio.renders import resolution
from studio.renders.costs.shots import UNKNOWN_SHOTS
from studio.renders.models import Take
from studio.renders.payloads import Damaged, scenes_of

COSTS = "/w/kitchen/costs/"
DAMAGED = {
    "empty": "",
    "cut short": '{"prompt":"x","storyboard":[{"id":"scene-1","dura',
    "no JSON": "<html>",
    "too deep": "[" * 100_000,
    "a list": "[]",
    "a number for shots": '{"storyboard": 3}',
    "text for shots": '{"storyboard": "scene-1"}',
    "a shot that is none": '{"storyboard": [null]}',
    "a length that is none": '{"storyboard": [{"id": "scene-1", "duration_seconds": "long"}]}',
    "a length below zero": '{"storyboard": [{"id": "scene-1", "duration_seconds": -3}]}',
}
PAGES = ["drawer", "status", "support"]


@pytest.fixture(params=DAMAGED.values(), ids=DAMAGED.keys())
def payload(request):
    return request.param


def test_it_is_told_from_a_sound_one(payload):
    with pytest.raises(Damaged):
        scenes_of(payload)
    assert scenes_of('{"duration_seconds": 15}') == [("whole film", 15_000)]


def test_costs_by_shot_and_both_tables_say_so(payload, make_take, creative):
    make_take(payload=payload)
    month = {"month": "2026-11", "by": "shot"}
    assert UNKNOWN_SHOTS in creative.get(COSTS, month).content.decode()
    [shot] = rows_of(creative.get(COSTS, month | {"format": "csv"}))
    assert (shot["shot"], Decimal(shot["spent"])) == (UNKNOWN_SHOTS, 3)
    [take] = rows_of(creative.get(COSTS, {"month": "2026-11", "format": "csv"}))
    assert (take["shots"], Decimal(take["cost"])) == ("damaged", 3)


def test_what_the_meter_told_of_each_shot_is_not_lost(payload, make_take, creative):
    metered = [{"id": "scene-1", "amount": "3.5"}, {"id": "scene-2", "amount": "0.5"}]
    make_take(payload=payload, actual=Decimal(4), metered=metered)
    by_shot = {"month": "2026-11", "by": "shot", "format": "csv"}
    assert [row["shot"] for row in rows_of(creative.get(COSTS, by_shot))] == ["scene-1", "scene-2"]


@pytest.mark.parametrize("name", PAGES)
def test_an_unknown_outcome_is_shown_and_can_be_settled(name, payload, make_take, producer):
    take = make_take(payload=payload, status="uncertain", attempts=1)
    answer = producer.get(reverse(f"renders:{name}", args=[take.pk]))
    assert answer.status_code == 200
    if name != "support":
        assert resolution.DAMAGED in answer.content.decode()
        assert "Send again" not in answer.content.decode()


def test_it_is_not_sent_again_whoever_presses(payload, make_take, producer):
    take = make_take(payload=payload, status="uncertain", attempts=1)
    url = reverse("renders:resolve", args=[take.pk])
    answer = producer.post(url, {"decision": "send_again", "agreed": "yes"})
    assert answer.status_code == 422
    assert resolution.DAMAGED in answer.content.decode()
    assert Take.objects.get().status == "uncertain"
    assert producer.post(url, {"decision": "not_created"}).status_code == 302
    assert Take.objects.get().status == "failed"


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
