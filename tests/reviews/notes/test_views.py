"""Notes on the take's page: works / outsider 404 / too little 403 / wrong method 405, and what is
shown, kept and swapped."""

import json

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from studio.renders.lifecycle import Status
from studio.reviews.models import Note
from studio.reviews.notes import urls, writing
from studio.reviews.notes.drafts import Draft

DOT = json.dumps([{"kind": "pen", "colour": "red", "points": [[0.5, 0.5]]}])
HTMX = {"HX-Request": "true"}
DEEDS = ["note-reply", "note-delete", "note-restore", "note-resolve", "note-reopen"]
PAGES = ["note-history", "note-drawing", "note-edit"]


@pytest.fixture
def at(take):
    """`at("note-edit", note)`: that address of the take, or of one of its notes."""
    return lambda name, *notes: reverse(f"reviews:{name}", args=[take.pk, *(n.pk for n in notes)])


@pytest.fixture
def note(member, write):
    return write(member, "Too dark", from_ms=500)


def test_every_address_is_named_here():
    names = {pattern.name for pattern in urls.urlpatterns}
    assert names == {"notes", "note-add", "note-names", *DEEDS, *PAGES}


@pytest.mark.parametrize("who", ["admin", "producer", "creative", "viewer"])
def test_every_member_reads_writes_answers_and_resolves(request, at, note, who):
    client = request.getfixturevalue(who)
    assert b"Too dark" in client.get(at("notes")).content
    assert client.post(at("note-add"), {"text": f"By {who}", "begins": "1"}).status_code == 302
    own = Note.objects.get(text=f"By {who}")
    assert client.post(at("note-reply", note), {"text": "Yes"}).status_code == 302
    assert client.post(at("note-resolve", note)).status_code == 302
    assert client.post(at("note-reopen", note)).status_code == 302
    assert client.post(at("note-edit", own), {"text": "Else", "begins": "1"}).status_code == 302
    assert client.post(at("note-delete", own)).status_code == 302
    assert client.post(at("note-restore", own)).status_code == 302
    for name in PAGES:
        assert client.get(at(name, own)).status_code == 200
    assert client.get(at("note-names")).json()["names"]


def test_outsiders_find_nothing(stranger, client, at, note):
    for name in ("notes", "note-names"):
        assert stranger.get(at(name)).status_code == 404
        assert client.get(at(name)).status_code == 302
    assert stranger.post(at("note-add"), {"text": "Hello"}).status_code == 404
    for name in DEEDS:
        assert stranger.post(at(name, note), {"text": "Hello"}).status_code == 404
    for name in PAGES:
        assert stranger.get(at(name, note)).status_code == 404
    assert Note.objects.count() == 1


def test_too_little(viewer, at, note):
    assert viewer.get(at("note-edit", note)).status_code == 403
    assert viewer.post(at("note-edit", note), {"text": "Mine now"}).status_code == 403
    assert viewer.post(at("note-delete", note)).status_code == 403
    note.refresh_from_db()
    assert (note.text, note.deleted_at) == ("Too dark", None)


def test_wrong_methods(creative, at, note):
    for name in ("notes", "note-names"):
        assert creative.post(at(name)).status_code == 405
    for name in DEEDS:
        assert creative.get(at(name, note)).status_code == 405
    assert creative.put(at("note-add")).status_code == 405
    for name in ("note-history", "note-drawing"):
        assert creative.post(at(name, note)).status_code == 405


def test_without_scripts_a_note_is_posted_and_shown(creative, at, take):
    page = creative.get(reverse("reviews:take", args=[take.pk])).content.decode()
    assert f'action="{at("note-add")}"' in page
    posted = creative.post(at("note-add"), {"text": "Too dark", "begins": "0:18.4"})
    note = Note.objects.get()
    assert posted["Location"] == f"{at('notes')}#note-{note.pk}"
    shown = creative.get(at("notes"))
    assert [
        str(said) for said in get_messages(shown.wsgi_request)
    ] or b"Note posted." in shown.content
    assert b"0:18.4" in shown.content
    assert b"Shot 2" in shown.content


