"""User, watcher, worker, webhook, vendor and clock act in any order; what must hold always holds.

The vendor is the simulator's own, driven without sockets. Only the files of a finished render are
not really fetched: that is another test's subject, and takes seconds.
"""

import json
import os
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from studio.accounts import keys
from studio.renders import resolution, webhooks
from studio.renders.collecting import collector, giving_up
from studio.renders.desk import discarding, ordering, pausing
from studio.renders.lifecycle import TERMINAL, IllegalTransition, Status
from studio.renders.models import Take
from studio.renders.submission import NotSendable, cancel, order_take
from studio.renders.watching import due, polling
from studio.transend import client as clients
from studio.transend import errors
from studio.transend.client import TransendClient
from tests.renders.in_house import DEATHS, GET_FAULTS, POST_FAULTS, InHouse, Killed

IS_LONG = "FAULT_ROUNDS" in os.environ
MAX_TAKES = 4
AT_REST = TERMINAL | {Status.UNCERTAIN, Status.UNCOLLECTED, Status.STALLED}
takes = st.integers(0, MAX_TAKES - 1)


class AnyOrder(RuleBasedStateMachine):
    """The acts of everybody; the invariants look at the database after each."""

    stage: SimpleNamespace  # set by the test: project, people, key, folder for each run

    def __init__(self):
        super().__init__()
        stage = self.stage
        stage.runs += 1
        self.before = transaction.savepoint()
        self.clock = time_machine.travel("2026-11-22T12:00:00Z", tick=False)
        self.now = self.clock.start()
        self.vendor = InHouse(stage.folder / str(stage.runs), stage.footage)
        stage.patch.setattr(clients, "OneRequestTransport", lambda **limits: self.vendor)
        stage.patch.setattr(collector.parts, "ensure", self._collect)
        self.files = "whole"
        self.person = stage.producer.user
        self.sent_again = Counter()
        self.ended = {}
        self.known_task = {}
        self.progress = Counter()

    def teardown(self):
        try:
            self._everything_settles()
        finally:
            self.clock.stop()
            self.vendor.close_down()
            transaction.savepoint_rollback(self.before)

    def _collect(self, workshop):
        if self.files == "killed":
            raise Killed
        if self.files == "broken":
            raise errors.DownloadFailed("The connection broke.")

    def _take(self, number):
        rows = list(Take.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    # -- People ---------------------------------------------------------------------------------
    @precondition(lambda self: Take.objects.count() < MAX_TAKES)
    @rule()
    def order(self):
        try:
            order_take(self.stage.project, self.person)
        except NotSendable:
            assert keys.active_key(self.stage.project.workspace).is_paused

    @precondition(lambda self: Take.objects.exists())
    @rule(number=takes, act=st.sampled_from(["cancel", "not created", "collect again", "give up"]))
    def decide(self, number, act):
        acts = {
            "cancel": cancel,
            "not created": resolution.not_created,
            "collect again": collector.collect_again,
            "give up": giving_up.give_up,
        }
        try:
            acts[act](self._take(number), self.person)
        except (IllegalTransition, resolution.NotResolved):
            return

    @precondition(lambda self: Take.objects.filter(status=Status.UNCERTAIN).exists())
    @rule(number=takes)
    def send_again(self, number):
        take = self._take(number)
        try:
            resolution.send_again(take, self.person)
        except (IllegalTransition, resolution.NotResolved):
            return
        self.sent_again[take.pk] += 1

    @precondition(lambda self: Take.objects.filter(status=Status.UNCERTAIN).exists())
    @rule(number=takes, whose=takes, mood=st.sampled_from(["honest", *GET_FAULTS]))
    def name_the_task(self, number, whose, mood):
        self.vendor.mood = mood
        named = [*self.vendor.tasks_of(self._take(whose).pk), "task_unheard_of"]
        try:
            resolution.confirm_task_id(self._take(number), named[0], self.person)
        except (IllegalTransition, resolution.NotResolved):
            return

    @precondition(lambda self: Take.objects.exists())
    @rule(number=takes, act=st.sampled_from([discarding.discard, discarding.keep_after_all]))
    def discard(self, number, act):
        try:
            act(self._take(number), self.person)
        except discarding.TooLate:
            return

    @rule(act=st.sampled_from([pausing.pause, pausing.resume]))
    def pause_or_resume_the_queue(self, act):
        act(self.stage.project.workspace, self.person)

    @precondition(lambda self: Take.objects.exists())
    @rule(number=takes, step=st.sampled_from(ordering.Step))
    def reorder(self, number, step):
        try:
            ordering.move(self._take(number), step, self.person)
        except ordering.StaleOrder:
            return

    @rule(refused=st.booleans())
    def pause_or_resume_the_key(self, refused):
        if refused:
            keys.pause_key(self.stage.key, "It was refused.")
        else:
            keys.resume_key(self.stage.key, self.person)

    # -- The machines ---------------------------------------------------------------------------
    @rule(mood=st.sampled_from(["honest", "honest", *GET_FAULTS, *DEATHS]), records=st.booleans())
    def watcher_turns(self, mood, records):
        self.vendor.mood = mood
        answers = [self._asked(question) for question in due.questions_due(100) + due.trials_due()]
        if records:  # else the watcher died with what it had heard
            polling.record([answer for answer in answers if answer is not None])

    def _asked(self, question):
        try:
            with TransendClient("http://vendor.test", question.secret) as client:
                outcome = client.get_task(question.task_id)
        except errors.TransendError as problem:
            outcome = problem
        except Killed:
            return None
        return polling.Answered(question, outcome)

    @precondition(lambda self: OrmQ.objects.exists())
    @rule(
        number=st.integers(0, 50),
        mood=st.sampled_from(["honest", "honest", *POST_FAULTS, *DEATHS]),
        delivery=st.sampled_from(["once", "once", "once", "and again later", "never"]),
        files=st.sampled_from(["whole", "whole", "broken", "killed"]),
    )
    def worker_takes_an_entry(self, number, mood, delivery, files):
        entries = list(OrmQ.objects.order_by("pk"))
        entry = entries[number % len(entries)]
        package = SignedPackage.loads(entry.payload)
        if delivery != "and again later":
            entry.delete()
        if delivery != "never":
            self.vendor.mood, self.files = mood, files
            try:
                import_string(package["func"])(*package["args"])
            except Killed:
                return

    @precondition(lambda self: Take.objects.exists())
    @rule(number=takes, whose=takes, forged=st.booleans(), times=st.integers(1, 3))
    def webhook(self, number, whose, forged, times):
        take, other = self._take(number), self._take(whose)
        named = [*self.vendor.tasks_of(other.pk), "task_unheard_of"][0]
        mac = "0" * 64 if forged else webhooks.mac_of(take.pk)
        body = json.dumps({"task_id": named, "status": "failed", "progress": 1})
        for _ in range(times):
            path = f"/hooks/transend/{take.pk}/{mac}"
            answer = Client().post(path, body, content_type="application/json")
            assert answer.status_code == (404 if forged else 204)

    @rule(seconds=st.sampled_from([1, 4, 16, 80, 400, 1_500]))
    def time_passes(self, seconds):
        self.now.shift(seconds)

    @precondition(lambda self: self.vendor.ledger.live())
    @rule(number=takes)
    def render_fails(self, number):
        live = sorted(self.vendor.ledger.live(), key=lambda task: task.created_at)
        live[number % len(live)].marks.append("fail_render")

    # -- What always holds ----------------------------------------------------------------------
    @invariant()
    def nothing_is_paid_twice_without_a_persons_word(self):
        for take, count in self.vendor.accepted().items():
            assert count <= 1 + self.sent_again[take], f"take {take} was rendered {count} times"

    @invariant()
    def each_take_is_where_it_may_be(self):
        for take in Take.objects.all():
            was = self.ended.get(take.pk, take.status)
            assert was == take.status, f"take {take.pk} was {was}, and is {take.status}"
            if take.is_terminal:
                self.ended[take.pk] = take.status
            known = self.known_task.setdefault(take.pk, take.vendor_task_id) or take.vendor_task_id
            assert known == take.vendor_task_id
            self.known_task[take.pk] = known
            assert take.progress >= self.progress[take.pk]
            self.progress[take.pk] = take.progress
            self._is_cared_for(take)
            self._is_told_without_gaps(take)

    def _is_cared_for(self, take):
        """It is over, stands in line, is due at some time, or says what a person is to decide."""
        if take.status in (Status.UNCERTAIN, Status.UNCOLLECTED):
            assert take.error_says, f"take {take.pk} is {take.status} and does not say why"
        elif take.status == Status.STALLED:
            assert take.error_says
            assert take.next_poll_at is not None
        elif take.status != Status.QUEUED and not take.is_terminal:
            assert take.next_poll_at is not None, f"nobody looks after take {take.pk}"

    def _is_told_without_gaps(self, take):
        """Tries that ended alike are one event that counts them: each stands for two more."""
        events = list(take.events.order_by("number"))
        numbers = [event.number for event in events]
        assert numbers == sorted(set(numbers))
        assert numbers[-1] == take.last_event
        assert len(events) + 2 * sum(event.times - 1 for event in events) == take.last_event
        for before, after in zip(events, events[1:], strict=False):
            assert after.from_status == before.to_status
        assert events[-1].to_status == take.status

    def _everything_settles(self):
        """With an honest vendor and a working key nothing is stuck, whatever has happened."""
        keys.resume_key(self.stage.key, self.person)
        pausing.resume(self.stage.project.workspace, self.person)
        for _ in range(80):
            moving = Take.objects.exclude(status__in=AT_REST)
            if not moving.exists():
                break
            self.now.shift(timedelta(seconds=90))
            self.watcher_turns(mood="honest", records=True)
            for entry in OrmQ.objects.order_by("pk"):
                package = SignedPackage.loads(entry.payload)
                entry.delete()
                self.vendor.mood, self.files = "honest", "whole"
                import_string(package["func"])(*package["args"])
        self.nothing_is_paid_twice_without_a_persons_word()
        self.each_take_is_where_it_may_be()
        stuck = Take.objects.exclude(status__in=AT_REST).values_list("pk", "status", "waits_for")
        assert not list(stuck)


@pytest.mark.timeout(3_600 if IS_LONG else 300)
def test_whoever_acts_in_whatever_order(
    project, producer, api_key, footage, tmp_path, settings_of_studio, monkeypatch
):
    AnyOrder.stage = SimpleNamespace(
        project=project,
        producer=producer,
        key=api_key,
        footage=footage,
        folder=tmp_path,
        patch=monkeypatch,
        runs=0,
    )
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=400 if IS_LONG else 12,
            stateful_step_count=60 if IS_LONG else 30,
            derandomize=not IS_LONG,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if IS_LONG else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def settings_of_studio(settings, tmp_path):
    settings.TRANSEND_BASE_URL = "http://vendor.test"
    settings.TRANSEND_WEBHOOK_BASE = "http://studio.test"
    settings.STUDIO_VAULT = tmp_path / "vault"
