"""Giving up the files of a finished render: who may, what is said before, and that it is an end."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.accounts.models import AuditEntry
from studio.renders.collecting import collector, giving_up, retention_at_vendor
from studio.renders.costs import spending
from studio.renders.lifecycle import IllegalTransition, Status
from studio.renders.models import Take
from studio.renders.wording import label_of, standing_of
from tests.renders.conftest import LONG_AGO, posts, statuses_of
from tests.renders.fetching import FILES

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def uncollected(finished, house, vendor):
    """Its video could not be fetched, its preview is in the vault."""
    vendor.set_scenario({"rules": [{"do": "error_500", "when": FILES[1]}]})
    Take.objects.update(collect_attempts=collector.MAX_ATTEMPTS - 1, leased_until=None)
    house.work()
    finished.refresh_from_db()
    assert finished.status == Status.UNCOLLECTED
    return finished


def put(take, to, **fields):
    Take.objects.filter(pk=take.pk).update(status=to, **fields)
    take.refresh_from_db()
    return take


def url(take):
    return reverse("renders:give-up", args=[take.pk])


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_it_ends_told_counted_and_never_asked_about_again(
    uncollected, producer, house, vendor, settings
):
    settings.TRANSEND_RETENTION_PATH = "/v1/assets/{task_id}/retention"
    giving_up.give_up(uncollected, producer.user)
    assert (uncollected.status, uncollected.error_kind) == ("failed", "given_up")
    assert uncollected.finished_at is not None
    event = uncollected.events.order_by("number").last()
    assert (event.from_status, event.to_status) == ("uncollected", "failed")
    assert (event.actor, event.says) == (producer.user, uncollected.error_says)
    assert "uncollected" in statuses_of(uncollected)
    assert AuditEntry.objects.get(action="take.given_up").actor == producer.user
    heard = len(vendor.requests)
    Take.objects.update(next_poll_at=LONG_AGO)
    house.turn()
    house.work()
    retention_at_vendor.extend(uncollected.pk)
    assert len(vendor.requests) == heard
    assert len(posts(vendor)) == 1


def test_it_is_paid_for_all_the_same(uncollected, producer):
    Take.objects.update(estimate=3, currency="USD")
    giving_up.give_up(uncollected, producer.user)
    [spent] = spending.totals(Take.objects.all().order_by()).values()
    assert (spent.spent, spent.reserved) == (3, 0)


def test_it_is_shown_as_given_up_and_not_as_a_failure(uncollected, producer):
    giving_up.give_up(uncollected, producer.user)
    standing = standing_of(uncollected)
    assert (label_of(uncollected), standing.tone) == ("Given up", "")
    assert standing.says == f"{producer.user} gave up its files, which could not be fetched."
    assert "paid for" in standing.then
    desk = text(producer.get(reverse("renders:desk", args=["kitchen"])))
    assert "Given up" in desk
    assert "Give up on its files" not in desk


@pytest.mark.parametrize("at", list(Status))
def test_only_files_that_could_not_be_fetched_are_given_up(take, producer, at):
    put(take, at)
    if at == Status.UNCOLLECTED:
        giving_up.give_up(take, producer.user)
        assert take.status == Status.FAILED
        return
    with pytest.raises(IllegalTransition):
        giving_up.give_up(take, producer.user)
    assert Take.objects.get().status == at
    assert "Give up on these files" not in text(producer.get(url(take)))


def test_what_is_given_up_is_not_collected_again(uncollected, producer):
    giving_up.give_up(uncollected, producer.user)
    with pytest.raises(IllegalTransition):
        collector.collect_again(uncollected, producer.user)


def test_collecting_again_beside_it_is_faster_and_nothing_is_lost(uncollected, producer):
    stale = Take.objects.get()
    collector.collect_again(uncollected, producer.user)
    with pytest.raises(IllegalTransition):
        giving_up.give_up(stale, producer.user)
    late = producer.post(url(stale), **HTMX)
    assert late.status_code == 409
    assert "Nothing was given up: the take has gone on meanwhile." in text(late)
    assert Take.objects.get().status == Status.COLLECTING
    assert not AuditEntry.objects.filter(action="take.given_up").exists()


def test_before_it_the_page_says_what_is_lost(take, producer):
    put(take, "uncollected", links_until=timezone.now() + timedelta(hours=5))
    asked = text(producer.get(url(take)))
    assert "is paid for" in asked
    assert "This cannot be taken back." in asked
    assert "gone there for good" in asked
    assert "Collecting again costs nothing" in asked
    put(take, "uncollected", links_until=timezone.now() - timedelta(hours=5))
    assert "so they may be gone already" in text(producer.get(url(take)))
    put(take, "uncollected", links_until=None)
    assert "24 hours after the render" in text(producer.get(url(take)))


def test_with_htmx_and_without(take, producer):
    put(take, "uncollected")
    done = producer.post(url(take), **HTMX)
    assert done.status_code == 204
    assert "takeDecided" in done["HX-Trigger"]
    put(take, "uncollected", error_kind="", error_says="")
    plain = producer.post(url(take), follow=True)
    assert plain.redirect_chain == [(reverse("renders:status", args=[take.pk]), 302)]
    assert "gave up its files" in text(plain)


def test_who_may_and_how(take, viewer, creative, producer, admin, stranger):
    put(take, "uncollected")
    for actor in (viewer, creative):
        assert actor.get(url(take)).status_code == actor.post(url(take)).status_code == 403
    for actor in (producer, admin):
        put(take, "uncollected")
        assert actor.get(url(take)).status_code == 200
        assert actor.post(url(take)).status_code == 302
    assert stranger.get(url(take)).status_code == stranger.post(url(take)).status_code == 404
    assert producer.put(url(take)).status_code == 405
    put(take, "uncollected")
    state = reverse("renders:status", args=[take.pk])
    assert "Give up on these files" in text(producer.get(state))
    assert "Give up" not in text(creative.get(state))
