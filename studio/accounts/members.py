"""Members of a workspace: add, change the role of, remove. An admin always remains."""

import secrets
from dataclasses import dataclass, field

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from studio.accounts import audit
from studio.accounts.models import Membership, Role, User, Workspace


class MembershipRefused(ValueError):
    """The change may not be made; the message says why, and what to do instead."""


@dataclass(frozen=True)
class Added:
    """A new member, and the password made for them if they had no account before."""

    membership: Membership
    password: str | None = field(repr=False)


@sensitive_variables("password")
def add_member(workspace: Workspace, email: str, role: Role, actor: User, name: str = "") -> Added:
    """Give a person a role here; somebody without an account gets one, and a password.

    The password is not kept anywhere: show it once. Raises `MembershipRefused`.
    """
    with transaction.atomic():
        audit.lock(workspace)
        user = User.objects.filter(email__iexact=email).first()
        password = None
        if user is None:
            password = secrets.token_urlsafe(15)
            user = User.objects.create_user(email, password, name=name.strip())
        elif workspace.memberships.filter(user=user).exists():
            raise MembershipRefused(
                f"{user.email} is a member already. Change the role in the list."
            )
        membership = Membership.objects.create(workspace=workspace, user=user, role=role)
        audit.record(workspace, actor, "member.added", user.email, role=role)
    return Added(membership, password)


def change_role(membership: Membership, role: Role, actor: User) -> None:
    """Give a member another role. Raises `MembershipRefused` for the last admin."""
    with transaction.atomic():
        # Two admins demoting each other at once would leave none: one after the other.
        audit.lock(membership.workspace)
        _keep_an_admin(membership, "Make somebody else an admin first.", role)
        before = Membership.objects.values_list("role", flat=True).get(pk=membership.pk)
        if before == role:
            return
        Membership.objects.filter(pk=membership.pk).update(role=role)
        audit.record(
            membership.workspace,
            actor,
            "member.role_changed",
            membership.user.email,
            before=before,
            after=role,
        )


def remove_member(membership: Membership, actor: User) -> None:
    """End a membership at once; the person's account and work remain.

    Raises `MembershipRefused` for the last admin.
    """
    with transaction.atomic():
        audit.lock(membership.workspace)
        _keep_an_admin(membership, "Make somebody else an admin first.")
        removed, _ = Membership.objects.filter(pk=membership.pk).delete()
        if removed:
            audit.record(membership.workspace, actor, "member.removed", membership.user.email)


def _keep_an_admin(membership: Membership, instead: str, role: Role | None = None) -> None:
    others = membership.workspace.memberships.filter(role=Role.ADMIN, user__is_active=True)
    if role != Role.ADMIN and not others.exclude(pk=membership.pk).exists():
        raise MembershipRefused(
            f"{membership.user} is the only admin of {membership.workspace}. {instead}"
        )
