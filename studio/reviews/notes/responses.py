"""How the notes' answers look: a fragment of the page for htmx, a page or a redirect without."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import trigger_client_event

from studio.lib.requests import htmx_of
from studio.reviews.models import Note
from studio.reviews.notes.drafts import Typed
from studio.reviews.notes.panel import Chosen, Panel, listing_of, panel_of
from studio.reviews.reviewing import Reviewer

R = TypeVar("R", bound=HttpResponse)

_GUEST_FRAME = "reviews/sharing/base.html"
NO_REFUSALS: Mapping[int, Typed] = {}


def panel(
    request: HttpRequest, reviewer: Reviewer, template: str, found: Panel, status: int = 200
) -> HttpResponse:
    """A fragment that shows the panel or its form."""
    return _render(request, reviewer, template, {"notes": found}, status)


def form(request: HttpRequest, reviewer: Reviewer, found: Panel, status: int = 200) -> HttpResponse:
    """The form of the panel; without htmx, the page that has it."""
    if not is_fragment(request):
        return page(request, reviewer, found, status)
    return panel(request, reviewer, "reviews/notes/composer.html", found, status)


def page(request: HttpRequest, reviewer: Reviewer, found: Panel, status: int = 200) -> HttpResponse:
    """The panel as a page of its own."""
    return _render(request, reviewer, "reviews/notes/page.html", {"notes": found}, status)


def listed(
    request: HttpRequest,
    reviewer: Reviewer,
    refused: Mapping[int, Typed] = NO_REFUSALS,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The list; `refused` has what was typed into the thread of that number and makes no answer."""
    chosen = Chosen.of(request.GET)
    if not is_fragment(request):
        return page(request, reviewer, panel_of(reviewer, chosen, refused=refused), status)
    listing = listing_of(reviewer, chosen, refused)
    return _render(
        request, reviewer, "reviews/notes/changed.html", {"listing": listing, **more}, status
    )


def changed(
    request: HttpRequest,
    reviewer: Reviewer,
    says: str,
    note: Note,
    undo: tuple[str, str] | None = None,
) -> HttpResponse:
    """The list after something was done; `undo`: what a button says and where it posts to."""
    if not htmx_of(request):
        return redirected(request, reviewer, says, note)
    response = listed(request, reviewer, says=says, undo=undo)
    return trigger_client_event(response, "notesChanged", {"says": says, "note": note.pk})


def posted(
    request: HttpRequest, reviewer: Reviewer, says: str, note: Note, next_one: Typed | None = None
) -> HttpResponse:
    """The list, and the form for another note, after one was written by that form."""
    if not htmx_of(request):
        return redirected(request, reviewer, says, note)
    found = panel_of(reviewer, Chosen.of(request.GET), next_one)
    response = panel(request, reviewer, "reviews/notes/posted.html", found)
    return trigger_client_event(response, "notesChanged", {"says": says, "note": note.pk})


def redirected(request: HttpRequest, reviewer: Reviewer, says: str, note: Note) -> HttpResponse:
    """Back to the list after a plain form, with the sentence to be shown there."""
    messages.success(request, says)
    query = Chosen.of(request.GET).query
    return redirect(f"{reviewer.address('notes')}{query}#note-{note.pk}")


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    htmx = htmx_of(request)
    return bool(htmx) and not htmx.history_restore_request


def private(response: R) -> R:
    """Kept by nobody on the way: the next reader of this address may see less."""
    response["Cache-Control"] = "private, no-store"
    return response


def _render(
    request: HttpRequest, reviewer: Reviewer, template: str, more: Mapping[str, Any], status: int
) -> HttpResponse:
    take = reviewer.take
    context = {
        "reviewer": reviewer,
        "take": take,
        "project": take.project,
        "workspace": take.workspace,
        "role": reviewer.role,
        "frame": _GUEST_FRAME if reviewer.is_guest else "base.html",
        **more,
    }
    return private(render(request, template, context, status=status))
