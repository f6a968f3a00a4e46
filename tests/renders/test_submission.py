"""Ordering: one transaction, one take a form, and nothing that the vendor would refuse."""

import hashlib

import pytest
from django.db import transaction
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from studio.accounts import keys
from studio.accounts.models import AuditEntry
from studio.renders import submission
from studio.renders.lifecycle import IllegalTransition, Status, advance
from studio.renders.models import Take
from studio.renders.readiness import readiness_of
from studio.renders.submission import NotSendable, order_take
from studio.storyboards.edits import keeping
from tests.renders.conftest import posts, save_revision


def test_an_order_is_take_event_audit_and_queue_entry(project, creative, api_key):
    take = order_take(project, creative.user)
    assert (take.status, take.number, take.progress) == ("queued", 1, 0)
    assert take.events.get().actor == creative.user
    entry = AuditEntry.objects.get(action="take.ordered")
    assert entry.actor == creative.user
    assert entry.data["payload_sha256"] == take.payload_sha256
    package = SignedPackage.loads(OrmQ.objects.get().payload)
    assert package["func"] == "studio.renders.tasks.submit_take"
    assert (package["args"], package["kwargs"]) == ((take.pk,), {})


@pytest.mark.django_db(transaction=True)
def test_an_order_that_rolls_back_leaves_nothing_behind(project, creative, api_key):
    @transaction.atomic
    def broken_off():
        order_take(project, creative.user)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert not Take.objects.exists()
    assert not OrmQ.objects.exists()
    assert not AuditEntry.objects.filter(action="take.ordered").exists()


def test_the_payload_is_frozen_with_its_hash(project, creative, api_key):
    take = order_take(project, creative.user)
    payload = take.payload
    assert hashlib.sha256(payload.encode()).hexdigest() == take.payload_sha256
    assert payload.startswith('{"prompt":"Neon Tokyo in the rain.","duration_seconds":30,"camera":')
    assert take.duration_ms == 30_000
    project.brief = "Another film"
    save_revision(project, creative.user)
    take.refresh_from_db()
    assert take.payload == payload
    assert take.revision.number == 1


def test_one_form_makes_one_take(project, creative, api_key):
    first = order_take(project, creative.user, form_token="abc")
    again = order_take(project, creative.user, form_token="abc")
    other = order_take(project, creative.user, form_token="def")
    assert first == again != other
    assert [first.number, other.number] == [1, 2]
    assert OrmQ.objects.count() == 2


def test_orders_without_a_form_are_each_their_own(project, creative, api_key):
    assert order_take(project, creative.user) != order_take(project, creative.user)


def test_a_board_that_is_too_long_is_refused_with_its_place(project, creative, api_key):
    project.shots.filter(position=1).update(duration_ms=44_000)
    save_revision(project, creative.user)
    with pytest.raises(NotSendable) as refused:
        order_take(project, creative.user)
    (problem,) = refused.value.problems
    assert problem.where == "duration_seconds"
    assert "Shorten it by 2 s." in problem.says
    assert not Take.objects.exists()
    assert not OrmQ.objects.exists()


def test_a_board_that_was_never_saved_cannot_be_rendered(project, creative, api_key):
    project.revisions.all().delete()
    with pytest.raises(NotSendable, match="Nothing is saved"):
        order_take(project, creative.user)


def test_an_archived_project_is_not_rendered_until_it_is_restored(project, creative, api_key):
    keeping.archive(project, creative.user)
    with pytest.raises(NotSendable, match="This project is archived and read only. Restore it"):
        order_take(project, creative.user)
    assert not Take.objects.exists()
    keeping.restore(project, creative.user)
    assert order_take(project, creative.user).number == 1


def test_without_a_key_the_sentence_names_who_adds_one(project, creative, admin):
    with pytest.raises(NotSendable, match=r"Ask Admin \(admin\) to add one"):
        order_take(project, creative.user)


def test_with_a_refused_key_the_sentence_says_so(project, creative, api_key):
    keys.pause_key(api_key, "Refused.")
    with pytest.raises(NotSendable, match="refused the API key Main"):
        order_take(project, creative.user)


def test_nobody_pays_for_what_another_changed_meanwhile(project, creative, producer, api_key):
    save_revision(project, producer.user)
    with pytest.raises(NotSendable, match="Producer changed this board since revision 1"):
        order_take(project, creative.user, seen=1)
    assert order_take(project, creative.user, seen=2).revision.number == 2


def test_nor_for_what_they_changed_in_another_window(project, creative, api_key):
    save_revision(project, creative.user)
    with pytest.raises(NotSendable, match="You, in another window, changed this board"):
        order_take(project, creative.user, seen=1)
    assert order_take(project, creative.user, seen=2).revision.number == 2


def test_unverified_moves_are_named_before_spending(project, creative, api_key):
    project.shots.filter(position=0).update(motion="zoom-in")
    save_revision(project, creative.user)
    readiness = readiness_of(project)
    assert readiness.is_ready
    assert readiness.unverified == ["zoom-in"]


def test_a_waiting_take_can_be_cancelled_and_is_then_not_sent(take, creative, house, vendor):
    submission.cancel(take, creative.user)
    house.work()
    take.refresh_from_db()
    assert take.status == "cancelled"
    assert posts(vendor) == []
    assert AuditEntry.objects.filter(action="take.cancelled", actor=creative.user).exists()


def test_a_take_under_way_cannot_be_cancelled(take, creative):
    advance(take, Status.SUBMITTING)
    with pytest.raises(IllegalTransition):
        submission.cancel(take, creative.user)
    assert not AuditEntry.objects.filter(action="take.cancelled").exists()
