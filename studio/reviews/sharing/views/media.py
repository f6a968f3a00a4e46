"""The files of a take, for guests: of a preview's link never the film, of a film's never more than
while it is released."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from studio.reviews.models import LinkView
from studio.reviews.playing import answers, serving
from studio.reviews.reviewing import Reviewer
from studio.reviews.seals import Part
from studio.reviews.sharing.answers import for_guests
from studio.reviews.sharing.guests import NOT_RELEASED, Closed, guest_for, may
from studio.reviews.sharing.viewing import log, served

What = LinkView.What


@for_guests
@require_safe
def serve_preview(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    reviewer = guest_for(request, uid, may.SEE_PREVIEW)
    _require_the_houses(reviewer)
    return served(request, reviewer, What.WATCHED, serving.preview(request, reviewer))


@for_guests
@require_safe
def serve_poster(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    reviewer = guest_for(request, uid, may.SEE_PREVIEW)
    _require_the_houses(reviewer)
    return serving.still(request, reviewer, Part.POSTER)


@for_guests
@require_safe
def serve_filmstrip(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    reviewer = guest_for(request, uid, may.SEE_PREVIEW)
    _require_the_houses(reviewer)
    return serving.still(request, reviewer, Part.FILMSTRIP)


@for_guests
@require_safe
def serve_film(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    reviewer = guest_for(request, uid, may.SEE_PREVIEW)
    response = serving.film(request, reviewer, "film")
    return served(request, reviewer, What.WATCHED, response)


@for_guests
@require_safe
def serve_film_poster(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    reviewer = guest_for(request, uid, may.SEE_PREVIEW)
    return serving.film(request, reviewer, "poster")


@for_guests
@require_safe
def serve_strip(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    reviewer = guest_for(request, uid, may.SEE_PREVIEW)
    return serving.film(request, reviewer, "strip")


@for_guests
@require_safe
def show_stage(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    reviewer = guest_for(request, uid, may.SEE_PREVIEW)
    return answers.stage(request, reviewer)


@for_guests
@require_POST
def redraw_film(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    reviewer = guest_for(request, uid, may.SEE_PREVIEW)
    return answers.redraw(request, reviewer)


@for_guests
@require_safe
def serve_video(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The full film, each byte while a release is live whose hashes match."""
    reviewer = guest_for(request, uid, may.FETCH_FILM)
    response = serving.video(request, reviewer)
    if response.status_code == 403:
        # Why a film is locked is the house's business.
        if reviewer.link:
            log(request, reviewer.link, What.REFUSED, reviewer.guest, NOT_RELEASED)
        raise Closed(403, NOT_RELEASED)
    what = What.DOWNLOADED if "download" in request.GET else What.FILM_WATCHED
    return served(request, reviewer, what, response)


def _require_the_houses(reviewer: Reviewer) -> None:
    """Who is shown pictures with their own name gets no others."""
    if reviewer.link and reviewer.link.marks_viewer:
        raise Http404("This guest has pictures of their own.")
