"""The files of an uncollected take: kept longer at the vendor where that can be asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.renders import wording
from studio.renders.collecting import collector, retention_at_vendor
from studio.renders.models import Take
from tests.renders.conftest import LONG_AGO, posts, statuses_of

HOUR = timedelta(hours=1)


@pytest.fixture
def uncollected(finished, house):  # noqa: F811
    """Its collectors died each time."""
    Take.objects.update(collect_attempts=collector.MAX_ATTEMPTS)
    house.work()
    finished.refresh_from_db()
    assert finished.status == "uncollected"
    return finished


def asked(vendor):
    return [r.body for r in vendor.requests if r.path.endswith("/retention")]


def turned(house, take, **fields):
    """One turn of the watcher with the take due, and the work that this made."""
    Take.objects.filter(pk=take.pk).update(next_poll_at=LONG_AGO, **fields)
    house.turn()
    house.work()
    take.refresh_from_db()
    return take


def test_what_is_not_collected_is_kept_at_once(uncollected, house, vendor):
    now = timezone.now()
    assert abs(uncollected.links_until - now - 24 * HOUR) < HOUR
    house.turn()
    house.work()
    uncollected.refresh_from_db()
    assert asked(vendor) == [{"hours": 72}]
    assert abs(uncollected.links_until - now - 72 * HOUR) < HOUR
    assert abs(uncollected.next_poll_at - now - 36 * HOUR) < HOUR
    assert uncollected.leased_until is None
    assert uncollected.events.last().says.startswith("Transend keeps its files until ")
    assert statuses_of(uncollected)[-2:] == ["uncollected", "uncollected"]


def test_it_is_asked_again_only_when_the_time_runs_short(uncollected, house, vendor):
    turned(house, uncollected)
    turned(house, uncollected)
    assert len(asked(vendor)) == 1
    turned(house, uncollected, links_until=timezone.now() + 35 * HOUR)
    assert len(asked(vendor)) == 2


def test_a_refusal_is_said_once_and_tried_later(uncollected, house, vendor):
    failing = {"do": "error_500", "when": {"path": "/v1/assets/*"}}
    vendor.set_scenario({"rules": [failing]})
    turned(house, uncollected)
    turned(house, uncollected)
    assert len(asked(vendor)) == 2
    told = [
        event.says for event in uncollected.events.all() if "keep its files longer" in event.says
    ]
    assert len(told) == 1
    assert uncollected.next_poll_at > timezone.now() + HOUR / 3
    assert uncollected.exchanges.filter(what="retention", status=500, times=2).exists()
    vendor.set_scenario({})
    turned(house, uncollected)
    assert uncollected.links_until > timezone.now() + 70 * HOUR


def test_without_a_configured_path_nothing_is_asked(uncollected, house, vendor, settings):
    settings.TRANSEND_RETENTION_PATH = ""
    turned(house, uncollected)
    assert (asked(vendor), uncollected.next_poll_at) == ([], None)


@pytest.mark.parametrize(
    "fields",
    [
        {"links_until": timezone.now() - HOUR},
        {"links_until": None},
        {"created_at": timezone.now() - timedelta(days=31)},
    ],
    ids=["gone", "never known", "let go"],
)
def test_what_is_over_is_not_asked_about(uncollected, house, vendor, fields):
    turned(house, uncollected, **fields)
    assert (asked(vendor), uncollected.next_poll_at) == ([], None)


def test_a_second_delivery_asks_nothing(uncollected, vendor):
    retention_at_vendor.extend(uncollected.pk)
    retention_at_vendor.extend(uncollected.pk)
    assert len(asked(vendor)) == 1


def test_a_take_under_way_elsewhere_is_left_alone(uncollected, vendor, creative):
    Take.objects.update(leased_until=timezone.now() + HOUR)
    retention_at_vendor.extend(uncollected.pk)
    collector.collect_again(uncollected, creative.user)
    retention_at_vendor.extend(uncollected.pk)
    assert asked(vendor) == []


def test_collecting_again_works_with_what_was_kept(uncollected, house, vendor, creative):
    turned(house, uncollected)
    collector.collect_again(uncollected, creative.user)
    assert house.until(uncollected, "ready").status == "ready"
    assert len(posts(vendor)) == 2  # the render, and the wish to keep its files


def test_the_page_says_how_long_there_is_time(uncollected):
    until = wording.in_words(uncollected.links_until)
    assert f"Transend keeps the files until {until}." in wording.standing_of(uncollected).then
    uncollected.links_until = timezone.now() - HOUR
    then = wording.standing_of(uncollected).then
    assert "they may be gone" in then
    assert "Collect again" in then
    assert wording.advice_on(uncollected) == then
