"""Announcing: each event once, to active members alone, and only if the event happened."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from studio.accounts.models import Membership, Role
from studio.inbox.models import Kind, Notice
from studio.inbox.outbox import announce

pytestmark = pytest.mark.django_db

BOTH = (Role.PRODUCER, Role.ADMIN)


def told() -> set[str]:
    return set(Notice.objects.values_list("user__email", flat=True))


def test_roles_and_named_people_are_told(workspace, admin, producer, creative, viewer):
    count = announce(
        workspace, Kind.TAKE_UNCERTAIN, "Look.", key="1", roles=BOTH, users=[creative.user]
    )
    assert count == 3
    assert told() == {admin.user.email, producer.user.email, creative.user.email}


def test_each_event_is_told_once(workspace, admin, producer):
    announce(workspace, Kind.KEY_PAUSED, "Paused.", key="pause-1", roles=[Role.ADMIN])
    assert announce(workspace, Kind.KEY_PAUSED, "Again.", key="pause-1", roles=BOTH) == 1
    says = dict(Notice.objects.values_list("user__email", "says"))
    assert says == {admin.user.email: "Paused.", producer.user.email: "Again."}
    assert OrmQ.objects.count() == 2


def test_the_same_key_of_another_workspace_is_another_event(workspace, other_workspace, admin):
    Membership.objects.create(workspace=other_workspace, user=admin.user, role=Role.ADMIN)
    for place in (workspace, other_workspace):
        announce(place, Kind.BUDGET_REACHED, "Reached.", key="2026-11", roles=[Role.ADMIN])
    assert Notice.objects.filter(user=admin.user).count() == 2


def test_who_is_both_in_the_role_and_named_is_told_once(workspace, admin):
    announce(workspace, Kind.KEY_PAUSED, "P.", key="1", roles=[Role.ADMIN], users=[admin.user])
    assert Notice.objects.count() == 1


def test_nobody_from_outside_is_told(workspace, admin, stranger):
    """Not by name, and not for the same role elsewhere."""
    announce(workspace, Kind.KEY_PAUSED, "P.", key="1", roles=[Role.ADMIN], users=[stranger.user])
    assert told() == {admin.user.email}


def test_who_may_not_sign_in_any_more_is_not_told(workspace, admin):
    admin.user.is_active = False
    admin.user.save()
    assert announce(workspace, Kind.KEY_PAUSED, "P.", key="1", roles=[Role.ADMIN]) == 0
    assert not OrmQ.objects.exists()


def test_what_did_not_happen_is_told_to_nobody(workspace, admin):
    def fail_after_announcing() -> None:
        with transaction.atomic():
            announce(workspace, Kind.KEY_PAUSED, "P.", key="1", roles=[Role.ADMIN])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_announcing()
    assert not Notice.objects.exists()
    assert not OrmQ.objects.exists()


def test_only_what_cannot_wait_is_mailed(workspace, admin):
    announce(workspace, Kind.KEY_RESUMED, "Works.", key="1", roles=[Role.ADMIN])
    assert Notice.objects.get().mail_due_at is None
    assert not OrmQ.objects.exists()


def test_the_queue_gets_nothing_but_an_id(workspace, admin):
    announce(workspace, Kind.KEY_PAUSED, "A secret sentence.", key="1", roles=[Role.ADMIN])
    entry = OrmQ.objects.get()
    assert entry.key == "long"
    assert SignedPackage.loads(entry.payload)["args"] == (admin.user.pk,)


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example/", "//elsewhere.example/", "takes/1/", "/\\elsewhere.example/",
     "/\t/elsewhere.example/", "/takes/1/\nBcc: x"],
)  # fmt: skip
def test_a_notice_leads_to_this_studio_alone(workspace, admin, url):
    with pytest.raises(ValueError, match="a page of this studio"):
        announce(workspace, Kind.KEY_PAUSED, "P.", key="1", url=url, roles=[Role.ADMIN])


def test_more_people_cost_no_more_queries_but_for_their_mail(
    workspace, actor, django_assert_num_queries
):
    actor(workspace, Role.ADMIN)
    with CaptureQueriesContext(connection) as for_one:
        announce(workspace, Kind.TAKE_UNCERTAIN, "Look.", key="1", roles=BOTH)
    actor(workspace, Role.PRODUCER)
    with django_assert_num_queries(len(for_one)):
        announce(workspace, Kind.TAKE_UNCERTAIN, "Look.", key="2", roles=BOTH)
