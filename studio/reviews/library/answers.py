"""Files made of a take for other people and programs, for members and guests alike.

Whoever calls has authorised the request. What exactly is in a file, the edition decides; what was
rendered is told from the take's own revision, whatever became of the board.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from studio.pictures.printing.layout import PAPERS
from studio.reviews import media
from studio.reviews.library.delivery import Delivery, released_film
from studio.reviews.library.editions import Edition, edition_of
from studio.reviews.library.pack.contents import contents_of
from studio.reviews.library.pack.stream import Pack
from studio.reviews.library.plans import board_of
from studio.reviews.library.timelines import rate_of, write_timeline
from studio.reviews.notes import exporting
from studio.reviews.reviewing import Reviewer
from studio.storyboards.answers import dialog
from studio.storyboards.exchange import printed
from studio.storyboards.exchange.downloads import download
from studio.storyboards.exchange.opentimeline import RATES
from studio.vault.streams import TooManyStreams

_SHOTS_ON_A_PAGE = 6
_AGAIN_S = 2
_BUSY = "Too many downloads are under way. Wait a few seconds and try again."


def choose(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The dialog with everything that can be taken away."""
    take, film = reviewer.take, released_film(reviewer)
    context = {
        "section": "releases",
        "workspace": take.workspace,
        "project": take.project,
        "take": take,
        "role": reviewer.role,
        "reviewer": reviewer,
        "delivery": Delivery(reviewer, film),
        "rates": tuple(RATES),
        "rate": rate_of(film),
    }
    response = dialog(request, "reviews/library/downloads.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def board_pdf(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The plan as PDF boards, `?paper=a4` or `letter`; 503 and a page that asks again meanwhile."""
    # Fonts' tables load for most of a second: only who prints waits, not every process that starts.
    from studio.pictures.printing.boards_pdf import render_boards

    edition = edition_of(request, reviewer)
    board = board_of(reviewer.take, edition)
    asked = request.GET.get("paper", "")
    try:
        sheet = printed.storyboard_of(board, notes=edition.is_house)
        with printed.press(board):
            content = render_boards(
                sheet,
                paper=asked if asked in PAPERS else "a4",
                per_page=_SHOTS_ON_A_PAGE,
                fonts=settings.STUDIO_VAR / "cache" / "fonts",
                made_at=timezone.now(),
            )
    except printed.NotYet as waiting:
        return _not_yet(request, reviewer, waiting)
    return download(content, "application/pdf", _named(reviewer, edition, "board.pdf"))


def timeline(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The plan, the film while it is released, and the notes as `.otio`; `?rate=24`."""
    edition = edition_of(request, reviewer)
    film = released_film(reviewer)
    asked = request.GET.get("rate", "")
    content = write_timeline(
        board_of(reviewer.take, edition),
        asked if asked in RATES else rate_of(film),
        exporting.rows(reviewer.take, edition.channels_for(reviewer)),
        film,
        media.filename_of(reviewer.take, "mp4"),
    )
    return download(
        content.encode(), "application/json", _named(reviewer, edition, "timeline.otio")
    )


def notes_csv(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The notes as a table. Begins with a byte order mark: Excel would misread it without."""
    edition = edition_of(request, reviewer)
    text = exporting.csv_text(exporting.rows(reviewer.take, edition.channels_for(reviewer)))
    content = b"\xef\xbb\xbf" + text.encode()
    return download(content, "text/csv; charset=utf-8", _named(reviewer, edition, "notes.csv"))


def notes_edl(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The notes as markers for editing programs."""
    edition = edition_of(request, reviewer)
    rows = exporting.rows(reviewer.take, edition.channels_for(reviewer))
    rate = request.GET.get("rate", "")
    fps = round(RATES[rate if rate in RATES else rate_of(released_film(reviewer))])
    text = exporting.edl_text(reviewer.take, rows, fps=fps)
    return download(
        text.encode(), "text/plain; charset=utf-8", _named(reviewer, edition, "notes.edl")
    )


def review_pack(request: HttpRequest, reviewer: Reviewer) -> HttpResponseBase:
    """One HTML file with all that there is to review, for where there is no network."""
    edition = edition_of(request, reviewer)
    contents = contents_of(reviewer, edition)
    headers = {
        "Content-Disposition": content_disposition_header(
            True, _named(reviewer, edition, "review.html")
        )
        or "attachment",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type="text/html; charset=utf-8", headers=headers)
    try:
        pack = Pack(contents)
    except TooManyStreams:
        busy = HttpResponse(_BUSY, content_type="text/plain; charset=utf-8", status=503)
        busy["Retry-After"] = "5"
        return busy
    return StreamingHttpResponse(pack, content_type="text/html; charset=utf-8", headers=headers)


def _named(reviewer: Reviewer, edition: Edition, ending: str) -> str:
    """`neon-tokyo-take-3.internal-notes.csv`."""
    return media.filename_of(reviewer.take, edition.prefix + ending)


def _not_yet(request: HttpRequest, reviewer: Reviewer, waiting: printed.NotYet) -> HttpResponse:
    context: dict[str, Any] = {
        "take": reviewer.take,
        "workspace": reviewer.take.workspace,
        "role": reviewer.role,
        "reviewer": reviewer,
        "waiting": waiting,
    }
    response = render(request, "reviews/library/not_yet.html", context, status=503)
    response["Retry-After"] = response["Refresh"] = str(_AGAIN_S)
    response["Cache-Control"] = "private, no-store"
    return response
