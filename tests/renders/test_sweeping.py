"""What a turn of the watcher costs the database, whatever it learns, and that it is fair."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts.models import ApiKey, AuditEntry
from studio.renders import webhooks
from studio.renders.models import Exchange, Take
from studio.renders.watching import due, polling
from studio.renders.watching.polling import Answered
from studio.transend import errors
from studio.transend.types import Task, TaskStatus
from tests.bench.polls import takes
from tests.bench.polls.sweep import WriteCounter

transactions = pytest.mark.django_db(transaction=True)


def task(status, progress=50, word=""):
    known = TaskStatus(status) if status in TaskStatus.__members__.values() else None
    return Task("task_1", known, word or status, progress=progress, excerpt="{}")


def refused():
    return errors.InvalidKey("Transend refused the API key.", status=401)


def asked(count):
    """So many takes at the vendor, all claimed."""
    takes.under_way(count)
    questions = due.questions_due(count)
    assert len(questions) == count
    return questions


def written(questions, outcome, **options):
    """The same answer to all questions; how many statements it took."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        polling.record([Answered(question, outcome, **options) for question in questions])
    return len(queries)


@transactions
def test_a_turn_is_two_write_transactions_whatever_it_learns():
    takes.under_way(24)
    Take.objects.filter(number__lte=4).update(status="submitted")
    Take.objects.filter(number__in=[5, 6]).update(progress=50, deadline_at=takes.LONG_AGO)
    counter = WriteCounter()
    with connection.execute_wrapper(counter):
        questions = due.questions_due(100)
        assert (len(questions), counter.transactions) == (24, 1)
        outcomes = {
            3: task("succeeded"),
            4: task("failed"),
            6: task("odd"),
            7: errors.NoAnswer("…"),
        }
        answers = [
            Answered(question, outcomes.get(question.take.number % 8, task("running")))
            for question in questions
        ]
        Take.objects.filter(number=11).update(status="failed")  # somebody was faster
        before = counter.transactions
        # The one that comes too late first: what its savepoint undoes is no transaction's end.
        polling.record(sorted(answers, key=lambda one: one.question.take.number != 11))
        assert counter.transactions == before + 1
    became = dict(Take.objects.values_list("number", "status"))
    assert (became[1], became[2], became[5]) == ("running", "running", "stalled")
    assert (became[3], became[4], became[6]) == ("collecting", "failed", "stalled")
    assert (became[7], became[8], became[11], became[19]) == (
        "running",
        "running",
        "failed",
        "collecting",
    )
    said = dict(Take.objects.values_list("number", "error_says"))
    assert "no news of this render" in said[5]
    assert "odd" in said[6]
    assert Take.objects.get(number=7).waits_for.startswith("an answer from Transend")
    assert Take.objects.get(number=8).progress == 50
    assert Exchange.objects.filter(take__number=7).count() == 1
    assert not Exchange.objects.filter(take__number=8).exists(), "quiet answers are no evidence"


def test_asking_and_quiet_answers_cost_the_same_for_one_and_for_many(db):
    def costs(count):
        takes.under_way(count)
        with CaptureQueriesContext(connection) as queries:
            questions = due.questions_due(count)
        assert len(questions) == count
        return len(queries), written(questions, task("running"))

    assert costs(3) == costs(90)


def test_a_refused_key_is_paused_once_for_all_its_takes(db):
    few = written(asked(3), refused())
    assert ApiKey.objects.get().is_paused
    ApiKey.objects.update(paused_at=None)
    assert written(asked(60), refused()) == few
    assert AuditEntry.objects.filter(action="key.paused").count() == 2
    accepted = asked(60)
    assert all(question.key.is_paused for question in accepted)
    written(accepted, task("running"))
    assert not ApiKey.objects.get().is_paused
    assert AuditEntry.objects.filter(action="key.resumed").count() == 1


def test_takes_without_a_key_are_held_by_one_statement(db):
    def held(count):
        takes.under_way(count)
        ApiKey.objects.update(state=ApiKey.State.REVOKED)
        with CaptureQueriesContext(connection) as queries:
            assert due.questions_due(count) == []
        assert Take.objects.filter(waits_for__startswith="an API key").count() == count
        assert not Take.objects.filter(next_poll_at__lte=timezone.now()).exists()
        ApiKey.objects.update(state=ApiKey.State.ACTIVE)
        return len(queries)

    assert held(3) == held(60)


