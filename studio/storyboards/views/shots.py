"""Edits of single shots, and the picture of each."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import can, signed_in
from studio.storyboards import answers, clashes, frames
from studio.storyboards.access import project_for, shot_for
from studio.storyboards.boards import board_of
from studio.storyboards.conflicts import conflict_of
from studio.storyboards.edits import arranging, locks, revising, shots
from studio.storyboards.models import Project
from studio.storyboards.presets import motions_for
from studio.storyboards.shelves import Busy
from studio.storyboards.typed import read_number, read_shot

LOST = (
    "The reference picture is missing from the vault, or was damaged there. "
    "Ask your admin to restore it from a backup."
)
A_YEAR = "private, max-age=31536000, immutable"

log = logging.getLogger(__name__)


@require_POST
def add_shot(request: HttpRequest, pk: int) -> HttpResponse:
    """A new, empty shot at the end, opened in the inspector."""
    project = project_for(request, pk, can.EDIT)
    base = read_number(request.POST, "base")
    try:
        board = shots.add_shot(project, base, signed_in(request))
    except revising.StaleEdit as stale:
        clashing = clashes.of_new_shot(stale)
        conflict = conflict_of(stale, request.path, request.POST, clashes=clashing)
        return answers.stale(request, conflict)
    except revising.BoardFull as full:
        return answers.failed(request, board_of(project), str(full))
    says = f"Shot {len(board.shots)} added."
    return answers.saved(request, board, pieces="all", says=says, select=board.shots[-1].pk)


@require_POST
def edit_shot(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """A shot's prompt, duration, camera and lighting: those that were sent."""
    project = project_for(request, pk, can.EDIT)
    base = read_number(request.POST, "base")
    typed = read_shot(request.POST, motions_for(project.workspace, request.POST))
    try:
        if not typed.is_valid:
            return answers.refused(request, shots.board_with(project, base, shot), typed, shot)
        board = shots.edit_shot(project, base, signed_in(request), shot, typed.values)
    except revising.StaleEdit as stale:
        clashing = clashes.of_fields(stale, typed.values, shot)
        conflict = conflict_of(
            stale, request.path, request.POST, fields=typed.raw, shot=shot, clashes=clashing
        )
        return answers.stale(request, conflict)
    except revising.NoSuchShot as gone:
        raise Http404("This shot is not on the board.") from gone
    except locks.Locked as locked:
        board, refused = board_of(project), typed.refusing(locked.fields, str(locked))
        return answers.refused(request, board, refused, shot)
    return answers.saved(request, board, shot=shot)


@require_POST
def delete_shot(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """Delete a shot, and offer to bring it back."""
    return _delete(request, project_for(request, pk, can.EDIT), shot)


@require_POST
def move_shot(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """Move a shot one place: what the page's own scripts do by posting the whole order."""
    project = project_for(request, pk, can.EDIT)
    return _move(request, project, shot, -1 if request.POST.get("direction") == "left" else 1)


@require_POST
def press_tool(request: HttpRequest, pk: int) -> HttpResponse:
    """A card's own button: `left`, `right` or `delete`, each with the pk of its shot. One address
    and one form for the buttons of all cards keep a page of many shots small."""
    project = project_for(request, pk, can.EDIT)
    if "delete" in request.POST:
        return _delete(request, project, read_number(request.POST, "delete"))
    name, step = ("left", -1) if "left" in request.POST else ("right", 1)
    return _move(request, project, read_number(request.POST, name), step)


def _delete(request: HttpRequest, project: Project, shot: int) -> HttpResponse:
    base = read_number(request.POST, "base")
    try:
        board = shots.delete_shot(project, base, signed_in(request), shot)
    except revising.StaleEdit as stale:
        clashing = clashes.of_shot(stale, shot)
        conflict = conflict_of(stale, request.path, request.POST, shot=shot, clashes=clashing)
        return answers.stale(request, conflict)
    except revising.NoSuchShot as gone:
        raise Http404("This shot is not on the board.") from gone
    except locks.Locked as locked:
        return answers.failed(request, board_of(project), str(locked))
    says = f"{board.latest.summary if board.latest else 'Deleted'}."
    return answers.saved(request, board, pieces="all", says=says, deleted=says)


def _move(request: HttpRequest, project: Project, shot: int, step: int) -> HttpResponse:
    base = read_number(request.POST, "base")
    try:
        board = arranging.move(project, base, signed_in(request), shot, step)
    except revising.StaleEdit as stale:
        clashing = clashes.of_order(stale)
        conflict = conflict_of(stale, request.path, request.POST, shot=shot, clashes=clashing)
        return answers.stale(request, conflict)
    except revising.NoSuchShot as gone:
        raise Http404("This shot is not on the board.") from gone
    return answers.saved(request, board, shot=shot, pieces="order")


@require_safe
def show_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The shot's picture; a reference also `?size=large`, a drawn one also `?bare=1`, unlettered.
    Asked for by its version (`?v=`), it may be kept for ever."""
    shot = shot_for(request, pk, can.VIEW)
    is_large = request.GET.get("size") == "large" and shot.reference is not None
    size = frames.LARGE if is_large else frames.SIZE
    shows = frames.SCENE if request.GET.get("bare") == "1" else frames.WORDS
    name = frames.fingerprint(shot, shot.project, size, shows=shows)
    etag = quote_etag(name)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        try:
            path = frames.frame_of(shot, shot.project, size, shows=shows)
        except Busy:
            return HttpResponse(status=503, headers={"Retry-After": "2"})
        except OSError:
            log.exception("The reference of shot %s cannot be shown.", shot.pk)
            return HttpResponse(LOST, status=500, content_type="text/plain; charset=utf-8")
        response = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    version = request.GET.get("v", "")
    is_version = len(version) >= 12 and name.startswith(version)
    response.headers["Cache-Control"] = A_YEAR if is_version else "private, no-cache"
    response.headers["ETag"] = etag
    return response
