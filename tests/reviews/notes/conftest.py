"""Reviewers of one take: members, and guests of a share link."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from studio.accounts.models import Membership
from studio.renders.models import Take
from studio.reviews.models import Guest, Note, ShareLink
from studio.reviews.notes import writing
from studio.reviews.notes.drafts import Draft
from studio.reviews.reviewing import Reviewer
from tests.conftest import Actor


@pytest.fixture
def as_member(take) -> Callable[..., Reviewer]:
    """`as_member(producer)`: that member in front of the take, or of the one given."""

    def make(actor: Actor, of: Take | None = None) -> Reviewer:
        chosen = of or take
        member = Membership.objects.get(user=actor.user, workspace=chosen.workspace)
        return Reviewer(chosen, user=actor.user, role=member.role)

    return make


@pytest.fixture
def as_guest(take, producer) -> Callable[..., Reviewer]:
    """`as_guest("view")`: a new guest of a new link to the take, or to the one given."""

    def make(
        rights: str = "comment", name: str = "Jane Client", of: Take | None = None
    ) -> Reviewer:
        chosen = of or take
        number = Guest.objects.count()
        link = ShareLink.objects.create(
            workspace=chosen.workspace,
            take=chosen,
            token_sha256=f"{number:064}",
            rights=rights,
            expires_at=timezone.now() + timedelta(days=1),
            created_by=producer.user,
        )
        guest = Guest.objects.create(link=link, name=name, key_sha256=f"{number:064}")
        return Reviewer(chosen, guest=guest, link=link)

    return make


@pytest.fixture
def member(as_member, creative) -> Reviewer:
    return as_member(creative)


@pytest.fixture
def guest(as_guest) -> Reviewer:
    return as_guest()


@pytest.fixture
def write() -> Callable[..., Note]:
    """`write(reviewer, "Too dark", from_ms=500)`: a thread begun by that person."""

    def begin(reviewer: Reviewer, text: str = "Too dark", **fields: Any) -> Note:
        return writing.add(reviewer, Draft(text=text, **fields))

    return begin
