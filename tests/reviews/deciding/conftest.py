"""Policies, more people who may decide, and guests of share links."""

import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.accounts.models import Membership, Role, User
from studio.reviews.deciding.policies import Rule, change
from studio.reviews.models import Guest, ShareLink


@pytest.fixture
def rule(workspace) -> Callable[..., None]:
    """`rule(approvals_needed=2)`: what the workspace asks for from now on."""
    admin = User.objects.create_user("policies@kitchen.example", name="Policy maker")

    def set_rule(**said: object) -> None:
        change(workspace, Rule(**said), admin)

    return set_rule


@pytest.fixture
def person(workspace) -> Callable[..., User]:
    """`person("Mia")` is one more producer."""

    def make(name: str, role: str = Role.PRODUCER) -> User:
        user = User.objects.create_user(f"{name.lower()}@kitchen.example", name=name)
        Membership.objects.create(workspace=workspace, user=user, role=role)
        return user

    return make


@pytest.fixture
def link_of() -> Callable[..., ShareLink]:
    def make(take, rights: str = ShareLink.Rights.APPROVE) -> ShareLink:
        return ShareLink.objects.create(
            workspace=take.workspace,
            take=take,
            token_sha256=secrets.token_hex(32),
            rights=rights,
            expires_at=timezone.now() + timedelta(14),
        )

    return make


@pytest.fixture
def guest_of(link_of) -> Callable[..., Guest]:
    """`guest_of(take, "Ann")`, of a link of her own, or of `link`."""

    def make(take, name: str = "Ann Client", link: ShareLink | None = None) -> Guest:
        link = link or link_of(take)
        return Guest.objects.create(link=link, name=name, key_sha256=secrets.token_hex(32))

    return make
