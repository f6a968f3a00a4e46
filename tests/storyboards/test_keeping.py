"""Archived and restored, templates and copies: what stays, what is refused, who may."""

import pytest
from django.urls import reverse

from studio.accounts.models import AuditEntry
from studio.storyboards import rules
from studio.storyboards.boards import board_of
from studio.storyboards.edits import history, keeping, revising, shots
from studio.storyboards.models import Project
from studio.storyboards.presets import BUILT_IN_MOTIONS
from studio.storyboards.snapshots import SHOT_FIELDS, snapshot_of
from studio.storyboards.starters import STARTERS
from studio.storyboards.timing import Budget
from tests.builders import take_without_files

KEEPING = ["archive-project", "restore-project", "mark-template", "duplicate-project"]


def at(name, project):
    return reverse(f"storyboards:{name}", args=[project.pk])


def content(project):
    """What is on the board, less keys that differ between any two projects."""
    return [[getattr(shot, name) for name in SHOT_FIELDS] for shot in board_of(project).shots]


@pytest.mark.parametrize("name", KEEPING)
def test_keeping_wants_a_creative_of_this_workspace(
    name, tokyo, viewer, stranger, client, creative
):
    address = at(name, tokyo)
    assert viewer.post(address).status_code == 403
    assert stranger.post(address).status_code == 404
    assert client.post(address)["Location"].startswith("/accounts/login/")
    assert creative.get(address).status_code == 405
    assert Project.objects.filter(archived_at=None, is_template=False).count() == 1


def test_archived_projects_leave_the_list_and_keep_their_board(tokyo, creative, viewer):
    answer = creative.post(at("archive-project", tokyo))
    assert answer["Location"] == f"/projects/{tokyo.pk}/"
    assert tokyo.title not in viewer.get("/").content.decode()
    assert tokyo.title in viewer.get("/?kind=archived").content.decode()
    board = creative.get(f"/projects/{tokyo.pk}/").content.decode()
    assert "Archived – read only" in board
    assert "Restore" in board
    assert "Add shot" not in board
    assert creative.get("/find/").json()["found"] == []


def test_restored_projects_are_as_they_were(tokyo, creative):
    before = snapshot_of(tokyo, tokyo.shots.all())
    creative.post(at("archive-project", tokyo))
    creative.post(at("restore-project", tokyo))
    tokyo.refresh_from_db()
    assert (tokyo.archived_at, tokyo.revision) == (None, 1)
    assert snapshot_of(tokyo, tokyo.shots.all()) == before
    assert "Archived" not in creative.get(f"/projects/{tokyo.pk}/").content.decode()


def test_both_are_in_the_audit_log_once(tokyo, creative):
    for name in ("archive-project", "archive-project", "restore-project", "restore-project"):
        creative.post(at(name, tokyo))
    entries = AuditEntry.objects.order_by("number")
    said = [(entry.action, entry.target, entry.actor) for entry in entries]
    assert said == [
        ("project.archived", tokyo.title, creative.user),
        ("project.restored", tokyo.title, creative.user),
    ]


def test_takes_of_an_archived_project_stay(workspace, creative):
    take = take_without_files(workspace)
    before = (take.status, take.payload_sha256)
    keeping.archive(take.project, creative.user)
    take.refresh_from_db()
    assert (take.status, take.payload_sha256) == before


def edits_of(project):
    shot = project.shots.last().pk
    of_shot = {"args": [project.pk, shot]}
    yield at("edit-project", project), {"title": "Other"}
    yield at("reorder-shots", project), {"order": "1"}
    yield at("add-shot", project), {}
    yield at("undo", project), {}
    yield at("redo", project), {}
    yield reverse("storyboards:edit-shot", **of_shot), {"prompt": "Other"}
    yield reverse("storyboards:delete-shot", **of_shot), {}
    yield reverse("storyboards:move-shot", **of_shot), {"direction": "left"}


@pytest.mark.parametrize("base", [2, 1], ids=["current", "stale"])
def test_an_archived_board_refuses_every_edit_in_a_sentence(tokyo, creative, post, base):
    shots.add_shot(tokyo, 1, creative.user)
    keeping.archive(tokyo, creative.user)
    before = snapshot_of(tokyo, tokyo.shots.all())
    for address, data in edits_of(tokyo):
        answer = post(creative, address, {**data, "base": base})
        assert answer.status_code == 403, address
        assert "archived%20and%20read%20only.%20Restore%20it" in answer["X-Says"], address
        plain = creative.post(address, {**data, "base": base})
        assert "Restore it, then edit it." in plain.content.decode(), address
    tokyo.refresh_from_db()
    assert tokyo.revision == 2
    assert snapshot_of(tokyo, tokyo.shots.all()) == before


