"""The notes of a take, for members."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.access import can
from studio.reviews.notes import answers, editing
from studio.reviews.reviewing import member_for


@require_safe
def show_notes(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.show(request, reviewer)


@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.COMMENT)
    return answers.add(request, reviewer)


@require_POST
def reply_to_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.COMMENT)
    return answers.reply(request, reviewer, note)


@require_http_methods(["GET", "POST"])
def edit_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.COMMENT)
    return editing.edit(request, reviewer, note)


@require_POST
def delete_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.COMMENT)
    return answers.delete(request, reviewer, note)


@require_POST
def restore_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.COMMENT)
    return answers.restore(request, reviewer, note)


@require_POST
def resolve_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.COMMENT)
    return answers.resolve(request, reviewer, note)


@require_POST
def reopen_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.COMMENT)
    return answers.reopen(request, reviewer, note)


@require_safe
def show_history(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return editing.history(request, reviewer, note)


@require_safe
def show_drawing(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.drawing(request, reviewer, note)


@require_safe
def suggest_names(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.COMMENT)
    return answers.suggest(request, reviewer)