def test_one_that_makes_trouble_undoes_no_other(db, monkeypatch):
    questions = asked(6)
    bad = questions[2].take.pk
    really = polling.queueing.wake_collecting

    def trouble(take_id):
        if take_id == bad:
            Take.objects.create(number=1, project=questions[0].take.project)  # breaks a constraint
        really(take_id)

    monkeypatch.setattr(polling.queueing, "wake_collecting", trouble)
    written(questions, task("succeeded"))
    assert Take.objects.get(pk=bad).status == "running", "its own move is undone as a whole"
    assert Take.objects.filter(status="collecting").count() == 5


@transactions
def test_what_could_not_be_written_may_be_written_again(monkeypatch):
    questions = asked(4)
    really, refusals = polling.write_back, [OperationalError("database is locked")]

    def shaky(learnt):
        if refusals:
            raise refusals.pop()
        really(learnt)

    monkeypatch.setattr(polling, "write_back", shaky)
    answers = [Answered(question, task("succeeded")) for question in questions[:2]]
    answers += [Answered(question, task("running", 60)) for question in questions[2:]]
    with pytest.raises(OperationalError):
        polling.record(answers)
    assert set(Take.objects.values_list("status", "progress")) == {("running", 0)}
    polling.record(answers)
    polling.record(answers)  # and once too often does no harm
    found = sorted(Take.objects.values_list("status", "progress"))
    assert found == [("collecting", 100)] * 2 + [("running", 60)] * 2


def test_the_most_overdue_is_asked_about_first(db):
    pks = takes.under_way(30)
    now = timezone.now()
    for place, pk in enumerate(pks):
        overdue = timedelta(seconds=(place * 7) % 30)
        Take.objects.filter(pk=pk).update(next_poll_at=now - overdue)
    questions = due.questions_due(10)
    assert len(questions) == 10
    assert min(now - question.due_at for question in questions) >= timedelta(seconds=20)
    assert len(due.questions_due(100)) == 20


def test_under_load_all_are_asked_about_more_rarely_and_a_webhook_hastens_one(db):
    written(asked(300), task("running"), stretch=20.0)
    waits = Take.objects.filter(next_poll_at__gt=timezone.now() + timedelta(seconds=5))
    assert waits.count() == 300
    called = Take.objects.order_by("pk")[150]
    assert webhooks.note(called.pk, b"{}")
    assert [question.take.pk for question in due.questions_due(200)] == [called.pk]


def test_a_vendor_in_trouble_is_not_asked_more_under_load_than_a_sound_one(db):
    written(asked(50), errors.NoAnswer("No answer."), stretch=20.0)
    soonest = Take.objects.order_by("next_poll_at").first().next_poll_at
    assert soonest > timezone.now() + timedelta(seconds=5)


def test_a_stalled_take_is_asked_about_on_and_recovers(db):
    written(asked(3), task("odd"))
    assert set(Take.objects.values_list("status", "error_kind")) == {("stalled", "unknown_status")}
    Take.objects.update(next_poll_at=takes.LONG_AGO, deadline_at=takes.LONG_AGO)
    still = due.questions_due(10)
    written(still, task("queued"))
    assert Take.objects.filter(status="stalled").count() == 3
    soonest = Take.objects.order_by("next_poll_at").first().next_poll_at
    assert soonest < timezone.now() + timedelta(seconds=20), "not only when its lease is over"
    Take.objects.update(next_poll_at=takes.LONG_AGO)
    written(due.questions_due(10), task("running", 70))
    assert set(Take.objects.values_list("status", "progress", "error_kind")) == {
        ("running", 70, "")
    }


def test_progress_never_goes_back_not_even_when_it_moves(db):
    written(asked(2), task("running", 80))
    Take.objects.update(next_poll_at=takes.LONG_AGO)
    questions = due.questions_due(10)
    Take.objects.filter(pk=questions[0].take.pk).update(progress=90)  # another watcher's news
    written(questions, task("running", 85))
    assert sorted(Take.objects.values_list("progress", flat=True)) == [85, 90]


def test_neither_payloads_nor_errors_are_read_to_ask(db):
    with CaptureQueriesContext(connection) as queries:
        questions = asked(7)
    (claim,) = [query["sql"] for query in queries if "LIMIT 7" in query["sql"]]
    assert '"payload"' not in claim
    assert '"error_body"' not in claim
    assert takes.KEY not in repr(questions)
