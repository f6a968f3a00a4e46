"""Every view: works / outsider 404 / too little 403 / wrong method 405 / signed out."""

import pytest
from django.urls import reverse

from studio.storyboards.exchange import uploads
from studio.storyboards.models import Project
from studio.storyboards.urls import urlpatterns

pytestmark = pytest.mark.any_database

EDITS = [
    "edit-project",
    "reorder-shots",
    "undo",
    "redo",
    "add-shot",
    "edit-shot",
    "delete-shot",
    "move-shot",
    "press-tool",
    "set-many",
    "retime-many",
    "delete-many",
    "duplicate-shots",
    "insert-shot",
    "merge-shots",
    "set-reference",
    "remove-reference",
    "set-soundtrack",
    "remove-soundtrack",
    "restore-revision",
    "finish-fix",
    "reopen-fix",
    "put-away-fixes",
]
PAGES = [
    "board",
    "pulse",
    "history",
    "revision",
    "copy-shots",
    "export-csv",
    "export-json",
    "frame",
    "dry-run",
    "moves",
    "choose-pdf-boards",
    "choose-timeline",
    "pdf-boards",
    "timeline",
    "contact-sheet",
    "animatic-panel",
    "new-animatic",
    "list-animatics",
]
# What only those see who may edit: each is asked for, and changes nothing.
PREVIEWS = ["preview-fit", "preview-replacing", "preview-retiming", "sketch-reference"]
# Asked for, they ask; posted to, they edit.
DIALOGS = [
    "import-shots",
    "preview-import",
    "move-shots",
    "split-shot",
    "paste-shots",
    "replace-in-prompts",
    "fit-length",
    "tap-timing",
]
OF_NO_PROJECT = ["projects", "find", "start-project", "import-project", "preview-project"]
# See test_keeping.py and test_saved_views.py.
KEEPING = ["archive-project", "restore-project", "mark-template", "duplicate-project"]
SAVED_VIEWS = ["save-view", "edit-view", "delete-view"]
# There is nothing to play before something is taken in: see test_soundtracks.py.
PLAYED = ["play-soundtrack"]
# See animatics/test_views.py.
ANIMATICS = [
    "order-animatic",
    "cancel-animatic",
    "retry-animatic",
    "animatic-film",
    "animatic-poster",
]
# Of a workspace: see test_own_presets.py.
OF_A_WORKSPACE = ["presets", "delete-preset"]
OF_ONE_SHOT = [
    "edit-shot",
    "delete-shot",
    "move-shot",
    "set-reference",
    "remove-reference",
    "sketch-reference",
    "dry-run",
    "moves",
]


@pytest.fixture
def address(tokyo, creative):
    def named(name):
        if name == "preview-import":
            upload = uploads.keep(creative.user, "shots.csv", b"Prompt\nRain\n")
            return reverse("storyboards:preview-import", args=[tokyo.pk, upload.token])
        shot = tokyo.shots.last().pk
        if name == "frame":
            return reverse("storyboards:frame", args=[shot])
        if name in ("revision", "restore-revision"):
            return reverse(f"storyboards:{name}", args=[tokyo.pk, 1])
        if name in ("finish-fix", "reopen-fix"):
            return reverse(f"storyboards:{name}", args=[tokyo.pk, 1])
        if name in OF_ONE_SHOT:
            return reverse(f"storyboards:{name}", args=[tokyo.pk, shot])
        return reverse(f"storyboards:{name}", args=[tokyo.pk])

    return named


def test_no_view_is_forgotten_here():
    assert {pattern.name for pattern in urlpatterns} == {
        *EDITS,
        *DIALOGS,
        *PAGES,
        *PREVIEWS,
        *OF_NO_PROJECT,
        *OF_A_WORKSPACE,
        *KEEPING,
        *PLAYED,
        *SAVED_VIEWS,
        *ANIMATICS,
    }


@pytest.mark.parametrize("name", PAGES)
def test_every_role_sees_boards_and_frames(address, name, viewer, creative, producer, admin):
    for client in (viewer, creative, producer, admin):
        assert client.get(address(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_outsiders_and_strangers_see_nothing(address, name, stranger, client):
    assert stranger.get(address(name)).status_code == 404
    answer = client.get(address(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_not_posted_to(address, name, creative):
    assert creative.post(address(name)).status_code == 405


@pytest.mark.parametrize("name", PREVIEWS)
def test_previews_want_a_creative_of_this_workspace(address, name, creative, viewer, stranger):
    assert creative.get(address(name)).status_code == 200
    assert viewer.get(address(name)).status_code == 403
    assert stranger.get(address(name)).status_code == 404
    assert creative.post(address(name)).status_code == 405


@pytest.mark.parametrize("name", [*EDITS, *DIALOGS])
def test_edits_want_a_creative_of_this_workspace(address, name, viewer, stranger, tokyo, post):
    assert viewer.post(address(name), {"base": 1}).status_code == 403
    assert stranger.post(address(name), {"base": 1}).status_code == 404
    refusal = post(viewer, address(name), {"base": 1})
    assert refusal.status_code == 403
    assert "As%20a%20viewer%20you%20may%20not%20edit" in refusal["X-Says"]
    assert Project.objects.get(pk=tokyo.pk).revision == 1


@pytest.mark.parametrize("name", EDITS)
def test_edits_are_posted(address, name, creative):
    assert creative.get(address(name)).status_code == 405


@pytest.mark.parametrize("name", [*EDITS, *DIALOGS])
def test_signed_out_boards_keep_what_was_typed(address, name, client, post, tokyo):
    answer = post(client, address(name), {"base": 1, "prompt": "Typed"})
    assert answer.status_code == 401
    assert "What%20you%20typed%20is%20still%20here" in answer["X-Says"]
    plain = client.post(address(name), {"base": 1})
    assert plain["Location"].startswith("/accounts/login/")
    assert Project.objects.get(pk=tokyo.pk).revision == 1


@pytest.mark.parametrize("name", [*EDITS, *DIALOGS])
def test_edits_are_protected_from_other_sites(address, name, creative):
    creative.handler.enforce_csrf_checks = True
    assert creative.post(address(name), {"base": 1}).status_code == 403


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs_are_asked_and_answered(address, name, creative, viewer, stranger, client, post):
    assert creative.get(address(name)).status_code == 200
    assert viewer.get(address(name)).status_code == 403
    assert stranger.get(address(name)).status_code == 404
    assert client.get(address(name)).status_code == 302
    assert creative.delete(address(name)).status_code == 405


@pytest.mark.parametrize("name", ["edit-shot", "delete-shot", "move-shot"])
def test_a_shot_of_another_board_is_404(tokyo, long_board, name, creative):
    foreign = long_board(2).shots.first()
    answer = creative.post(
        reverse(f"storyboards:{name}", args=[tokyo.pk, foreign.pk]), {"base": 1, "prompt": "Mine"}
    )
    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert foreign.prompt == "Beat 0"


def test_a_viewer_is_offered_no_edit(tokyo, viewer):
    page = viewer.get(f"/projects/{tokyo.pk}/").content.decode()
    for word in ("Add shot", "Undo", "Delete shot", "Move shot"):
        assert word not in page
    assert page.count("readonly") >= 6
