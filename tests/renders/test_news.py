"""A take whose outcome is unknown is told to those who may settle it, each time it happens."""

import pytest
from django_q.models import OrmQ

from studio.inbox.models import Kind, Notice
from studio.renders.lifecycle import IllegalTransition, Status, advance
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
