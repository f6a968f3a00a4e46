"""The player of a take, for members: the stage, and the files that it plays."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import can
from studio.reviews.playing import answers, serving
from studio.reviews.reviewing import member_for


@require_safe
def serve_film(request: HttpRequest, pk: int) -> HttpResponseBase:
    reviewer = member_for(request, pk, can.VIEW)
    return serving.film(request, reviewer, "film")


@require_safe
def serve_film_poster(request: HttpRequest, pk: int) -> HttpResponseBase:
    reviewer = member_for(request, pk, can.VIEW)
    return serving.film(request, reviewer, "poster")


@require_safe
def serve_strip(request: HttpRequest, pk: int) -> HttpResponseBase:
    reviewer = member_for(request, pk, can.VIEW)
    return serving.film(request, reviewer, "strip")


@never_cache
@require_safe
def show_stage(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.stage(request, reviewer)


@require_POST
def redraw_film(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.redraw(request, reviewer)
