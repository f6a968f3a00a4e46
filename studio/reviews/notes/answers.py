"""What is answered about a take's notes: to a member or a guest who was let in before.

Each answer takes (request, reviewer) and the number of a note. A note in a channel that the person
does not read is 404, as if it were not there; who may not write gets 403.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from studio.reviews.models import Channel, Note
from studio.reviews.notes import mentions, responses, rights, writing
from studio.reviews.notes.drafts import Refused, Typed, read_draft, read_reply
from studio.reviews.notes.drawings import in_words
from studio.reviews.notes.panel import Chosen, panel_of
from studio.reviews.notes.reading import note_for, tally_of, thread_for
from studio.reviews.reviewing import Reviewer
from studio.storyboards.typed import read_number


def show(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The list, as a page of its own without htmx; 204 while it is what `since` has seen."""
    since = request.GET.get("since")
    if since is not None and since == tally_of(reviewer).pulse:
        return HttpResponse(status=204)
    return responses.listed(request, reviewer)


def add(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The form for a new note; posted, it begins a thread. 422 with all that was typed and drawn
    where that makes no note."""
    rights.require(reviewer.can_comment)
    chosen = Chosen.of(request.GET)
    if request.method == "GET":
        return responses.form(request, reviewer, panel_of(reviewer, chosen))
    try:
        note = writing.add(reviewer, read_draft(request.POST, reviewer.take))
    except Refused as refused:
        found = panel_of(reviewer, chosen, refused.typed)
        return responses.form(request, reviewer, found, status=422)
    says = f"Note posted. {_readers(reviewer, note)}"
    # Who posts one note to the client posts the next one there too.
    return responses.posted(request, reviewer, says, note, Typed(channel=note.channel))


def reply(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """Answer in a thread. 422 with the thread's form as it was typed."""
    thread = thread_for(reviewer, note)
    rights.require(reviewer.can_comment)
    try:
        answer = writing.reply(reviewer, thread, read_reply(request.POST))
    except Refused as refused:
        return responses.listed(request, reviewer, {thread.pk: refused.typed}, status=422)
    return responses.changed(request, reviewer, "Answer posted.", answer)


def delete(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """Take a note away, and offer to bring it back."""
    found = note_for(reviewer, note)
    writing.delete(reviewer, found)
    undo = ("Bring it back", reviewer.address("note-restore", found.pk))
    return responses.changed(request, reviewer, "Note deleted.", found, undo)


def restore(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """Bring a deleted note back."""
    found = note_for(reviewer, note, is_deleted=True)
    writing.restore(reviewer, found)
    return responses.changed(request, reviewer, "The note is back.", found)


def resolve(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """Say that a thread is dealt with, and offer to reopen it."""
    thread = thread_for(reviewer, note)
    writing.resolve(reviewer, thread)
    undo = ("Reopen it", reviewer.address("note-reopen", thread.pk))
    return responses.changed(request, reviewer, "Resolved.", thread, undo)


def reopen(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """Say that a thread is not dealt with after all."""
    thread = thread_for(reviewer, note)
    writing.reopen(reviewer, thread)
    return responses.changed(request, reviewer, "Reopened.", thread)


def drawing(request: HttpRequest, reviewer: Reviewer, note: int) -> HttpResponse:
    """The strokes of a note's drawing, as JSON; with `edit`, of what it was before that edit."""
    found = note_for(reviewer, note)
    edit = read_number(request.GET, "edit")
    strokes = get_object_or_404(found.edits, pk=edit).drawing if edit else found.drawing
    return responses.private(JsonResponse({"strokes": strokes, "says": in_words(strokes)}))


def suggest(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """Members whose names begin with `q`, as JSON; to a guest the house names nobody."""
    if reviewer.is_guest:
        raise PermissionDenied("Only members of the studio name each other.")
    names = mentions.suggested(reviewer.take, request.GET.get("q", ""))
    return responses.private(JsonResponse({"names": names}))


def _readers(reviewer: Reviewer, note: Note) -> str:
    if reviewer.is_guest:
        return "Everybody who reviews this take can read it."
    if note.channel == Channel.CLIENT:
        return "Guests can read it too."
    return f"Only {reviewer.take.workspace} can read it."
