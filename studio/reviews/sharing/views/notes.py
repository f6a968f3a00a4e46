"""The notes of a take, for guests: those of the client channel, for links that let them comment."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.reviews.notes import answers, editing
from studio.reviews.sharing.answers import for_guests
from studio.reviews.sharing.guests import guest_for, may


@for_guests
@require_safe
def show_notes(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    reviewer = guest_for(request, uid, may.COMMENT)
    return answers.show(request, reviewer)


@for_guests
@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    reviewer = guest_for(request, uid, may.COMMENT)
    return answers.add(request, reviewer)


@for_guests
@require_POST
def reply_to_note(request: HttpRequest, uid: uuid.UUID, note: int) -> HttpResponse:
    reviewer = guest_for(request, uid, may.COMMENT)
    return answers.reply(request, reviewer, note)


@for_guests
@require_http_methods(["GET", "POST"])
def edit_note(request: HttpRequest, uid: uuid.UUID, note: int) -> HttpResponse:
    reviewer = guest_for(request, uid, may.COMMENT)
    return editing.edit(request, reviewer, note)


@for_guests
@require_POST
def delete_note(request: HttpRequest, uid: uuid.UUID, note: int) -> HttpResponse:
    reviewer = guest_for(request, uid, may.COMMENT)
    return answers.delete(request, reviewer, note)


@for_guests
@require_POST
def restore_note(request: HttpRequest, uid: uuid.UUID, note: int) -> HttpResponse:
    reviewer = guest_for(request, uid, may.COMMENT)
    return answers.restore(request, reviewer, note)


@for_guests
@require_safe
def show_history(request: HttpRequest, uid: uuid.UUID, note: int) -> HttpResponse:
    reviewer = guest_for(request, uid, may.COMMENT)
    return editing.history(request, reviewer, note)


@for_guests
@require_safe
def show_drawing(request: HttpRequest, uid: uuid.UUID, note: int) -> HttpResponse:
    reviewer = guest_for(request, uid, may.COMMENT)
    return answers.drawing(request, reviewer, note)
