"""A take of a real board, and reviewers in front of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.accounts.models import Role
from studio.renders.models import Take
from studio.reviews.models import Guest, ShareLink
from studio.reviews.reviewing import Reviewer
from studio.storyboards.boards import latest_revision
from studio.storyboards.edits.revising import create_project
from studio.storyboards.models import Project, Shot


@pytest.fixture
def board(workspace, creative):
    """Makes a project of so many shots of 6 s, `scene-1` and on."""

    def make(count: int = 3) -> Project:
        shots = [
            Shot(scene_id=f"scene-{n}", prompt=f"Rain, part {n}", duration_ms=6_000)
            for n in range(1, count + 1)
        ]
        return create_project(workspace, creative.user, "Rain", shots=shots)

    return make


@pytest.fixture
def take_of(make_take):
    """Makes a ready take of a board as it is now."""

    def make(project: Project, status: str = "ready") -> Take:
        take, number = make_take(status), project.takes.count() + 1
        revision = latest_revision(project)
        Take.objects.filter(pk=take.pk).update(project=project, revision=revision, number=number)
        return Take.objects.select_related("workspace", "project", "revision").get(pk=take.pk)

    return make


@pytest.fixture
def rain(board, take_of) -> Take:
    """The first take of a board of three shots."""
    return take_of(board())


@pytest.fixture
def member():
    """`member(take, client)`: that person in front of the take."""

    def make(take, client, role=Role.CREATIVE):
        return Reviewer(take, user=client.user, role=role)

    return make


@pytest.fixture
def guest_of():
    """`guest_of(take)`: somebody who may comment and approve, by a link."""

    def make(take) -> Reviewer:
        link = ShareLink.objects.create(
            workspace=take.workspace,
            take=take,
            token_sha256="0" * 64,
            rights=ShareLink.Rights.APPROVE,
            expires_at=timezone.now() + timedelta(days=14),
        )
        guest = Guest.objects.create(link=link, name="Gil", key_sha256="1" * 64)
        return Reviewer(take, guest=guest, link=link)

    return make


@pytest.fixture
def mark():
    """Posts a verdict as the page does."""

    def send(client, take, shot, verdict, says="", **more):
        headers = {"HX-Request": "true"} if more.pop("htmx", True) else {}
        data = {"shot": shot, "verdict": verdict, "says": says, **more}
        return client.post(f"/takes/{take.pk}/shots/mark/", data, headers=headers)

    return send
