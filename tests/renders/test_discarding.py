"""Discarding on arrival: in each state, taken back, and when it arrives at that very moment."""

import asyncio
import re

import pytest
from django.urls import reverse

from studio.accounts.models import AuditEntry
from studio.renders.desk import discarding
from studio.renders.desk.discarding import TooLate
from studio.renders.lifecycle import AT_VENDOR, Status
from studio.renders.models import Take
from studio.renders.watching import due, polling
from studio.renders.wording import label_of, standing_of
from tests.renders.conftest import LONG_AGO, _asked, posts

HTMX = {"headers": {"HX-Request": "true"}}


def put(take, to, **fields):
    Take.objects.filter(pk=take.pk).update(status=to, **fields)
    take.refresh_from_db()
    return take


def url(take):
    return reverse("renders:discard", args=[take.pk])


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("at", list(Status))
def test_it_is_possible_exactly_while_the_take_is_at_transend(take, creative, at):
    put(take, at)
    if at in AT_VENDOR:
        discarding.discard(take, creative.user)
        assert take.discarded_at
        assert "may be billed" in standing_of(take).then
    else:
        with pytest.raises(TooLate) as late:
            discarding.discard(take, creative.user)
        assert str(late.value).endswith(".")
        assert take.discarded_at is None


def test_nothing_is_fetched_and_the_cost_is_still_metered(take, house, creative, vendor):
    house.until(take, "submitted", "running")
    discarding.discard(take, creative.user)
    house.until(take, "failed", "ready")
    assert take.status == "failed"
    assert take.error_kind == "discarded"
    assert take.error_says == (f"Discarded on arrival, as {creative.user} asked. It may be billed.")
    assert not take.assets.exists()
    assert take.settle_at is not None
    assert take.billable == 1
    assert len(posts(vendor)) == 1
    assert not [r for r in vendor.requests if r.path.startswith(("/previews", "/secure"))]


def test_it_is_shown_as_discarded_and_not_as_a_failure(take, house, creative):
    house.until(take, "submitted", "running")
    discarding.discard(take, creative.user)
    assert label_of(take) == "To be discarded"
    house.until(take, "failed")
    standing = standing_of(take)
    assert (standing.label, standing.tone) == ("Discarded", "")
    assert "Discarded" in text(creative.get(reverse("renders:desk", args=["kitchen"])))
    board = text(creative.get(reverse("renders:panel", args=[take.project_id]), **HTMX))
    assert "Discarded" in board
    assert "Failed" not in board


def test_taken_back_it_is_collected_as_ever(take, house, creative, producer):
    house.until(take, "submitted", "running")
    discarding.discard(take, creative.user)
    discarding.keep_after_all(take, producer.user)
    house.until(take, "collecting", "failed")
    assert take.status == "collecting"
    told = [event.says for event in take.events.order_by("number")]
    assert f"{producer.user} keeps it after all." in told
    kinds = AuditEntry.objects.filter(action__in=["take.discarded", "take.kept_after_all"])
    assert kinds.count() == 2


def test_whoever_asked_last_is_named(take, creative, producer, house):
    house.until(take, "submitted", "running")
    discarding.discard(take, creative.user)
    discarding.keep_after_all(take, creative.user)
    discarding.discard(take, producer.user)
    house.until(take, "failed")
    assert f"as {producer.user} asked" in take.error_says


def asked_when_due(take):
    Take.objects.filter(pk=take.pk).update(next_poll_at=LONG_AGO)
    return due.questions_due(10)


def arrive(house, take, vendor, in_between):
    """One turn of the watcher, in which something happens between its question and its record."""
    house.until(take, "submitted", "running")
    has_arrived = False
    while not has_arrived:
        answers = asyncio.run(_asked(asked_when_due(take)))
        has_arrived = any(answer.outcome.status == "succeeded" for answer in answers)
        if has_arrived:
            in_between()
        polling.record(answers)
    take.refresh_from_db()


def test_discarded_while_its_arrival_is_being_told(take, house, creative, vendor):
    """The watcher has loaded the take before: what a person was told still holds."""
    arrive(house, take, vendor, lambda: discarding.discard(take, creative.user))
    assert (take.status, take.error_kind) == ("failed", "discarded")


def test_kept_while_its_arrival_is_being_told(take, house, creative, vendor):
    house.work()
    take.refresh_from_db()
    discarding.discard(take, creative.user)
    arrive(house, take, vendor, lambda: discarding.keep_after_all(take, creative.user))
    assert take.status == "collecting"


def test_it_is_too_late_once_it_has_arrived(take, house, creative, vendor):
    arrive(house, take, vendor, lambda: None)
    with pytest.raises(TooLate, match="has arrived meanwhile: nothing was discarded"):
        discarding.discard(take, creative.user)
    assert take.status == "collecting"


def test_a_render_that_fails_at_transend_has_failed_all_the_same(take, house, creative, vendor):
    vendor.set_scenario({"rules": [{"do": "fail_render", "when": {"method": "POST"}}]})
    house.until(take, "submitted")
    discarding.discard(take, creative.user)
    house.until(take, "failed")
    assert take.error_kind == "render_failed"


def test_who_may_and_how(take, viewer, creative, producer, admin, stranger):
    put(take, "running")
    actors = {"viewer": viewer, "creative": creative, "producer": producer, "admin": admin}
    allowed = {role for role, actor in actors.items() if actor.get(url(take)).status_code == 200}
    assert allowed == {"creative", "producer", "admin"}
    assert viewer.post(url(take)).status_code == 403
    assert stranger.get(url(take)).status_code == stranger.post(url(take)).status_code == 404
    assert admin.put(url(take)).status_code == 405


def test_the_dialog_says_plainly_that_it_may_be_billed(take, creative):
    put(take, "running")
    assert "it may be billed" in text(creative.get(url(take), **HTMX))
    done = creative.post(url(take), {"decision": "discard"}, **HTMX)
    assert done.status_code == 204
    assert "takeDecided" in done.headers["HX-Trigger"]
    take.refresh_from_db()
    assert take.discarded_at
    assert "Keep it after all" in text(creative.get(reverse("renders:status", args=[take.pk])))
    assert creative.post(url(take), {"decision": "keep"}).status_code == 302
    take.refresh_from_db()
    assert take.discarded_at is None


def test_too_late_is_said_in_the_dialog(take, creative):
    put(take, "ready")
    late = creative.post(url(take), {"decision": "discard"}, **HTMX)
    assert late.status_code == 409
    assert "nothing was discarded" in text(late)
    assert late.headers["HX-Retarget"] == "#dialog"
