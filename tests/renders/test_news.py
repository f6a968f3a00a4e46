"""A take whose outcome is unknown is told to those who may settle it, each time it happens."""

import pytest
from django_q.models import OrmQ

from studio.inbox.models import Kind, Notice
from studio.renders.lifecycle import IllegalTransition, Status, advance
from studio.renders.models import Take
from tests.builders import take_without_files

pytestmark = pytest.mark.django_db


def test_producers_and_admins_are_told_in_the_app(workspace, admin, producer, creative, viewer):
    take = take_without_files(workspace, Status.SUBMITTING)
    advance(take, Status.UNCERTAIN, says="No answer.")
    told = Notice.objects.filter(kind=Kind.TAKE_UNCERTAIN)
    assert set(told.values_list("user", flat=True)) == {admin.user.pk, producer.user.pk}
    assert {notice.url for notice in told} == {f"/takes/{take.pk}/"}
    assert "take 1 of “Neon Tokyo”" in told[0].says
    assert not OrmQ.objects.exists()


def test_whoever_loses_the_race_tells_nobody(workspace, producer):
    take = take_without_files(workspace, Status.SUBMITTING)
    advance(take, Status.UNCERTAIN)
    with pytest.raises(IllegalTransition):
        advance(take, Status.UNCERTAIN, expect=Status.SUBMITTING)
    assert Notice.objects.count() == 1


def test_sent_again_and_lost_again_is_told_again(workspace, producer):
    take = take_without_files(workspace, Status.SUBMITTING)
    advance(take, Status.UNCERTAIN)
    advance(take, Status.QUEUED)
    assert Notice.objects.count() == 1
    advance(take, Status.SUBMITTING)
    advance(take, Status.UNCERTAIN)
    assert Notice.objects.count() == 2


def test_files_that_could_not_be_fetched_are_told_once_while_they_can_still_be(
    workspace, admin, producer, creative, viewer
):
    take = take_without_files(workspace, Status.COLLECTING)
    Take.objects.update(created_by=creative.user)
    take.refresh_from_db()
    for _ in range(2):
        advance(take, Status.UNCOLLECTED, says="The file's host answered with status 500.")
        advance(take, Status.COLLECTING)
    told = Notice.objects.filter(says__contains="could not be fetched")
    people = {admin.user.pk, producer.user.pk, creative.user.pk}
    assert sorted(told.values_list("user", flat=True)) == sorted(people)
    assert {(notice.kind, notice.url) for notice in told} == {
        (Kind.FILES_DUE, f"/takes/{take.pk}/")
    }
    assert all(notice.mail_due_at for notice in told), "a day is short: it is mailed at once"
