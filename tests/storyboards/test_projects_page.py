"""The projects page: what there is, what to do first, new projects and imports."""

import json
import re

import pytest

from studio.accounts.models import Membership, Role
from studio.storyboards.edits.revising import create_project
from studio.storyboards.models import Project
from studio.storyboards.views.projects import PROJECTS_ON_A_PAGE
from tests.builders import CURL_BODY


def test_a_card_says_total_shots_and_verdict(tokyo, viewer):
    page = viewer.get("/").content.decode()
    for words in (
        "Neon Tokyo",
        "30 s of 60 s",
        "2 shots",
        "Fits 15–60 s",
        f"/shots/{tokyo.shots.first().pk}/frame.jpg",
    ):
        assert words in page
    assert "New project" not in page
    assert "Import a storyboard" not in page


def test_the_head_leads_to_both_forms(tokyo, creative):
    head = creative.get("/").content.decode().split("project-cards", 1)[0]
    for place, label in (("new", "New project"), ("import", "Import a storyboard")):
        assert re.search(rf'href="/projects/{place}/"[^>]*>(<span.*?</span>)?{label}</a>', head)
        assert f"<h1>{label}</h1>" in creative.get(f"/projects/{place}/").content.decode()


def test_the_empty_page_says_what_to_do_first(creative, viewer, workspace, db, actor):
    assert "Start one with New project" in creative.get("/").content.decode()
    assert "Ask a creative" in viewer.get("/").content.decode()
    Membership.objects.filter(user=viewer.user).delete()
    assert "not a member of any workspace" in viewer.get("/").content.decode()


def test_other_workspaces_projects_are_not_listed(tokyo, stranger):
    assert "Neon Tokyo" not in stranger.get("/").content.decode()


def test_more_projects_than_a_page_holds_stand_on_the_next(viewer, workspace):
    for number in range(1, PROJECTS_ON_A_PAGE + 3):
        create_project(workspace, None, f"Film no. {number}")
    first, last = (viewer.get(f"/?page={page}").content.decode() for page in (1, 2))
    assert first.count("Film no. ") == PROJECTS_ON_A_PAGE
    assert "Page 1 of 2" in first
    assert 'href="/?page=2" rel="next"' in first
    assert "Film no. 1<" in last
    assert first.index("Film no. 50<") < first.index("Film no. 3<")
    assert last.count("Film no. ") == 2
    assert "Page 2 of 2" in viewer.get("/?page=99").content.decode()
    assert viewer.get("/?page=x").status_code == 200


def test_a_new_project_opens_its_board(creative, workspace):
    answer = creative.post(
        "/projects/new/", {"workspace": "kitchen", "title": " Osaka ", "brief": "Rain"}
    )
    project = Project.objects.get()
    assert answer["Location"] == f"/projects/{project.pk}/"
    assert (project.title, project.brief, project.workspace, project.created_by) == (
        "Osaka",
        "Rain",
        workspace,
        creative.user,
    )


@pytest.mark.parametrize(
    ("title", "says"),
    [("", "needs a title"), ("x" * 121, "120 characters"), ("<b>x</b>", "markup")],
)
def test_a_bad_title_keeps_what_was_typed(creative, title, says):
    answer = creative.post(
        "/projects/new/", {"workspace": "kitchen", "title": title, "brief": "Kept brief"}
    )
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Kept brief" in answer.content.decode()
    assert not Project.objects.exists()


@pytest.mark.parametrize("address", ["/projects/new/", "/projects/import/"])
def test_making_projects_wants_a_creative_of_that_workspace(
    address, viewer, stranger, creative, client, workspace
):
    data = {"workspace": "kitchen", "title": "Mine", "pasted": json.dumps(CURL_BODY)}
    assert viewer.post(address, data).status_code == 403
    assert stranger.post(address, data).status_code == 404
    assert creative.post(address, {**data, "workspace": ""}).status_code == 404
    assert creative.delete(address).status_code == 405
    assert client.post(address, data).status_code == 302
    assert not Project.objects.exists()


def test_the_page_is_not_posted_to(creative):
    assert creative.post("/").status_code == 405


def test_who_belongs_to_two_workspaces_chooses(creative, other_workspace):
    Membership.objects.create(workspace=other_workspace, user=creative.user, role=Role.PRODUCER)
    page = creative.get("/projects/new/").content.decode()
    assert '<option value="kitchen">' in page
    creative.post("/projects/new/", {"workspace": "elsewhere", "title": "There"})
    assert Project.objects.get().workspace == other_workspace
