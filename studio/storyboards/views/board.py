"""The board's page, and edits of the project as a whole."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.access import can, signed_in
from studio.accounts.models import User
from studio.lib.requests import htmx_of
from studio.storyboards import answers, clashes, selection
from studio.storyboards.access import project_for
from studio.storyboards.boards import Board, board_of
from studio.storyboards.conflicts import conflict_of
from studio.storyboards.edits import arranging, history, projects, revising
from studio.storyboards.edits.ordering import BadOrder
from studio.storyboards.models import Project
from studio.storyboards.presets import motions_for
from studio.storyboards.typed import read_number, read_order, read_project
from studio.storyboards.visits import note_visit

# What cards show of the project's where their shots have none of their own.
INHERITED = frozenset({"motion", "speed", "light_temperature", "light_intensity", "light_style"})


@never_cache
@require_GET
def show_board(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; through htmx the inspector for `?shot=` or `?shots=` alone. Going back asks for it
    anew, or the edits made there would be on an old revision."""
    project = project_for(request, pk, can.VIEW)
    board, selected = board_of(project), read_number(request.GET, "shot") or None
    htmx = htmx_of(request)
    if htmx and not htmx.history_restore_request:
        return answers.inspector(request, board, selected)
    note_visit(project, signed_in(request))
    page = answers.board_page(request, board, selected)
    return selection.remember_view(request, page)


@require_POST
def edit_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, brief, default camera and lighting: those that were sent."""
    project = project_for(request, pk, can.EDIT)
    base = read_number(request.POST, "base")
    typed = read_project(request.POST, motions_for(project.workspace, request.POST))
    if not typed.is_valid:
        return answers.refused(request, board_of(project), typed)
    try:
        board = projects.edit_project(project, base, signed_in(request), typed.values)
    except revising.StaleEdit as stale:
        clashing = clashes.of_fields(stale, typed.values)
        conflict = conflict_of(
            stale, request.path, request.POST, fields=typed.raw, clashes=clashing
        )
        return answers.stale(request, conflict)
    is_inherited = typed.values.keys() & INHERITED
    return answers.saved(request, board, pieces="all" if is_inherited else "project")


@require_POST
def reorder_shots(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the shots into the posted order."""
    project = project_for(request, pk, can.EDIT)
    base, order = read_number(request.POST, "base"), read_order(request.POST)
    moved = read_order(request.POST, "moved")
    try:
        board = arranging.reorder(project, base, signed_in(request), order, moved)
    except revising.StaleEdit as stale:
        clashing = clashes.of_order(stale)
        conflict = conflict_of(stale, request.path, request.POST, clashes=clashing)
        return answers.stale(request, conflict)
    except BadOrder as bad:
        says = f"{bad} It changed meanwhile: reload the page, then move the shot again."
        return answers.failed(request, board_of(project), says)
    place = order.index(moved[0]) + 1 if moved and moved[0] in order else 0
    one = len(moved) == 1
    says = f"Shot {place} of {len(order)} now." if one else f"{len(moved)} shots moved."
    return answers.saved(request, board, pieces="order", says=says if place else "")


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the latest edit."""
    return _step_in_history(request, project_for(request, pk, can.EDIT), history.undo)


@require_POST
def redo(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back what Undo took."""
    return _step_in_history(request, project_for(request, pk, can.EDIT), history.redo)


def _step_in_history(
    request: HttpRequest, project: Project, step: Callable[[Project, int, User], Board]
) -> HttpResponse:
    try:
        board = step(project, read_number(request.POST, "base"), signed_in(request))
    except revising.StaleEdit as stale:
        # Repeated on the newer board, it would take back what somebody else has just done.
        conflict = conflict_of(stale, request.path, request.POST, can_keep_mine=False)
        return answers.stale(request, conflict)
    except history.NothingThere as nothing:
        return answers.failed(request, board_of(project), str(nothing))
    return answers.saved(
        request, board, pieces="all", says=board.latest.summary if board.latest else ""
    )
