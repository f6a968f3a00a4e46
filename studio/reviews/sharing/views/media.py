"""The files of a take, for guests: of a preview's link never the film, of a film's never more than
while it is released."""

import uuid

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from studio.reviews.models import LinkView
from studio.reviews.playing import serving
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
