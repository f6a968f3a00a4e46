"""The files made of a take, for members."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from studio.accounts.access import can
from studio.reviews.library import answers
from studio.reviews.reviewing import member_for


@require_safe
def choose_downloads(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.choose(request, reviewer)


@require_safe
def download_board(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.board_pdf(request, reviewer)


@require_safe
def download_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.timeline(request, reviewer)


@require_safe
def download_table(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.notes_csv(request, reviewer)


@require_safe
def download_markers(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.notes_edl(request, reviewer)


@require_safe
def download_pack(request: HttpRequest, pk: int) -> HttpResponseBase:
    reviewer = member_for(request, pk, can.VIEW)
    return answers.review_pack(request, reviewer)