def test_what_was_read_before_it_was_archived_is_refused_too(tokyo, creative):
    """The claim itself looks: a project archived between the read and the write takes no edit."""
    read_before = Project.objects.get(pk=tokyo.pk)
    keeping.archive(tokyo, creative.user)
    with pytest.raises(revising.Archived):
        revising.revise(read_before, 1, creative.user, "Late", lambda: [])
    assert tokyo.shots.count() == 2


def test_the_list_offers_to_take_it_back(tokyo, creative):
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/?q=tokyo"}
    swapped = creative.post(at("archive-project", tokyo), headers=headers).content.decode()
    assert f'hx-post="{at("restore-project", tokyo)}"' in swapped
    assert "No project fits" in swapped
    back = creative.post(at("restore-project", tokyo), headers=headers).content.decode()
    assert f"Actions for {tokyo.title}" in back


def test_templates_are_offered_to_this_workspace_alone(tokyo, creative, stranger, other_workspace):
    creative.post(at("mark-template", tokyo), {"template": "yes"})
    choice = f'value="project:{tokyo.pk}"'
    assert choice in creative.get("/projects/new/").content.decode()
    assert choice not in stranger.get("/projects/new/").content.decode()
    creative.post(at("mark-template", tokyo), {"template": "no"})
    assert choice not in creative.get("/projects/new/").content.decode()


def test_a_project_started_from_a_template_has_its_shots_and_no_takes(tokyo, creative, workspace):
    tokyo.shots.update(notes="Keep", is_locked=True)
    take_revision = tokyo.revisions.get()
    answer = creative.post(
        "/projects/new/", {"workspace": "kitchen", "title": "Osaka", "start": f"project:{tokyo.pk}"}
    )
    copy = Project.objects.exclude(pk=tokyo.pk).get()
    assert answer["Location"] == f"/projects/{copy.pk}/"
    assert content(copy) == content(tokyo)
    assert (copy.title, copy.brief, copy.motion, copy.speed, copy.lighting) == (
        "Osaka", tokyo.brief, tokyo.motion, tokyo.speed, tokyo.lighting,
    )  # fmt: skip
    assert not copy.takes.exists()
    assert copy.revisions.get().summary == f"Started from “{tokyo.title}”"
    assert take_revision.project == tokyo
    assert not set(copy.shots.values_list("pk")) & set(tokyo.shots.values_list("pk"))
    with pytest.raises(history.NothingThere):
        history.undo(copy, 1, creative.user)


def test_a_brief_that_was_typed_counts_more_than_the_templates(tokyo, creative):
    data = {"workspace": "kitchen", "title": "Osaka", "brief": "Mine"}
    creative.post("/projects/new/", {**data, "start": f"project:{tokyo.pk}"})
    assert Project.objects.get(title="Osaka").brief == "Mine"


@pytest.mark.parametrize("start", ["starter:none", "project:0", "project:x", "else:1", "project:"])
def test_a_start_that_is_not_there_keeps_what_was_typed(creative, workspace, start):
    data = {"workspace": "kitchen", "title": "Osaka", "start": start}
    answer = creative.post("/projects/new/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose another one." in page
    assert 'value="Osaka"' in page
    assert not Project.objects.exists()


def test_a_template_of_another_workspace_is_not_there(tokyo, stranger):
    data = {"workspace": "elsewhere", "title": "Stolen", "start": f"project:{tokyo.pk}"}
    assert stranger.post("/projects/new/", data).status_code == 422
    assert Project.objects.get() == tokyo


def test_a_duplicate_says_so_and_fits_its_column(tokyo, creative):
    Project.objects.update(title="x" * 120)
    answer = creative.post(at("duplicate-project", tokyo))
    copy = Project.objects.exclude(pk=tokyo.pk).get()
    assert answer["Location"] == f"/projects/{copy.pk}/"
    assert copy.title == "x" * 115 + " copy"
    assert content(copy) == content(tokyo)


@pytest.mark.parametrize("name", STARTERS)
def test_starters_can_be_sent_as_they_are(creative, workspace, name):
    creative.post(
        "/projects/new/", {"workspace": "kitchen", "title": "New", "start": f"starter:{name}"}
    )
    project = Project.objects.get()
    rows = list(project.shots.all())
    assert Budget.of([shot.duration_ms for shot in rows]).is_sendable
    assert len({shot.scene_id for shot in rows}) == len(rows)
    assert project.motion in BUILT_IN_MOTIONS
    for shot in rows:
        rules.checked_prompt(shot.prompt)
        assert shot.motion in ("", *BUILT_IN_MOTIONS)
    rules.checked_speed(project.speed)
    if project.light_temperature:
        rules.checked_temperature(project.light_temperature)
