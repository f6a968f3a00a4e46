"""Editing one's own note, and what notes said before: for a member or a guest who was let in.

A thread's first note is edited in the form that it was written with, beside the player, where its
drawing can be changed; an answer, or any note without scripts, in a dialog or page of its own.
"""

import json
from dataclasses import replace

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from studio.renders import proofs
from studio.reviews.models import Note
from studio.reviews.notes import responses, rights, writing
from studio.reviews.notes.drafts import (
    NO_SHOT,
    Draft,
    Refused,
    Typed,
    read_draft,
    read_reply,
)
from studio.reviews.notes.panel import Chosen, entry_of, panel_of
from studio.reviews.notes.reading import note_for
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import clock, planned_shots
from studio.storyboards.answers import dialog


def edit(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """The form of one's own note; posted, the note says that instead (422: why not)."""
    found = note_for(reviewer, note)
    rights.require(rights.may_edit(reviewer, found), "Only who wrote a note can edit it.")
    if request.method == "GET":
        return _form(request, reviewer, found, _as_typed(reviewer, found))
    try:
        draft = _draft(request, reviewer, found)
    except Refused as refused:
        return _form(request, reviewer, found, refused.typed, status=422)
    was_changed = writing.edit(reviewer, found, draft)
    says = "Note edited." if was_changed else "Nothing was changed."
    answer = responses.changed if found.parent_id else responses.posted
    return answer(request, reviewer, says, found)


def history(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """What a note said before, the latest first."""
    found = note_for(reviewer, note)
    context = {
        "entry": entry_of(reviewer, found),
        # A drawing may be large, and is fetched when it is looked at.
        "edits": found.edits.order_by("-pk").defer("drawing").annotate(was_drawn=~Q(drawing=[])),
        "notes_url": reviewer.address("notes"),
        "reviewer": reviewer,
    }
    return responses.private(dialog(request, "reviews/notes/history.html", context))


def _draft(request: HttpRequest, reviewer: Reviewer, note: Note) -> Draft:
    if note.parent_id is not None:
        return Draft(text=read_reply(request.POST))
    # The form beside the player sends what is drawn now; a page without scripts keeps it or not.
    is_drawn_anew = {"drawing", "without_drawing"} & set(request.POST)
    kept = [] if is_drawn_anew else note.drawing
    return read_draft(request.POST, reviewer.take, kept=kept)


def _as_typed(reviewer: Reviewer, note: Note) -> Typed:
    shots = planned_shots(proofs.snapshot_of(reviewer.take))
    shot = next((shot for shot in shots if shot.scene_id == note.scene_id), None)
    return Typed(
        text=note.text,
        begins="" if note.from_ms is None else clock(note.from_ms),
        ends="" if note.to_ms is None else clock(note.to_ms),
        shot=str(shot.number) if shot else NO_SHOT,
        drawing=json.dumps(note.drawing) if note.drawing else "",
    )


def _form(
    request: HttpRequest, reviewer: Reviewer, note: Note, typed: Typed, status: int = 200
) -> HttpResponse:
    if note.parent_id is None and responses.is_fragment(request):
        found = panel_of(reviewer, Chosen.of(request.GET), typed)
        found = replace(found, edited=note, saved=_as_typed(reviewer, note))
        return responses.form(request, reviewer, found, status)
    context = {
        "reviewer": reviewer,
        "note": note,
        "typed": typed,
        "shots": planned_shots(proofs.snapshot_of(reviewer.take)),
        "query": Chosen.of(request.GET).query,
    }
    return responses.private(dialog(request, "reviews/notes/edit.html", context, status=status))
