"""A webhook names the task of a take that knows none: a hint, asked about before it counts."""

import pytest
from django.utils import timezone

from studio.inbox.models import Kind, Notice
from studio.renders import resolution, webhooks
from studio.renders.models import Take, WebhookDelivery
from studio.renders.resolution import NotResolved
from studio.renders.submission import cancel, order_take
from tests.renders.conftest import LOST_ANSWER, posts


def called(take, task_id):
    body = b'{"task_id": "%s", "status": "running"}' % task_id.encode()
    assert webhooks.note(take.pk, body)


def test_a_webhooks_hint_recovers_it_without_a_person(uncertain, task_id, house, vendor):
    called(uncertain, task_id)
    house.turn()
    uncertain.refresh_from_db()
    assert (uncertain.status, uncertain.vendor_task_id) == ("submitted", task_id)
    house.until(uncertain, "collecting")
    assert len(posts(vendor)) == 1


@pytest.mark.parametrize("decide", [resolution.not_created, resolution.send_again])
def test_while_a_webhooks_word_is_looked_into_nobody_decides_against_it(
    uncertain, task_id, decide, producer, house, vendor
):
    called(uncertain, task_id)
    with pytest.raises(NotResolved, match=f"has just named the task {task_id}"):
        decide(uncertain, producer.user)
    house.until(uncertain, "collecting")
    assert len(posts(vendor)) == 1


@pytest.mark.parametrize("decide", [resolution.not_created, resolution.send_again])
def test_a_webhooks_word_that_nobody_can_confirm_holds_nobody_up_for_long(
    uncertain, task_id, decide, producer
):
    called(uncertain, task_id)
    WebhookDelivery.objects.update(received_at=timezone.now() - resolution.HINT_LOOKED_INTO)
    assert decide(uncertain, producer.user).status in ("failed", "queued")


def decided_too_soon(take, how, person):
    """Settled as if the vendor had not created it."""
    if how == "not created":
        return resolution.not_created(take, person)
    resolution.send_again(take, person)
    return cancel(take, person) if how == "cancelled" else take


@pytest.mark.parametrize("how", ["not created", "sent again", "cancelled"])
def test_a_webhook_that_contradicts_what_was_decided_is_told_once(
    uncertain, task_id, how, producer, creative
):
    status = decided_too_soon(uncertain, how, producer.user).status
    for _ in range(3):
        called(uncertain, task_id)
    uncertain.refresh_from_db()
    assert (uncertain.status, uncertain.candidate_task_id) == (status, "")
    [event] = uncertain.events.filter(says__contains=task_id)
    assert "may be billed" in event.says
    told = Notice.objects.filter(kind=Kind.TAKE_UNCERTAIN, says__contains=task_id)
    assert [notice.user for notice in told] == [producer.user]


def test_what_was_refused_and_never_sent_is_not_contradicted(take):
    called(take, "task_made_up")
    assert not take.events.filter(says__contains="task_made_up").exists()


def test_a_hint_that_came_while_it_was_being_sent_counts_too(take, house, vendor, tmp_path):
    really = Take.objects.filter(pk=take.pk)
    vendor.set_scenario(LOST_ANSWER)
    house.work()
    (file,) = (tmp_path / "transend" / "tasks").glob("*.json")
    really.update(status="submitting")
    called(take, file.stem)
    really.update(status="uncertain")
    house.until(take, "collecting")


def test_a_hint_that_the_vendor_does_not_confirm_is_forgotten(uncertain, task_id, house):
    called(uncertain, "task_made_up")
    house.turn()
    uncertain.refresh_from_db()
    assert (uncertain.status, uncertain.candidate_task_id) == ("uncertain", "")
    assert uncertain.next_poll_at is None
    assert "does not confirm" in uncertain.events.last().says
    called(uncertain, task_id)
    house.until(uncertain, "collecting")


def test_a_hint_at_another_takes_task_is_forgotten(uncertain, house, project, creative, vendor):
    other = order_take(project, creative.user)
    house.work()
    other.refresh_from_db()
    called(uncertain, other.vendor_task_id)
    house.turn()
    uncertain.refresh_from_db()
    assert (uncertain.status, uncertain.candidate_task_id) == ("uncertain", "")


def test_while_the_vendor_is_in_trouble_the_hint_is_kept(uncertain, task_id, house, vendor):
    vendor.set_scenario({"rules": [{"do": "error_500", "when": {"method": "GET"}}]})
    called(uncertain, task_id)
    house.turn()
    uncertain.refresh_from_db()
    assert (uncertain.status, uncertain.candidate_task_id) == ("uncertain", task_id)
    vendor.set_scenario({})
    house.until(uncertain, "collecting")
