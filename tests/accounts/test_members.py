"""Members: added, given other roles, removed; an admin always remains."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from studio.accounts import members
from studio.accounts.members import MembershipRefused
from studio.accounts.models import AuditEntry, Membership, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(workspace) -> str:
    return reverse("accounts:members", args=[workspace.slug])


def of_member(name: str, membership: Membership) -> str:
    return reverse(f"accounts:{name}", args=[membership.workspace.slug, membership.pk])


def membership_of(actor) -> Membership:
    return Membership.objects.select_related("workspace", "user").get(user=actor.user)


def test_the_page_lists_everybody_with_their_role(admin, producer, viewer, stranger, address):
    text = admin.get(address).content.decode()
    for actor in (admin, producer, viewer):
        assert actor.user.email in text
    assert stranger.user.email not in text
    assert text.index(admin.user.email) < text.index(producer.user.email)


def test_a_new_person_gets_a_password_that_is_shown_once_and_works(
    admin, address, workspace, client
):
    said = {"email": "Mia@Example.com", "name": "Mia", "role": "creative"}
    answer = admin.post(address, said)
    text = answer.content.decode()
    password = re.search(r"<dt>Password</dt><dd><code>(.+?)</code>", text)[1]
    assert len(password) >= 16
    signed_in = client.post("/accounts/login/", {"login": "mia@example.com", "password": password})
    assert signed_in.status_code == 302
    assert Membership.objects.get(user__email="mia@example.com").role == Role.CREATIVE
    kept = repr(list(AuditEntry.objects.values())) + repr(
        [session.get_decoded() for session in Session.objects.all()]
    )
    assert password not in kept + admin.get(address).content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_person_with_an_account_joins_without_a_new_password(admin, address, stranger, workspace):
    before = stranger.user.password
    answer = admin.post(
        address, {"email": stranger.user.email.upper(), "role": "viewer"}, follow=True
    )
    assert "is a member now." in answer.content.decode()
    assert "<dt>Password</dt>" not in answer.content.decode()
    stranger.user.refresh_from_db()
    assert stranger.user.password == before
    assert stranger.user.memberships.count() == 2


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"email": "", "role": "viewer"}, "Type the person&#x27;s e-mail address."),
        ({"email": "mia", "role": "viewer"}, "This is not a whole e-mail address"),
        ({"email": "mia@example.com", "role": "owner"}, "Select a valid choice"),
        ({"email": "admin@kitchen.example", "role": "viewer"}, "is a member already"),
    ],
)
def test_what_cannot_be_added_is_said_at_the_field_and_kept(admin, address, said, says):
    answer = admin.post(address, {**said, "name": "Kept name"})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="Kept name"' in answer.content.decode()
    assert User.objects.count() == 1


def test_a_role_changes_from_the_next_click_on(admin, viewer, address):
    assert viewer.get(address).status_code == 403
    admin.post(of_member("change-role", membership_of(viewer)), {"role": "admin"})
    assert viewer.get(address).status_code == 200


def test_a_removed_member_is_an_outsider_at_once(admin, producer, address):
    membership = membership_of(producer)
    question = admin.get(of_member("remove-member", membership)).content.decode()
    assert "Remove Producer?" in question
    assert Membership.objects.filter(pk=membership.pk).exists()
    admin.post(of_member("remove-member", membership))
    assert producer.get(address).status_code == 404
    assert User.objects.filter(pk=producer.user.pk).exists()


def test_the_last_admin_stays_admin_and_is_told_what_to_do(admin, producer, address):
    mine = membership_of(admin)
    for name, said in (("change-role", {"role": "viewer"}), ("remove-member", {})):
        answer = admin.post(of_member(name, mine), said, follow=True)
        assert answer.redirect_chain == [(address, 302)]
        assert "Make somebody else an admin first." in answer.content.decode()
        mine.refresh_from_db()
        assert mine.role == Role.ADMIN


def test_an_admin_who_is_switched_off_does_not_count(admin, producer):
    second = membership_of(producer)
    Membership.objects.filter(pk=second.pk).update(role=Role.ADMIN)
    User.objects.filter(pk=producer.user.pk).update(is_active=False)
    with pytest.raises(MembershipRefused, match="is the only admin of Kitchen Films"):
        members.remove_member(membership_of(admin), admin.user)


def test_an_admin_may_leave_once_there_is_another(admin, producer, address):
    Membership.objects.filter(user=producer.user).update(role=Role.ADMIN)
    answer = admin.post(of_member("change-role", membership_of(admin)), {"role": "viewer"})
    assert answer.headers["Location"] == reverse("storyboards:projects")
    assert admin.get(address).status_code == 403


def test_every_change_is_written_down(admin, viewer, workspace):
    members.add_member(workspace, "mia@example.com", Role.VIEWER, admin.user)
    members.change_role(membership_of(viewer), Role.CREATIVE, admin.user)
    members.change_role(membership_of(viewer), Role.CREATIVE, admin.user)
    members.remove_member(membership_of(viewer), admin.user)
    written = AuditEntry.objects.order_by("number").values_list("action", "target", "data")
    email = viewer.user.email
    assert list(written) == [
        ("member.added", "mia@example.com", {"role": "viewer"}),
        ("member.role_changed", email, {"before": "viewer", "after": "creative"}),
        ("member.removed", email, {}),
    ]


def test_an_unknown_role_changes_nothing(admin, viewer):
    answer = admin.post(
        of_member("change-role", membership_of(viewer)), {"role": "owner"}, follow=True
    )
    assert "Choose one of the four roles." in answer.content.decode()
    assert membership_of(viewer).role == Role.VIEWER


def test_more_members_cost_no_more_queries(
    admin, address, workspace, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5) as few:
        admin.get(address)
    for number in range(6):
        members.add_member(workspace, f"{number}@example.com", Role.VIEWER, admin.user)
    with django_assert_num_queries(len(few)):
        admin.get(address)
