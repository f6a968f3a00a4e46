"""Imports through the preview: nothing before it, one edit after it, nothing overwritten."""

import json
import os
import time
from html import escape
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.storyboards.boards import board_of
from studio.storyboards.edits import history
from studio.storyboards.exchange import uploads
from studio.storyboards.exchange.keeping import append_shots
from studio.storyboards.models import Project
from studio.storyboards.rules import MAX_SHOTS
from tests.builders import CURL_BODY, STORYBOARD

TABLE = b"Shot,Description,Duration\n1,A door opens,4\n2,Rain,3.5\n"
BAD_ROWS = b"Description,Duration\nA door,4\nRain,long\nFog,3\nSnow,-2\nSnow,<b>\n"


def prompts_of(project):
    return list(project.shots.values_list("prompt", flat=True))


def test_shots_are_added_behind_those_that_are_there_in_one_edit(tokyo, creative, bring):
    before = prompts_of(tokyo)
    brought = bring(creative, TABLE, "boards.csv", tokyo)
    assert brought.answer.status_code == 302
    tokyo.refresh_from_db()
    assert (tokyo.revision, prompts_of(tokyo)) == (1, before)
    assert "2 shots" in brought.page
    assert "37.5 s of 60 s" in brought.page
    answer = brought.confirm()
    assert answer["Location"] == f"/projects/{tokyo.pk}/"
    tokyo.refresh_from_db()
    board = board_of(tokyo)
    assert prompts_of(tokyo) == [*before, "A door opens", "Rain"]
    assert (tokyo.revision, board.latest.summary) == (2, "Imported 2 shots from boards.csv")
    assert "Imported 2 shots from boards.csv." in creative.get(answer["Location"]).content.decode()
    history.undo(tokyo, 2, creative.user)
    assert prompts_of(tokyo) == before


def test_ids_that_are_taken_become_new_ones_and_that_is_said(tokyo, creative, bring):
    brought = bring(creative, json.dumps(STORYBOARD), project=tokyo)
    assert "2 ids are taken already: their shots get new ones." in brought.page
    assert "Only shots are added" in brought.page
    brought.confirm()
    ids = list(tokyo.shots.values_list("scene_id", flat=True))
    assert ids == ["scene-1", "scene-2", "scene-3", "scene-4"]


def test_what_somebody_did_between_preview_and_import_stays(tokyo, creative, bring):
    brought = bring(creative, TABLE, project=tokyo)
    creative.post(f"/projects/{tokyo.pk}/shots/", {"base": 1})
    assert brought.confirm().status_code == 302
    assert prompts_of(tokyo)[2:] == ["", "A door opens", "Rain"]


def test_an_edit_at_the_same_moment_is_not_lost(tokyo, creative):
    known = Project.objects.get(pk=tokyo.pk)
    creative.post(f"/projects/{tokyo.pk}/shots/", {"base": 1})
    append_shots(known, creative.user, [], "nothing.csv")
    assert Project.objects.get(pk=tokyo.pk).revision == 3
    assert tokyo.shots.count() == 3


def test_the_second_click_imports_nothing_more(tokyo, creative, bring):
    brought = bring(creative, TABLE, project=tokyo)
    assert brought.confirm().status_code == 302
    again = brought.confirm()
    assert again.status_code == 404
    assert "imported already" in again.content.decode()
    assert tokyo.shots.count() == 4


def test_an_upload_belongs_to_who_brought_it(tokyo, creative, producer, bring):
    brought = bring(creative, TABLE, project=tokyo)
    assert producer.get(brought.address).status_code == 404
    assert producer.post(brought.address).status_code == 404
    for token in ("nothing", "x" * 22, "-" * 22):
        assert creative.get(f"/projects/{tokyo.pk}/import/{token}/").status_code == 404


