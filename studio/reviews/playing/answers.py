"""The stage by itself, for members and guests who were authorised before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from studio.lib.requests import htmx_of
from studio.reviews.playing import films
from studio.reviews.playing.player import player_of
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import room_of
from studio.reviews.shots.panel import ShotsPanel


def stage(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The stage; with `since`, 204 while it is what the page has seen."""
    player = player_of(reviewer)
    if player is not None and request.GET.get("since") == player.state:
        return HttpResponse(status=204)
    if not htmx_of(request):
        return redirect(reviewer.address("take"))
    context = {
        "reviewer": reviewer,
        "take": reviewer.take,
        "project": reviewer.take.project,
        "workspace": reviewer.take.workspace,
        "role": reviewer.role,
        "room": room_of(reviewer.take),
        "player": player,
        "shots": ShotsPanel(reviewer),
    }
    response = render(request, "reviews/playing/arrived.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def redraw(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """Try again to make a film that failed; the stage as it is then."""
    film = films.film_for(reviewer)
    if film is not None:
        films.retry(film)
    return stage(request, reviewer)
