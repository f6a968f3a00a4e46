"""One POST, and what its answer means: every scenario of the simulator, over a real socket."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone

from studio.accounts import keys
from studio.accounts.models import ApiKey, AuditEntry
from studio.renders import resolution, tasks
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.sending import claiming, posting
from studio.renders.submission import order_take
from studio.renders.watching import due
from studio.transend.client import TransendClient
from studio.transend.simulator import Simulator
from tests.renders.conftest import KEY, point_at, posts, statuses_of
from tests.transend.rude import RudeServer, answering

POST = {"method": "POST"}
SYNCHRONOUS = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}


def rule(do, **options):
    return {"rules": [{"do": do, "when": POST, **options}]}


def test_the_tasks_id_is_kept_and_the_attempt_counted(take, house, vendor):
    house.work()
    take.refresh_from_db()
    assert (take.status, take.attempts) == ("submitted", 1)
    assert take.vendor_task_id == posts(vendor)[0].response["task_id"]
    assert take.api_key.last_used_at is not None
    assert AuditEntry.objects.filter(action="take.submitted").exists()


@pytest.mark.parametrize(
    ("fault", "shortest_s", "longest_s"),
    [
        (rule("rate_limited"), 0, 3),
        (rule("rate_limited", retry_after=40), 38, 41),
        (rule("rate_limited", retry_after_date=100), 90, 101),
        (rule("rate_limited", retry_after=90_000), 590, 601),
    ],
)
def test_a_429_waits_for_a_slot_as_long_as_it_says(
    take, house, vendor, fault, shortest_s, longest_s
):
    vendor.set_scenario(fault)
    house.work()
    take.refresh_from_db()
    assert (take.status, take.error_kind, take.error_status) == ("queued", "rate_limited", 429)
    assert take.waits_for.startswith("a vendor slot")
    wait = (take.send_after - timezone.now()).total_seconds()
    assert shortest_s < wait < longest_s
    assert take.next_poll_at is None  # it stands in line, and is not asked about


def test_what_backs_off_is_not_sent_early_by_a_stray_delivery(take, house, vendor):
    vendor.set_scenario(rule("rate_limited", retry_after=40))
    house.work()
    posting.send_next()
    assert len(posts(vendor)) == 1


def test_after_a_429_the_take_goes_its_way(take, house, vendor):
    vendor.set_scenario(rule("rate_limited"))
    house.work()
    vendor.set_scenario({})
    house.until(take, "collecting")
    assert (take.attempts, take.error_kind, take.waits_for) == (2, "", "")


@pytest.mark.parametrize(
    "fault",
    [
        rule("accept_then_drop"),
        rule("drop_before"),
        rule("half_body"),
        rule("wrong_types"),
        rule("not_json"),
        rule("deep_json"),
        rule("error_500"),
        rule("error_500", created=True),
    ],
    ids=lambda fault: fault["rules"][0]["do"],
)
def test_whatever_may_have_been_created_is_uncertain_and_never_sent_again(
    take, house, vendor, fault
):
    vendor.set_scenario(fault)
    house.work()
    vendor.set_scenario({})
    for _ in range(3):
        house.step(take)
    posting.send_next()
    take.refresh_from_db()
    assert (take.status, take.error_kind) == ("uncertain", "outcome_unknown")
    assert "console" in take.error_resolution
    assert take.next_poll_at is None
    assert len(posts(vendor)) == 1


def test_answers_behind_a_byte_order_mark_are_understood_on_the_whole_way(take, house, vendor):
    vendor.set_scenario({"rules": [{"do": "byte_order_mark"}]})
    house.until(take, "ready", "uncertain", "uncollected")
    assert (take.status, len(posts(vendor))) == ("ready", 1)


def test_a_slow_vendor_is_uncertain_too(take, vendor, house, monkeypatch):
    monkeypatch.setattr(posting, "READ_S", 0.3)
    vendor.set_scenario(rule("slow", delay_s=2))
    house.work()
    take.refresh_from_db()
    assert take.status == "uncertain"
    assert "in time" in take.error_says


def test_a_500_keeps_its_trace_id(take, house, vendor):
    vendor.set_scenario(rule("error_500"))
    house.work()
    take.refresh_from_db()
    assert take.trace_id == posts(vendor)[0].response["trace_id"]
    assert take.error_status == 500
    assert "Internal rendering failure" in take.error_body


def test_a_400_fails_with_the_documents_resolution(take, house, vendor, settings):
    settings.TRANSEND_WEBHOOK_BASE = "ftp://nowhere.example"  # the simulator refuses that
    house.work()
    take.refresh_from_db()
    assert (take.status, take.error_kind) == ("failed", "invalid_request")
    assert "60 seconds" in take.error_resolution
    assert "webhook_url" in take.error_body


def test_an_unreachable_vendor_sends_nothing_and_recovers(
    project, creative, api_key, tmp_path, settings, footage, house
):
    house.work()
    with Simulator(keys={KEY}, storage=tmp_path / "t2", speed=600, footage=footage) as gone:
        point_at(gone, settings, tmp_path)
        port = gone.port
    take = order_take(project, creative.user)
    house.work()
    take.refresh_from_db()
    assert (take.status, take.error_kind) == ("queued", "unreachable")
    assert "cannot be reached" in take.waits_for
    with Simulator(
        keys={KEY}, storage=tmp_path / "t2", speed=600, footage=footage, port=port
    ) as back:
        house.until(take, "collecting")
        assert len(posts(back)) == 1


def test_a_401_pauses_the_key_and_everything_waits_for_a_working_one(
    take, project, creative, admin, house, vendor
):
    second = order_take(project, creative.user)
    vendor.set_scenario({"accept_keys": []})
    house.work()
    assert len(posts(vendor)) == 1  # nothing else is sent with a refused key
    for waiting in (take, second):
        house.step(waiting)
        assert waiting.status == "queued"
        assert "the API key was refused" in waiting.waits_for
    assert ApiKey.objects.get().is_paused
    assert AuditEntry.objects.filter(action="key.paused").exists()
    vendor.set_scenario({})
    assert keys.test_key(ApiKey.objects.get(), admin.user).verdict == "accepted"
    house.until(take, "collecting")
    house.until(second, "collecting")


def test_a_new_key_sets_waiting_takes_going(take, house, vendor, workspace, admin):
    vendor.set_scenario({"accept_keys": ["rotated-key-0001"]})
    house.work()
    keys.add_key(workspace, "Rotated", "rotated-key-0001", admin.user)
    house.until(take, "collecting")
    assert take.api_key.label == "Rotated"


def test_without_any_key_a_queued_take_waits_and_says_for_whom(take, house, vendor, admin):
    ApiKey.objects.all().delete()
    house.work()
    take.refresh_from_db()
    assert take.waits_for == "an API key: ask Admin (admin) to add one"
    assert posts(vendor) == []


def test_a_key_that_cannot_be_opened_is_no_crash(take, house, vendor, api_key):
    api_key.ciphertext = "v1:lost:token"
    api_key.save()
    house.work()
    take.refresh_from_db()
    assert (take.status, take.attempts) == ("queued", 0)
    assert take.waits_for == "an API key that can be opened"


def test_a_delivery_that_comes_twice_sends_once(take, house, vendor):
    posting.send_next()
    posting.send_next()
    house.work()
    assert len(posts(vendor)) == 1


def test_a_delivery_for_a_take_that_is_gone_leaves_quietly(vendor, db):
    tasks.submit_take(987_654)
    assert posts(vendor) == []


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_at_once_send_once(take, vendor):
    barrier = threading.Barrier(6)

    def deliver():
        barrier.wait()
        try:
            posting.send_next()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(posts(vendor)) == 1
    take.refresh_from_db()
    assert take.status == "submitted"


@pytest.mark.django_db(transaction=True)
def test_the_claim_is_on_disk_before_the_post(take, vendor, monkeypatch):
    seen = []
    really = TransendClient.create_generation

    def spying(self, body):
        def look():  # another connection sees only what is committed
            seen.append(tuple(Take.objects.values_list("status", "attempts").get()))
            connections.close_all()

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        with connection.cursor() as cursor:
            cursor.execute(SYNCHRONOUS[connection.vendor])
            seen.append(str(cursor.fetchone()[0]))
        return really(self, body)

    monkeypatch.setattr(TransendClient, "create_generation", spying)
    posting.send_next()
    assert seen[0] == ("submitting", 1)
    assert seen[1] in ("2", "on")  # in SQLite, 2 is FULL


def test_a_dead_workers_take_becomes_uncertain_never_queued(take, house, vendor, monkeypatch):
    def killed(self, body):
        raise SystemExit

    monkeypatch.setattr(TransendClient, "create_generation", killed)
    with pytest.raises(SystemExit):
        house.work()
    take.refresh_from_db()
    assert take.status == "submitting"
    assert take.next_poll_at > timezone.now() + timedelta(seconds=posting.TOTAL_S)
    house.turn()
    take.refresh_from_db()
    assert take.status == "submitting"  # not overdue yet
    house.step(take)
    assert (take.status, take.error_kind) == ("uncertain", "worker_lost")
    assert posts(vendor) == []


def called_uncertain_meanwhile(monkeypatch, take, then=lambda: None):
    """While the POST is under way, the watcher finds the take overdue."""
    really = TransendClient.create_generation

    def slow(self, body):
        created = really(self, body)
        Take.objects.filter(pk=take.pk).update(next_poll_at=timezone.now())
        due.questions_due(10)
        assert Take.objects.get(pk=take.pk).status == "uncertain"
        then()
        return created

    monkeypatch.setattr(TransendClient, "create_generation", slow)


def test_an_answer_that_comes_late_still_counts(take, house, vendor, monkeypatch):
    called_uncertain_meanwhile(monkeypatch, take)
    house.work()
    take.refresh_from_db()
    assert take.status == "submitted"
    assert statuses_of(take)[-2:] == ["uncertain", "submitted"]


def test_an_answer_that_comes_after_a_persons_word_is_noted_and_moves_nothing(
    take, producer, vendor, monkeypatch
):
    called_uncertain_meanwhile(
        monkeypatch, take, lambda: resolution.not_created(Take.objects.get(), producer.user)
    )
    posting.send_next()
    take.refresh_from_db()
    assert take.status == "failed"
    said = take.events.last().says
    assert posts(vendor)[0].response["task_id"] in said


def test_a_worker_suspended_after_its_claim_does_not_send(take, vendor, monkeypatch):
    monkeypatch.setattr(claiming, "_FRESH_S", -1.0)
    posting.send_next()
    take.refresh_from_db()
    assert take.status == "queued"
    assert posts(vendor) == []


def test_a_task_id_that_another_take_has_is_uncertain(
    take, project, creative, vendor, house, monkeypatch
):
    other = order_take(project, creative.user)
    posting.send_next()
    take.refresh_from_db()

    again = posting.Created(task_id=take.vendor_task_id)
    monkeypatch.setattr(posting, "_post", lambda claim: again)
    posting.send_next()
    other.refresh_from_db()
    assert other.status == "uncertain"
    assert "another take already has" in other.error_says


def test_a_busy_database_gets_more_chances_to_keep_the_tasks_id(take, vendor, monkeypatch):
    really, refusals = posting.advance, [OperationalError("database is locked")] * 3

    def busy(*args, **fields):
        if args[1] == Status.SUBMITTED and refusals:
            raise refusals.pop()
        return really(*args, **fields)

    monkeypatch.setattr(posting, "advance", busy)
    monkeypatch.setattr(posting.time, "sleep", lambda seconds: None)
    posting.send_next()
    take.refresh_from_db()
    assert take.status == "submitted"
    assert not refusals


def test_a_database_that_is_away_too_long_leaves_the_tasks_id_in_the_log(
    take, vendor, monkeypatch, caplog
):
    def away(*args, **fields):
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(posting, "advance", away)
    waits = []
    monkeypatch.setattr(posting.time, "sleep", waits.append)
    with pytest.raises(InterfaceError):
        posting.send_next()
    assert 5 < sum(waits) < 15, "a restart is waited for, within the queue's timeout"
    assert posts(vendor)[0].response["task_id"] in caplog.text
    take.refresh_from_db()
    assert take.status == "submitting"  # the watcher will call it uncertain


@pytest.mark.parametrize("trace_id", ["x" * 300, "\ud800", "\x00", 7, ["vid"]])
def test_no_trace_id_costs_a_paid_task_its_own(take, house, settings, trace_id):
    body = json.dumps({"task_id": "task_1", "trace_id": trace_id}).encode()
    with RudeServer(answering(200, body)) as server:
        settings.TRANSEND_BASE_URL = server.url
        house.work()
    take.refresh_from_db()
    assert (take.status, take.vendor_task_id) == ("submitted", "task_1")
