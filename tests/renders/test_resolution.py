"""What becomes of a take whose outcome is unknown: a webhook's hint, or a person's word."""

import pytest

from studio.accounts.models import AuditEntry
from studio.renders import resolution, webhooks
from studio.renders.lifecycle import IllegalTransition
from studio.renders.models import Take
from studio.renders.resolution import NotResolved
from studio.renders.submission import order_take
from tests.renders.conftest import posts

LOST_ANSWER = {"rules": [{"do": "accept_then_drop", "when": {"method": "POST"}}]}


@pytest.fixture
def uncertain(take, house, vendor):
    vendor.set_scenario(LOST_ANSWER)
    house.work()
    vendor.set_scenario({})
    take.refresh_from_db()
    assert take.status == "uncertain"
    return take


@pytest.fixture
def task_id(uncertain, vendor, tmp_path):
    """The task that the vendor did create."""
    (file,) = (tmp_path / "transend" / "tasks").glob("*.json")
    return file.stem


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


def test_a_person_names_the_task(uncertain, task_id, producer, house, vendor):
    resolution.confirm_task_id(uncertain, f" {task_id} ", producer.user)
    assert uncertain.status == "submitted"
    assert uncertain.events.last().actor == producer.user
    assert AuditEntry.objects.get(action="take.resolved").data == {"outcome": task_id}
    house.until(uncertain, "collecting")
    assert len(posts(vendor)) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Paste the task's id"),
        ("x" * 201, "Paste the task's id"),
        ("task_nope", "does not know the task task_nope"),
        ("../keys", "does not know the task"),
    ],
)
def test_what_the_vendor_does_not_confirm_is_refused(uncertain, producer, typed, says):
    with pytest.raises(NotResolved, match=says):
        resolution.confirm_task_id(uncertain, typed, producer.user)
    uncertain.refresh_from_db()
    assert (uncertain.status, uncertain.vendor_task_id) == ("uncertain", "")


def test_with_the_vendor_away_the_answer_is_to_try_again(uncertain, producer, vendor):
    vendor.close()
    with pytest.raises(NotResolved, match="cannot be reached. Try again in a minute"):
        resolution.confirm_task_id(uncertain, "task_abc", producer.user)


def test_a_task_that_another_take_has_is_refused(uncertain, producer, project, creative, house):
    other = order_take(project, creative.user)
    house.work()
    other.refresh_from_db()
    with pytest.raises(NotResolved, match="Another take already has this task"):
        resolution.confirm_task_id(uncertain, other.vendor_task_id, producer.user)


def test_a_person_says_that_it_was_not_created(uncertain, producer, vendor, house):
    resolution.not_created(uncertain, producer.user)
    house.work()
    assert (uncertain.status, uncertain.error_kind) == ("failed", "not_created")
    assert AuditEntry.objects.get(action="take.resolved").data == {"outcome": "not created"}
    assert len(posts(vendor)) == 1


def test_only_a_persons_word_sends_it_again(uncertain, producer, vendor, house):
    resolution.send_again(uncertain, producer.user)
    house.until(uncertain, "collecting")
    assert (uncertain.attempts, len(posts(vendor))) == (2, 2)
    assert AuditEntry.objects.get(action="take.resolved").actor == producer.user


@pytest.mark.parametrize("way", [resolution.not_created, resolution.send_again])
def test_only_an_uncertain_take_is_settled(take, producer, way):
    with pytest.raises(IllegalTransition):
        way(take, producer.user)
    assert not AuditEntry.objects.filter(action="take.resolved").exists()


def test_a_take_that_the_former_release_has_sent_is_settled_too(uncertain, producer):
    """An old worker counted no POST, while the tables were those of this release already."""
    Take.objects.update(billable=0)
    resolution.not_created(uncertain, producer.user)
    assert (uncertain.status, uncertain.billable) == ("failed", 0)
