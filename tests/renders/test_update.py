"""A studio of the release before is updated in the midst of its work."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from studio.accounts.models import Workspace
from studio.renders.lifecycle import Status
from studio.renders.models import Desk, Take
from studio.renders.sending import lines, turns
from studio.storyboards.models import Project

FORMER = ("renders", "0002_patience_with_outages")
AT_VENDOR = ("submitted", "running", "collecting", "uncollected", "stalled", "ready")


def newest():
    """The last migration of each app."""
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


def migrated(targets):
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def former(transactional_db):
    """The tables as the release before had them; the newest ones again afterwards."""
    yield migrated([FORMER, *(node for node in newest() if node[0] == "storyboards")])
    migrated(newest())


def take_of(apps, number, status, *, attempts=1, task=""):
    """A take as the former release wrote it."""
    workspace, _ = apps.get_model("accounts", "Workspace").objects.get_or_create(
        slug="former", defaults={"name": "Former"}
    )
    project, _ = apps.get_model("storyboards", "Project").objects.get_or_create(
        workspace=workspace, title="Neon Tokyo"
    )
    revision, _ = apps.get_model("storyboards", "Revision").objects.get_or_create(
        project=project, number=1, content_of=1, summary="Edited", snapshot={}
    )
    return (
        apps.get_model("renders", "Take")
        .objects.create(
            workspace=workspace,
            project=project,
            revision=revision,
            number=number,
            payload="{}",
            payload_sha256="0" * 64,
            duration_ms=30_000,
            status=status,
            attempts=attempts,
            vendor_task_id=task,
            next_poll_at=timezone.now() if status == "queued" else None,
        )
        .pk
    )


def test_takes_of_every_status_go_on_after_the_update(former):
    made = {
        status: take_of(former, number, status, task=f"task_{number}" * (status in AT_VENDOR))
        for number, status in enumerate(map(str, Status), start=1)
    }
    waiting = [made["queued"], take_of(former, 90, "queued", attempts=0)]
    migrated(newest())
    takes = Take.objects.in_bulk()
    billable = {status for status, pk in made.items() if takes[pk].billable}
    assert billable == {*AT_VENDOR, "submitting", "uncertain"}
    assert {takes[pk].status for pk in made.values()} == set(Status)

    workspace = Workspace.objects.get()
    newcomer = Project.objects.create(workspace=workspace, title="Newcomer")
    assert [take.pk for take in lines.sendable(workspace)] == waiting
    desk = Desk.objects.create(workspace=workspace)
    assert turns.next_place(newcomer, desk) > max(takes[pk].place for pk in waiting)
