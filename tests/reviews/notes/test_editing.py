"""Editing a note beside the player: its time and drawing in the form it was written with."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import escape

from studio.reviews.models import Note, NoteEdit
from studio.reviews.notes import writing

HTMX = {"HX-Request": "true"}
ARROW = [{"kind": "arrow", "colour": "red", "points": [[0.1, 0.1], [0.4, 0.4]]}]
BOX = [{"kind": "box", "colour": "blue", "points": [[0.5, 0.5], [0.9, 0.9]]}]


@pytest.fixture
def at(take):
    return lambda name, *notes: reverse(f"reviews:{name}", args=[take.pk, *(n.pk for n in notes)])


@pytest.fixture
def note(member, write) -> Note:
    return write(member, "Too dark", from_ms=500, to_ms=900, drawing=ARROW)


def field(page: str, name: str) -> str:
    """What stands in a textarea."""
    [found] = re.findall(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return unescape(found)


def sent(drawing: list | None, **more: str) -> dict[str, str]:
    form = {"text": "Too dark", "begins": "0:00.5", "ends": "0:00.9", "shot": "none"}
    return form | {"drawing": json.dumps(drawing) if drawing else ""} | more


def test_the_form_comes_with_the_notes_words_time_and_drawing(creative, at, note):
    page = creative.get(at("note-edit", note), headers=HTMX).content.decode()
    assert page.strip().startswith('<form id="note-form" class="composer internal opened"')
    assert f'hx-post="{at("note-edit", note)}"' in page
    assert 'data-from="500" data-to="900"' in page
    assert field(page, "text") == "Too dark"
    assert json.loads(field(page, "drawing")) == ARROW
    assert 'name="channel"' not in page, "a note stays in its channel"


def test_a_drawing_is_changed_and_the_older_one_kept(creative, viewer, at, note):
    answer = creative.post(at("note-edit", note), sent([*ARROW, *BOX]), headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('id="note-form"') == page.count('hx-swap-oob="outerHTML"') == 1
    assert field(page.split('id="notes-list"')[0], "drawing") == "", "the form is for a new note"
    assert "1 arrow, 1 box" in page
    assert json.loads(answer["HX-Trigger"])["notesChanged"]["says"] == "Note edited."
    note.refresh_from_db()
    assert (note.drawing, note.drawn) == ([*ARROW, *BOX], "1 arrow, 1 box")
    former = NoteEdit.objects.get()
    assert (former.drawing, former.from_ms, former.to_ms) == (ARROW, 500, 900)
    history = viewer.get(at("note-history", note), headers=HTMX).content.decode()
    older = f"{at('note-drawing', note)}?edit={former.pk}"
    assert f'data-seek="500" data-loop="900" data-drawing="{older}"' in history
    assert viewer.get(older).json() == {"strokes": ARROW, "says": "1 arrow"}
    now = viewer.get(at("note-drawing", note)).json()
    assert now == {"strokes": [*ARROW, *BOX], "says": "1 arrow, 1 box"}


def test_an_older_drawing_is_looked_up_in_its_own_note(creative, at, note, member, write):
    other = write(member, "Else", from_ms=500, drawing=BOX)
    creative.post(at("note-edit", other), sent(None), headers=HTMX)
    edit = NoteEdit.objects.get(note=other)
    assert creative.get(f"{at('note-drawing', note)}?edit={edit.pk}").status_code == 404
    assert creative.get(f"{at('note-drawing', other)}?edit={edit.pk}").status_code == 200


def test_all_strokes_taken_back_leave_no_drawing(creative, at, note):
    creative.post(at("note-edit", note), sent(None), headers=HTMX)
    note.refresh_from_db()
    assert (note.drawing, note.drawn) == ([], "")
    creative.post(at("note-edit", note), sent(BOX), headers=HTMX)
    note.refresh_from_db()
    assert note.drawing == BOX, "one can be drawn upon a note that had none"


def test_saved_as_it_was_nothing_is_changed(creative, at, note):
    answer = creative.post(at("note-edit", note), sent(ARROW), headers=HTMX)
    assert json.loads(answer["HX-Trigger"])["notesChanged"]["says"] == "Nothing was changed."
    assert not NoteEdit.objects.exists()


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (sent([{"kind": "pen", "colour": "red", "points": [[2, 2]]}]), "leaves the picture"),
        (sent(BOX, begins="", ends=""), "at which moment"),
        (sent(None, text=""), "Write what you see"),
    ],
)
def test_a_refused_edit_stays_an_edit_with_all_of_it(creative, at, note, form, says):
    answer = creative.post(at("note-edit", note), form, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert f'hx-post="{at("note-edit", note)}"' in page
    assert field(page, "drawing") == form["drawing"]
    assert field(page, "text") == form["text"]
    assert f'data-was="{escape(json.dumps(ARROW))}"' in page, "it is not saved yet"
    assert not NoteEdit.objects.exists()


def test_an_answer_is_edited_in_a_dialog(creative, at, note, member):
    answer = writing.reply(member, note, "Yes")
    page = creative.get(at("note-edit", answer), headers=HTMX).content.decode()
    assert "dialog-foot" in page
    assert 'name="drawing"' not in page
    saved = creative.post(at("note-edit", answer), {"text": "No"}, headers=HTMX)
    assert b'id="note-form"' not in saved.content
    answer.refresh_from_db()
    assert answer.text == "No"


def test_done_with_an_edit_the_form_for_a_new_note_comes_back(creative, viewer, stranger, at, note):
    page = creative.get(at("note-add"), headers=HTMX).content.decode()
    assert f'hx-post="{at("note-add")}"' in page
    assert (field(page, "text"), field(page, "drawing")) == ("", "")
    assert b"Too dark" in creative.get(at("note-add")).content, "without scripts, the notes' page"
    assert viewer.get(at("note-add")).status_code == 200
    assert stranger.get(at("note-add")).status_code == 404


def test_every_form_that_people_write_in_keeps_its_draft_for_one_person(creative, producer, note):
    take = note.take
    whose = {}
    for client in (creative, producer):
        page = client.get(f"/takes/{take.pk}/").content.decode()
        [whose[client]] = re.findall(r'data-person="([^"]+)"', page)
        kept = set(re.findall(r'data-draft="([^"]+)"', page))
        assert {"text begins ends shot channel drawing", "text", "says seen"} <= kept
    assert "note" in kept, "a producer decides"
    assert whose == {creative: str(creative.user.pk), producer: str(producer.user.pk)}
    scenes = [shot["scene_id"] for shot in take.revision.snapshot["shots"]]
    assert re.findall(r'data-draft-of="([^"]+)"', page) == scenes
