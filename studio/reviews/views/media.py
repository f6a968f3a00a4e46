"""The files of a take, for members."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from studio.accounts.access import can
from studio.reviews.playing import serving
from studio.reviews.reviewing import member_for
from studio.reviews.seals import Part


@require_safe
def serve_preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    reviewer = member_for(request, pk, can.VIEW)
    return serving.preview(request, reviewer)


@require_safe
def serve_poster(request: HttpRequest, pk: int) -> HttpResponseBase:
    reviewer = member_for(request, pk, can.VIEW)
    return serving.still(request, reviewer, Part.POSTER)


@require_safe
def serve_filmstrip(request: HttpRequest, pk: int) -> HttpResponseBase:
    reviewer = member_for(request, pk, can.VIEW)
    return serving.still(request, reviewer, Part.FILMSTRIP)


@require_safe
def serve_video(request: HttpRequest, pk: int) -> HttpResponseBase:
    reviewer = member_for(request, pk, can.VIEW)
    return serving.video(request, reviewer)
