"""Vendor, key, database or workers away for hours: nothing grows, and all of it comes back."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ

from studio.accounts.models import ApiKey, AuditEntry
from studio.renders.models import KeyCapacity, KeyTrial, Take
from studio.renders.sending import posting, trials
from studio.renders.submission import order_take
from studio.renders.watching import due
from tests.renders.conftest import LONG_AGO, posts, statuses_of

POST = {"method": "POST"}


def rule(do, **options):
    return {"rules": [{"do": do, "when": POST, **options}]}


def questions(simulator):
    return [request for request in simulator.requests if request.method == "GET"]


def try_at_once():
    """As if the take and its key had rested long enough."""
    Take.objects.update(send_after=None)
    KeyCapacity.objects.update(quiet_until=None)
    posting.send_next()


def make_due(take):
    Take.objects.filter(pk=take.pk).update(next_poll_at=LONG_AGO)


# -- What the answer to a POST means is written before anything else -----------------------------


def test_a_key_that_cannot_be_paused_just_now_leaves_no_take_uncertain(
    take, house, vendor, monkeypatch
):
    def lost(*args):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(posting.keys, "pause_key", lost)
    monkeypatch.setattr(posting.time, "sleep", lambda seconds: None)
    vendor.set_scenario({"accept_keys": []})
    with pytest.raises(OperationalError):
        house.work()
    take.refresh_from_db()
    assert (take.status, take.error_kind) == ("queued", "invalid_key")


def test_a_key_is_paused_in_spite_of_a_busy_database(take, house, vendor, monkeypatch):
    really, refusals = posting.keys.pause_key, [OperationalError("database is locked")] * 3

    def busy(*args):
        if refusals:
            raise refusals.pop()
        return really(*args)

    monkeypatch.setattr(posting.keys, "pause_key", busy)
    monkeypatch.setattr(posting.time, "sleep", lambda seconds: None)
    vendor.set_scenario({"accept_keys": []})
    house.work()
    assert ApiKey.objects.get().is_paused


def test_the_audit_entry_and_the_status_come_together_or_not_at_all(
    take, house, vendor, monkeypatch
):
    really, seen = posting.audit.record, []

    def busy(*args, **data):
        if len(seen) < 2:
            seen.append(Take.objects.get().status)
            raise OperationalError("database is locked")
        return really(*args, **data)

    monkeypatch.setattr(posting.audit, "record", busy)
    monkeypatch.setattr(posting.time, "sleep", lambda seconds: None)
    house.work()
    take.refresh_from_db()
    assert seen == ["submitted", "submitted"]  # in the transaction, which was then undone
    assert take.status == "submitted"
    assert statuses_of(take) == ["queued", "submitting", "submitted"]
    assert AuditEntry.objects.get(action="take.submitted").data == {"attempt": 1}


# -- Trying again gets rarer, and tells it once --------------------------------------------------


@pytest.mark.parametrize("asked_for", [{"retry_after": 0}, {"retry_after_date": 0}])
def test_a_vendor_that_asks_for_no_wait_at_all_is_not_hammered(take, house, vendor, asked_for):
    vendor.set_scenario(rule("rate_limited", **asked_for))
    waits = []
    for _ in range(5):
        try_at_once()
        take.refresh_from_db()
        waits.append((take.send_after - timezone.now()).total_seconds())
    for wait_s, floor_s in zip(waits, (1, 2, 4, 8, 16), strict=True):
        assert floor_s - 0.5 < wait_s < floor_s * 1.5 + 0.5


def failed_tries(take, count):
    for _ in range(count):
        try_at_once()
    take.refresh_from_db()


def test_tries_that_end_alike_are_counted_not_told_one_by_one(take, house, vendor):
    vendor.set_scenario(rule("rate_limited"))
    failed_tries(take, 5)
    assert (take.attempts, len(posts(vendor))) == (5, 5)
    assert statuses_of(take) == ["queued", "submitting", "queued"]
    told = take.events.last()
    assert told.times == 5
    assert told.last_at > told.at
    vendor.set_scenario({"accept_keys": []})
    failed_tries(take, 1)
    assert statuses_of(take) == ["queued", "submitting", "queued", "submitting", "queued"]
    assert [event.times for event in take.events.order_by("number")] == [1, 1, 5, 1, 1]
    assert take.last_event >= take.events.last().number


def test_a_try_that_goes_well_is_told_after_those_that_did_not(take, house, vendor):
    vendor.set_scenario(rule("rate_limited"))
    failed_tries(take, 3)
    vendor.set_scenario({})
    failed_tries(take, 1)
    assert statuses_of(take) == ["queued", "submitting", "queued", "submitting", "submitted"]


def test_an_outage_of_weeks_overflows_no_counter(take, vendor):
    Take.objects.update(attempts=40_000)
    posting.send_next()
    take.refresh_from_db()
    assert (take.status, take.attempts) == ("submitted", 40_001)
    field = Take._meta.get_field("attempts")
    assert field.get_internal_type() == "PositiveIntegerField"


# -- Workers that are away are not called over and over ------------------------------------------


def test_a_wake_up_that_nobody_answers_is_not_repeated(take, house):
    for _ in range(5):
        make_due(take)
        house.turn()
    assert OrmQ.objects.count() == 1
    take.refresh_from_db()
    assert take.waits_for == "a free worker"


def test_a_wake_up_that_got_lost_is_replaced(take, house, vendor):
    OrmQ.objects.all().delete()
    make_due(take)
    house.turn()
    assert OrmQ.objects.count() == 1
    house.work()
    assert len(posts(vendor)) == 1


def test_a_wake_up_that_died_with_its_worker_is_replaced_once(take, house):
    OrmQ.objects.update(lock=timezone.now() + timedelta(hours=1))  # taken, and never given back
    for _ in range(5):
        make_due(take)
        house.turn()
    assert OrmQ.objects.count() == 2


def test_collectors_that_are_away_are_not_called_over_and_over(take, house):
    house.until(take, "collecting")
    OrmQ.objects.all().delete()
    for _ in range(5):
        Take.objects.update(leased_until=None, next_poll_at=LONG_AGO)
        house.turn()
    assert OrmQ.objects.count() == 1
    assert house.step(take).status == "ready"


# -- A refused key is tried again, and never with money ------------------------------------------


@pytest.fixture
def refused(take, house, vendor):
    """A take that waits because the vendor has refused the only key."""
    vendor.set_scenario({"accept_keys": []})
    house.work()
    assert ApiKey.objects.get().is_paused
    return take


def let_pass(seconds):
    """As if so much time had passed since the key was paused."""
    key = ApiKey.objects.get()
    ApiKey.objects.update(paused_at=key.paused_at - timedelta(seconds=seconds))
    for trial in KeyTrial.objects.all():
        trial.paused_at -= timedelta(seconds=seconds)
        trial.next_at -= timedelta(seconds=seconds)
        trial.save()


def test_a_refused_key_recovers_by_itself_when_the_vendor_does(refused, house, vendor):
    house.step(refused)
    assert questions(vendor) == []  # not yet
    let_pass(31)
    house.step(refused)
    (trial,) = questions(vendor)
    assert "/shotboard-key-test-" in trial.path
    assert ApiKey.objects.get().is_paused
    vendor.set_scenario({})
    let_pass(61)
    house.step(refused)
    assert not ApiKey.objects.get().is_paused
    assert AuditEntry.objects.get(action="key.resumed").actor is None
    house.until(refused, "collecting")
    assert len(posts(vendor)) == 2  # the refused one, and the one that went well


def test_trials_get_rarer_up_to_ten_minutes(refused, house, vendor):
    waits = []
    for _ in range(7):
        let_pass(601)
        house.step(refused)
        key = ApiKey.objects.get()
        waits.append(round((trials.next_at(key) - timezone.now()).total_seconds(), -1))
    assert waits == [60, 120, 240, 480, 600, 600, 600]
    assert len(questions(vendor)) == 7
    assert len(posts(vendor)) == 1


def test_ten_takes_and_two_watchers_try_a_key_once(refused, project, creative, house, vendor):
    ApiKey.objects.update(paused_at=None)
    for _ in range(9):
        order_take(project, creative.user)
    ApiKey.objects.update(paused_at=timezone.now() - timedelta(seconds=40))
    for _ in range(2):
        Take.objects.update(next_poll_at=LONG_AGO, send_after=None)
        house.turn()
    assert len(questions(vendor)) == 1


def test_two_watchers_that_look_at_once_try_a_key_once(refused):
    let_pass(31)
    key = ApiKey.objects.get()
    assert [trials.claim(key), trials.claim(key)] == [True, False]


def test_the_take_says_when_its_key_is_tried_next(refused, house):
    house.step(refused)
    due_at = ApiKey.objects.get().paused_at + trials.FIRST_AFTER
    assert refused.waits_for.endswith(f"by itself at {due_at.day} {due_at:%b %Y, %H:%M} UTC")
    assert "Ask " in refused.waits_for


def test_another_pause_begins_anew(refused, house):
    let_pass(601)
    house.step(refused)
    let_pass(61)  # its next trial is due, and it has not failed until then
    ApiKey.objects.update(paused_at=timezone.now())
    key = ApiKey.objects.get()
    assert trials.next_at(key) == key.paused_at + trials.FIRST_AFTER


@pytest.mark.parametrize("do", ["error_500", "rate_limited", "drop_before"])
def test_an_answer_that_says_nothing_of_the_key_resumes_nothing(refused, house, vendor, do):
    vendor.set_scenario({"rules": [{"do": do, "when": {"method": "GET"}}]})
    let_pass(31)
    house.step(refused)
    assert len(questions(vendor)) == 1
    assert ApiKey.objects.get().is_paused


def test_a_key_that_cannot_be_opened_is_not_tried(refused, house, vendor):
    ApiKey.objects.update(ciphertext="v1:lost:token")
    let_pass(31)
    house.step(refused)
    assert refused.waits_for == "an API key that can be opened"
    assert questions(vendor) == []


def test_a_key_that_nobody_waits_for_is_left_alone(refused, creative, vendor):
    Take.objects.update(status="cancelled", next_poll_at=LONG_AGO)
    let_pass(31)
    assert due.questions_due(10) == []


# -- A key that may ask, and not render ----------------------------------------------------------


def ask_about(take, house):
    """However far its render is by now."""
    Take.objects.filter(pk=take.pk).update(status="running", next_poll_at=LONG_AGO)
    house.turn()


def test_an_answered_question_does_not_resume_a_key_that_was_refused_a_render(
    take, project, creative, house, vendor
):
    house.until(take, "submitted", "running")
    vendor.set_scenario(rule("unauthorized"))
    other = order_take(project, creative.user)
    house.work()
    for _ in range(3):
        ask_about(take, house)
    assert questions(vendor), "the take under way is followed with its own key"
    assert ApiKey.objects.get().is_paused
    other.refresh_from_db()
    assert (other.status, len(posts(vendor))) == ("queued", 2)
    assert AuditEntry.objects.filter(action="key.paused").count() == 1
    Take.objects.filter(pk=other.pk).update(status="cancelled")  # nobody waits for it any more
    ask_about(take, house)
    assert not ApiKey.objects.get().is_paused


def test_trials_that_prove_nothing_get_rarer_too(take, house, vendor):
    vendor.set_scenario(rule("unauthorized"))
    house.work()
    waits = []
    for _ in range(7):
        key = ApiKey.objects.get()
        waits.append(round((trials.next_at(key) - key.paused_at).total_seconds()))
        let_pass(waits[-1] + 1)
        Take.objects.update(send_after=None)
        house.turn()  # the trial is answered, so the key counts as accepted
        assert not ApiKey.objects.get().is_paused
        posting.send_next()
        assert ApiKey.objects.get().is_paused
    assert waits == [30, 60, 120, 240, 480, 600, 600]
