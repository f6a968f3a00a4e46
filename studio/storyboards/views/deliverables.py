"""What goes out of the house: PDF boards, the editors' timeline, the contact sheet."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.accounts.access import can, role_on
from studio.pictures.printing.contact_sheet import render_contact_sheet
from studio.pictures.printing.layout import GRIDS, PAPERS
from studio.storyboards import answers, frames
from studio.storyboards.access import project_for
from studio.storyboards.boards import Board, board_of
from studio.storyboards.exchange import opentimeline, printed
from studio.storyboards.exchange.downloads import download, file_name

PAPER_NAMES = {"a4": "A4", "letter": "US Letter"}
_AGAIN_S = 2


@require_safe
def choose_boards(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog in which a PDF is chosen."""
    project = project_for(request, pk, can.VIEW)
    context = _context(board_of(project)) | {
        "grids": tuple(GRIDS),
        "papers": [(name, PAPER_NAMES[name]) for name in PAPERS],
    }
    return answers.dialog(request, "storyboards/pdf_boards.html", context)


@never_cache
@require_safe
def export_boards(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF: `?per-page=1/4/6/9&paper=a4/letter&notes=yes`."""
    board = board_of(project_for(request, pk, can.VIEW))
    if not board.shots:
        return _nothing(request, board, "a PDF")
    asked = request.GET.get("per-page", "6")
    per_page = int(asked) if asked in {str(count) for count in GRIDS} else 0
    paper = request.GET.get("paper", "a4")
    if not per_page or paper not in PAPERS:
        says = "Choose 1, 4, 6 or 9 shots a page, and A4 or US Letter."
        return _says(request, board, says, status=422)
    # Fonts' tables load for most of a second: only who prints waits, not every process that starts.
    from studio.pictures.printing.boards_pdf import render_boards

    size = frames.LARGE if per_page == 1 else frames.SIZE
    try:
        sheet = printed.storyboard_of(board, notes="notes" in request.GET, size=size)
        fonts = settings.STUDIO_VAR / "cache" / "fonts"
        with printed.press(board):
            content = render_boards(
                sheet, paper=paper, per_page=per_page, fonts=fonts, made_at=timezone.now()
            )
    except printed.NotYet as waiting:
        return _not_yet(request, board, waiting)
    return download(content, "application/pdf", file_name(board.project, "-boards.pdf"))


@require_safe
def choose_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog in which the frame rate of the editors' timeline is chosen."""
    project = project_for(request, pk, can.VIEW)
    context = _context(board_of(project)) | {
        "rates": tuple(opentimeline.RATES),
        "default": opentimeline.DEFAULT_RATE,
    }
    return answers.dialog(request, "storyboards/timeline_export.html", context)


@never_cache
@require_safe
def export_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The `.otio` file: `?rate=24`."""
    board = board_of(project_for(request, pk, can.VIEW))
    if not board.shots:
        return _nothing(request, board, "a timeline")
    rate = request.GET.get("rate", opentimeline.DEFAULT_RATE)
    if rate not in opentimeline.RATES:
        says = f"Choose a frame rate of {', '.join(opentimeline.RATES)}."
        return _says(request, board, says, status=422)
    content = opentimeline.write_timeline(board, rate).encode()
    return download(content, "application/json", file_name(board.project, ".otio"))


@never_cache
@require_safe
def export_contact_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """All frames on one PNG."""
    board = board_of(project_for(request, pk, can.VIEW))
    if not board.shots:
        return _nothing(request, board, "a contact sheet")
    try:
        sheet = printed.storyboard_of(board)
        with printed.press(board):
            content = render_contact_sheet(sheet)
    except printed.NotYet as waiting:
        return _not_yet(request, board, waiting)
    return download(content, "image/png", file_name(board.project, "-contact-sheet.png"))


def _context(board: Board) -> dict[str, Any]:
    project = board.project
    return {
        "section": "projects",
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "count": len(board.shots),
    }


def _nothing(request: HttpRequest, board: Board, what: str) -> HttpResponse:
    says = f"“{board.project.title}” has no shots yet. Add one, then make {what}."
    return _says(request, board, says, status=422)


def _not_yet(request: HttpRequest, board: Board, waiting: printed.NotYet) -> HttpResponse:
    """503, and a page that asks again by itself: each time more frames are drawn and kept."""
    response = _says(request, board, str(waiting), status=503, waiting=waiting)
    response["Retry-After"] = response["Refresh"] = str(_AGAIN_S)
    return response


def _says(
    request: HttpRequest, board: Board, says: str, *, status: int, **more: Any
) -> HttpResponse:
    context = _context(board) | {"says": says, **more}
    return render(request, "storyboards/not_exported.html", context, status=status)