def test_a_refused_note_keeps_all_that_was_typed_and_drawn(creative, at):
    typed = {"text": "<b>Dark</b>", "channel": "client", "begins": "never", "ends": "9"}
    typed |= {"shot": "2", "drawing": DOT}
    for headers in ({}, HTMX):
        answer = creative.post(at("note-add"), typed, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "&lt;b&gt;Dark&lt;/b&gt;</textarea>" in page
        assert 'value="never"' in page
        assert 'value="9"' in page
        assert 'value="client" checked' in page
        assert '<option value="2" selected>' in page
        assert DOT.replace('"', "&quot;") in page
        assert "minutes and seconds" in page
    assert not Note.objects.exists()


def test_a_posted_note_swaps_the_form_and_the_list(creative, at):
    answer = creative.post(at("note-add"), {"text": "x", "channel": "client"}, headers=HTMX)
    page = answer.content.decode()
    assert page.count('id="note-form"') == 1
    assert page.count('hx-swap-oob="outerHTML"') == 1
    assert 'value="client" checked' in page  # the next one goes there too
    assert json.loads(answer["HX-Trigger"])["notesChanged"]["note"] == Note.objects.get().pk
    assert "take-room" not in page


def test_a_refused_answer_stays_open_in_its_thread(creative, at, note):
    long = "y" * 4_001
    answer = creative.post(at("note-reply", note), {"text": long}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="answer-{note.pk}" class="answer" open' in page
    assert f"{long}</textarea>" in page
    assert "1 characters too long" in page
    assert creative.post(at("note-reply", note), {"text": long}).status_code == 422


def test_a_refused_edit_keeps_what_was_typed(creative, at, note):
    typed = {"text": "Else", "begins": "99"}
    for headers in ({}, HTMX):
        answer = creative.post(at("note-edit", note), typed, headers=headers)
        assert answer.status_code == 422
        assert b"Else</textarea>" in answer.content
        assert b'value="99"' in answer.content


def test_a_pulse_answers_only_what_is_new(creative, at, note, member):
    seen = creative.get(at("notes")).context["notes"].listing.tally.pulse
    assert creative.get(f"{at('notes')}?since={seen}").status_code == 204
    writing.reply(member, note, "Also here")
    answer = creative.get(f"{at('notes')}?show=all&since={seen}", headers=HTMX)
    assert (answer.status_code, b"Also here" in answer.content) == (200, True)
    assert b'id="note-form"' not in answer.content  # what one is typing is not touched
    assert b"?show=all&amp;since=" in answer.content


def test_filters(creative, at, member, write):
    write(member, "First", from_ms=500)
    write(member, "Second", from_ms=20_000, scene_id="scene-2", channel="client")
    writing.resolve(member, write(member, "Third"))

    def texts(query: str) -> list[str]:
        listing = creative.get(at("notes") + query).context["notes"].listing
        return [thread.note.text for thread in listing.threads]

    assert texts("") == ["First", "Second"]
    assert texts("?show=resolved") == ["Third"]
    assert texts("?show=all") == ["Third", "First", "Second"]
    assert texts("?channel=client") == ["Second"]
    assert texts("?channel=internal&show=all") == ["Third", "First"]
    assert texts("?shot=2") == ["Second"]
    assert texts("?shot=9") == []
    assert texts("?shot=x&show=every&channel=%00") == ["First", "Second"]


def test_a_deleted_note_is_gone_and_can_be_brought_back(creative, at, note, member):
    answer = creative.post(at("note-delete", note), headers=HTMX)
    assert b"Bring it back" in answer.content
    assert b"Too dark" not in answer.content
    for name in ("note-history", "note-drawing", "note-edit"):
        assert creative.get(at(name, note)).status_code == 404
    for name in ("note-reply", "note-resolve", "note-delete"):
        assert creative.post(at(name, note), {"text": "x"}).status_code == 404
    assert b"Too dark" in creative.post(at("note-restore", note), headers=HTMX).content


def test_answers_stand_when_their_thread_was_deleted(creative, at, note, member):
    writing.reply(member, note, "But lovely")
    page = creative.post(at("note-delete", note), headers=HTMX).content
    assert b"But lovely" in page
    assert b"This note was deleted." in page
    assert b"Too dark" not in page


def test_an_answer_is_no_thread(creative, at, note, member):
    answer = writing.reply(member, note, "Yes")
    for name in ("note-reply", "note-resolve", "note-reopen"):
        assert creative.post(at(name, answer), {"text": "x"}).status_code == 404


def test_history_tells_what_was_said(creative, viewer, at, note, member):
    writing.edit(member, note, Draft("Less dark", from_ms=500))
    writing.edit(member, note, Draft("Fine", from_ms=500))
    page = viewer.get(at("note-history", note), headers=HTMX).content.decode()
    assert page.index("Fine") < page.index("Less dark") < page.index("Too dark")
    assert "edited" in viewer.get(at("notes")).content.decode()


def test_editing_keeps_the_drawing_until_it_is_taken_away(creative, at):
    creative.post(at("note-add"), {"text": "Here", "begins": "1", "drawing": DOT})
    note = Note.objects.get()
    assert creative.get(at("note-drawing", note)).json() == {
        "strokes": json.loads(DOT),
        "says": "1 pen stroke",
    }
    creative.post(at("note-edit", note), {"text": "There", "begins": "1"})
    note.refresh_from_db()
    assert (note.text, note.drawn) == ("There", "1 pen stroke")
    typed = {"text": "There", "begins": "1", "without_drawing": "on"}
    creative.post(at("note-edit", note), typed)
    note.refresh_from_db()
    assert (note.drawing, note.drawn) == ([], "")


def test_what_people_write_is_text(creative, at, viewer):
    viewer.user.name = "<i>Vic"
    viewer.user.save()
    creative.post(at("note-add"), {"text": "<script>alert(1)</script> @<i>Vic"})
    page = creative.get(at("notes")).content.decode()
    assert "<script>alert" not in page
    assert '<span class="mention">@&lt;i&gt;Vic</span>' in page


def test_notes_on_a_take_without_files_are_read(creative, make_take, as_member, write):
    for status in (Status.FAILED, Status.RUNNING):
        take = make_take(status)
        write(as_member(creative, take), f"On {status}")
        page = creative.get(reverse("reviews:take", args=[take.pk]))
        assert f"On {status}" in page.content.decode()


def test_the_former_takes_open_notes_are_pointed_at(creative, note, make_take):
    later = make_take(project=note.take.project)
    page = creative.get(reverse("reviews:take", args=[later.pk])).content.decode()
    assert "Take 1 has 1 open note." in page
    assert f'href="{reverse("reviews:take", args=[note.take_id])}#notes"' in page