def test_uploads_are_forgotten_after_a_day_and_beyond_a_few(creative, producer):
    folder = Path(settings.STUDIO_VAR) / "cache" / "imports" / str(producer.user.pk)
    old = uploads.keep(producer.user, "old.csv", b"x")
    day_ago = time.time() - uploads.KEPT_S - 5
    os.utime(folder / old.token, (day_ago, day_ago))
    kept = [uploads.keep(creative.user, f"{n}.csv", b"x") for n in range(25)]
    with pytest.raises(uploads.Gone):
        uploads.fetch(producer.user, old.token)
    mine = Path(settings.STUDIO_VAR) / "cache" / "imports" / str(creative.user.pk)
    assert len(list(mine.iterdir())) == uploads.KEPT_OF_ONE_PERSON
    newest = mine / kept[-1].token
    assert newest.stat().st_mode & 0o777 == 0o600
    assert uploads.fetch(creative.user, kept[-1].token).name == "24.csv"


def test_an_import_that_failed_can_be_tried_again(creative):
    upload = uploads.keep(creative.user, "a.csv", b"x")
    with pytest.raises(OSError, match="disk"), uploads.used_once(creative.user, upload):
        raise OSError("disk")
    assert uploads.fetch(creative.user, upload.token) == upload


def test_rows_that_cannot_be_read_are_named_and_left_out_only_when_that_is_said(
    tokyo, creative, bring
):
    brought = bring(creative, BAD_ROWS, project=tokyo)
    for row in ("Row 3", "Row 5", "Row 6"):
        assert f"<code>{row}</code>" in brought.page
    assert "Row 4" not in brought.page
    refused = brought.confirm()
    assert refused.status_code == 422
    assert "Nothing was imported." in refused.content.decode()
    assert tokyo.shots.count() == 2
    assert brought.confirm(leave_out="yes").status_code == 302
    assert prompts_of(tokyo)[2:] == ["A door", "Fog"]


def test_columns_mapped_by_hand_are_what_is_imported(tokyo, creative, bring):
    brought = bring(creative, b"kk;ll;mm\n4;fog over the sea;see ref\n", project=tokyo)
    page = brought.preview(**{"cut": "semicolon", "column-prompt": 2, "column-notes": 1})
    assert '<option value="2" selected>C · mm</option>' in page
    assert "see ref" in page
    brought.confirm(page)
    shot = tokyo.shots.last()
    assert (shot.prompt, shot.notes, shot.duration_ms) == ("see ref", "fog over the sea", 5_000)


def test_another_delimiter_makes_other_columns(tokyo, creative, bring):
    brought = bring(creative, b"Prompt;Seconds\nRain, heavy;4\n", project=tokyo)
    assert "Rain, heavy" in brought.page
    chosen = {"cut": "semicolon", "delimiter": "comma", "header": "yes", "column-prompt": 1}
    page = brought.preview(**chosen)
    assert "A · Prompt;Seconds" in page


def test_without_a_column_of_prompts_nothing_can_be_imported(tokyo, creative, bring):
    brought = bring(creative, TABLE, project=tokyo)
    page = brought.preview(cut="comma")
    assert "Choose the column that holds the prompts." in page
    assert "Import 2 shots" not in page
    refused = creative.post(brought.address, {"cut": "comma"})
    assert refused.status_code == 422
    assert tokyo.shots.count() == 2


def test_a_board_that_would_be_too_long_a_list_is_refused(long_board, creative, bring):
    full = long_board(MAX_SHOTS - 1)
    brought = bring(creative, TABLE, project=full)
    assert f"The board would have {MAX_SHOTS + 1} shots" in brought.page
    assert creative.post(brought.address, {"cut": ""}).status_code == 422
    assert full.shots.count() == MAX_SHOTS - 1


def test_choices_that_cannot_be_are_not_made(tokyo, creative, bring):
    brought = bring(creative, TABLE, project=tokyo)
    odd = {
        "encoding": "idna",
        "delimiter": "x",
        "rate": "0",
        "header": "?",
        "column-prompt": "9" * 9,
    }
    assert "A door opens" in brought.preview(**odd)
    assert "is not a duration" in brought.preview(length="soon")
    wrong = brought.preview(encoding="utf-16-le")
    assert "The file is not UTF-16" in wrong or "no text file" in wrong or "1 shot" in wrong


