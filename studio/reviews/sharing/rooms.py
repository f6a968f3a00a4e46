"""What a guest sees behind the door: the take's page in the guests' frame."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from studio.accounts.models import Membership
from studio.lib.requests import htmx_of
from studio.reviews.context import of_review
from studio.reviews.library.delivery import released_film
from studio.reviews.models import ShareLink
from studio.reviews.playing.released import ReleasedFilm, released_in
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import Room
from studio.reviews.sharing.guests import NOT_RELEASED, Closed

_PAGE = "reviews/sharing/room.html"


def page(
    request: HttpRequest, reviewer: Reviewer, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The whole take; with htmx, its room. Raises `Closed` for a film that is not to be had."""
    link = cast("ShareLink", reviewer.link)  # whoever is a guest came by one
    context = of_review(reviewer, **more)
    shows_film = link.subject == ShareLink.Subject.FILM
    # Somebody who is a member too may look for their own page.
    context |= {"link": link, "shows_film": shows_film, "is_member": is_member(request, link)}
    if shows_film:
        context["released"] = _released(context["room"])
    htmx = htmx_of(request)
    is_fragment = htmx and not htmx.history_restore_request
    template = f"{_PAGE}#take-room" if is_fragment else _PAGE
    return render(request, template, context, status=status)


def require_what_it_shows(reviewer: Reviewer) -> None:
    """Raise `Closed` where the page would show a film that is not to be had; no film is read."""
    link = cast("ShareLink", reviewer.link)
    if link.subject == ShareLink.Subject.FILM and released_film(reviewer) is None:
        raise Closed(403, NOT_RELEASED, shuts=True)


def _released(room: Room) -> ReleasedFilm:
    film = released_in(room)
    if film is None:
        raise Closed(403, NOT_RELEASED, shuts=True)
    return film


def is_member(request: HttpRequest, link: ShareLink) -> bool:
    """Whether who came by the link is signed in as one of the workspace's own."""
    if not request.user.is_authenticated:
        return False
    return Membership.objects.filter(workspace=link.workspace_id, user=request.user.pk).exists()
