"""A take's end is told: ready to who ordered it and who decides, failed to who ordered it."""

import pytest

from studio.inbox.models import Kind, Notice
from studio.renders.lifecycle import Status
from studio.reviews import endings
from studio.reviews.telling import tell_of_end
from tests.builders import take_without_files

pytestmark = pytest.mark.django_db


def ended(workspace, status: Status, creator=None):
    take = take_without_files(workspace, status)
    take.created_by = creator
    take.error_says = "Transend found the prompt unsafe."
    return take


def test_a_ready_take_is_told_to_its_maker_and_to_those_who_decide(
    workspace, admin, producer, creative, viewer
):
    take = ended(workspace, Status.READY, creative.user)
    tell_of_end(take)
    tell_of_end(take)
    told = {notice.user: notice for notice in Notice.objects.select_related("user")}
    assert set(told) == {admin.user, producer.user, creative.user}
    notice = told[creative.user]
    assert notice.says == "Take 1 of “Neon Tokyo” is ready to review."
    assert (notice.kind, notice.url) == (Kind.TAKE_READY, f"/takes/{take.pk}/")
    assert notice.project == take.project_id
    assert not notice.in_digest
    assert told[producer.user].in_digest


def test_a_failed_take_is_told_to_its_maker_alone(workspace, producer, creative):
    endings.take_ended(ended(workspace, Status.FAILED, creative.user))
    notice = Notice.objects.get()
    assert notice.user == creative.user
    assert notice.says.endswith("failed. Transend found the prompt unsafe.")


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.FAILED])
def test_what_nobody_waits_for_is_told_to_nobody(workspace, producer, status):
    endings.take_ended(ended(workspace, status))
    assert not Notice.objects.exists()
