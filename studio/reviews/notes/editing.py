"""Editing one's own note, and what notes said before: for a member or a guest who was let in."""

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
from studio.reviews.notes.panel import Chosen, entry_of
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
    return responses.changed(request, reviewer, says, found)


def history(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """What a note said before, the latest first."""
    found = note_for(reviewer, note)
    context = {
        "entry": entry_of(reviewer, found),
        "edits": found.edits.order_by("-pk").defer("drawing"),
        "reviewer": reviewer,
    }
    return responses.private(dialog(request, "reviews/notes/history.html", context))


def _draft(request: HttpRequest, reviewer: Reviewer, note: Note) -> Draft:
    if note.parent_id is not None:
        return Draft(text=read_reply(request.POST))
    kept = [] if "without_drawing" in request.POST else note.drawing
    return read_draft(request.POST, reviewer.take, kept=kept)


def _as_typed(reviewer: Reviewer, note: Note) -> Typed:
    shots = planned_shots(proofs.snapshot_of(reviewer.take))
    shot = next((shot for shot in shots if shot.scene_id == note.scene_id), None)
    return Typed(
        text=note.text,
        begins="" if note.from_ms is None else clock(note.from_ms),
        ends="" if note.to_ms is None else clock(note.to_ms),
        shot=str(shot.number) if shot else NO_SHOT,
    )


def _form(
    request: HttpRequest, reviewer: Reviewer, note: Note, typed: Typed, status: int = 200
) -> HttpResponse:
    context = {
        "reviewer": reviewer,
        "note": note,
        "typed": typed,
        "shots": planned_shots(proofs.snapshot_of(reviewer.take)),
        "query": Chosen.of(request.GET).query,
    }
    return responses.private(dialog(request, "reviews/notes/edit.html", context, status=status))