def test_a_new_project_is_named_in_the_preview(creative, workspace, bring):
    brought = bring(creative, TABLE, "neon-tokyo.csv")
    assert not Project.objects.exists()
    assert 'value="neon-tokyo"' in brought.page
    refused = brought.confirm(title=" ")
    assert refused.status_code == 422
    assert "needs a title" in refused.content.decode()
    answer = brought.confirm(title="Osaka")
    project = Project.objects.get()
    assert answer["Location"] == f"/projects/{project.pk}/"
    assert (project.title, project.created_by, project.workspace) == (
        "Osaka",
        creative.user,
        workspace,
    )
    assert board_of(project).latest.summary == "Imported 2 shots from neon-tokyo.csv"


def test_a_body_becomes_a_board_with_its_ids(creative, bring):
    body = json.dumps({**CURL_BODY, "storyboard": STORYBOARD}).encode()
    brought = bring(creative, body, "neon-tokyo.json")
    assert "The total is taken from the scenes: 30 s instead of 45 s." in brought.page
    brought.confirm()
    project = Project.objects.get()
    assert (project.title, project.brief) == ("neon-tokyo", CURL_BODY["prompt"])
    assert list(project.shots.values_list("scene_id", flat=True)) == ["scene-1", "scene-2"]


def test_pasted_text_becomes_a_board_and_can_be_mended(creative, bring):
    brought = bring(creative, json.dumps(CURL_BODY))
    assert "pasted text" in brought.page
    assert escape(json.dumps(CURL_BODY)) in brought.page
    brought.confirm()
    assert Project.objects.get().shots.get().prompt == CURL_BODY["prompt"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("{", "not valid JSON"),
        ('{"prompt": 5}', "A brief is text"),
        ('[{"id": "a", "prompt": "<b>x</b>", "duration_seconds": 3}]', "storyboard[0].prompt"),
        ("[" * 50_000, "nested too deeply"),
        ("Prompt,Duration\n", "There are no shots in it."),
        ("Prompt,Duration\nRain,soon\n", "Row 2"),
    ],
    ids=["nothing", "broken", "type", "markup", "deep", "heading", "row"],
)
def test_a_refused_import_says_why_and_keeps_the_text(creative, tokyo, text, says, bring):
    for project in (None, tokyo):
        brought = bring(creative, text, project=project)
        assert brought.answer.status_code == 422
        assert "Nothing was imported." in brought.page
        assert says in brought.page
        assert escape(text[:30]) in brought.page
    assert Project.objects.count() == 1
    assert tokyo.shots.count() == 2


def test_the_preview_of_a_new_project_wants_a_creative(creative, viewer, stranger, client, bring):
    address = bring(creative, TABLE).address
    for act in (lambda who: who.get(address), lambda who: who.post(address)):
        assert act(viewer).status_code == 403
        assert act(stranger).status_code == 404
        assert act(client).status_code == 302
    assert creative.delete(address).status_code == 405
    assert creative.get(address.replace("kitchen", "elsewhere")).status_code == 404


def test_who_may_start_no_project_is_not_asked_for_a_file(viewer, creative):
    assert viewer.get("/projects/import/").status_code == 403
    assert creative.get("/projects/import/").status_code == 200


def test_preview_and_import_cost_as_many_queries_for_twice_the_shots(long_board, creative, bring):
    costs = []
    for count in (20, 40):
        project = long_board(count)
        table = b"Prompt,Duration\n" + b"Rain,1\n" * count
        brought = bring(creative, table, project=project)
        with CaptureQueriesContext(connection) as queries:
            page = brought.preview()
            brought.confirm(page)
        costs.append(len(queries))
        assert project.shots.count() == 2 * count
    assert costs[0] == costs[1]
