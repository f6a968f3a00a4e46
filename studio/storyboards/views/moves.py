"""Moves of selected shots: copies, new places, division, deletion."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.access import can
from studio.accounts.models import User
from studio.storyboards import timing
from studio.storyboards.access import project_for
from studio.storyboards.boards import Board, board_of
from studio.storyboards.edits import adding, arranging, dividing
from studio.storyboards.edits.revising import EditRefused
from studio.storyboards.models import Project
from studio.storyboards.typed import read_number, read_shots
from studio.storyboards.views.making import Made, ask, make, numbered

DIALOG = ["GET", "HEAD", "POST"]


@require_POST
def duplicate_shots(request: HttpRequest, pk: int) -> HttpResponse:
    """Copies of the selected shots, behind the last of them."""
    project = project_for(request, pk, can.EDIT)

    def edit(base: int, author: User) -> Made:
        added = adding.duplicate(project, base, author, read_shots(request.POST))
        return Made(added.board, _summary(added.board), added.shots[0].pk)

    return make(request, project, edit)


@require_POST
def insert_shot(request: HttpRequest, pk: int) -> HttpResponse:
    """A new shot before the first of the selected ones, or behind the last."""
    project = project_for(request, pk, can.EDIT)
    before = request.POST.get("side") == "before"

    def edit(base: int, author: User) -> Made:
        added = adding.insert(project, base, author, read_shots(request.POST), before=before)
        return Made(added.board, f"Shot {added.first_number} added.", added.shots[0].pk)

    return make(request, project, edit)


@require_POST
def merge_shots(request: HttpRequest, pk: int) -> HttpResponse:
    """One shot of the selected ones; of a single one and the next."""
    project = project_for(request, pk, can.EDIT)

    def edit(base: int, author: User) -> Made:
        pks = read_shots(request.POST)
        board = dividing.merge(project, base, author, pks)
        return Made(board, _summary(board), next(pk for pk in pks if board.shot(pk)))

    return make(request, project, edit)


@require_http_methods(DIALOG)
def move_shots(request: HttpRequest, pk: int) -> HttpResponse:
    """Move to…: a place among all, or beside another shot."""
    project = project_for(request, pk, can.EDIT)
    if request.method != "POST":
        return _ask_where(request, project)

    def edit(base: int, author: User) -> Made:
        pks = read_shots(request.POST)
        board = _moved(request, project, base, author, pks)
        return Made(board, _summary(board), pks[0] if len(pks) == 1 else None)

    return make(request, project, edit, lambda says: _ask_where(request, project, says))


def _moved(
    request: HttpRequest, project: Project, base: int, author: User, pks: list[int]
) -> Board:
    where = request.POST.get("where", "")
    if where in ("before", "after"):
        anchor = read_number(request.POST, "beside")
        return arranging.move_beside(project, base, author, pks, anchor, before=where == "before")
    typed = read_number(request.POST, "place")
    place = {"start": 1, "end": project.shots.count()}.get(where, typed)
    if not place:
        raise EditRefused("Type the number of the place, such as 3.")
    return arranging.move_to_place(project, base, author, pks, place)


def _ask_where(request: HttpRequest, project: Project, error: str = "") -> HttpResponse:
    asked = request.POST if error else request.GET
    shots, pks = board_of(project).shots, read_shots(asked)
    context = {
        "choices": numbered(shots),
        "chosen": numbered(shots, pks),
        "others": [pair for pair in numbered(shots) if pair[1].pk not in pks],
        "where": asked.get("where", "place"),
        "place": asked.get("place", "1"),
        "beside": read_number(asked, "beside"),
    }
    return ask(request, project, "storyboards/move_shots.html", context, error)


@require_http_methods(DIALOG)
def split_shot(request: HttpRequest, pk: int) -> HttpResponse:
    """Split…: one shot, at a time into it."""
    project = project_for(request, pk, can.EDIT)
    if request.method != "POST":
        return _ask_when(request, project)

    def edit(base: int, author: User) -> Made:
        pks = read_shots(request.POST)
        at_ms = _time_in(request.POST.get("at", ""))
        board = dividing.split(project, base, author, pks, at_ms)
        return Made(board, _summary(board), pks[0])

    return make(request, project, edit, lambda says: _ask_when(request, project, says))


def _time_in(typed: str) -> int:
    try:
        return timing.parse_duration(typed)
    except timing.BadDuration:
        raise EditRefused("Type how many seconds into the shot it is split, such as 2.5.") from None


def _ask_when(request: HttpRequest, project: Project, error: str = "") -> HttpResponse:
    asked = request.POST if error else request.GET
    shots = board_of(project).shots
    chosen = numbered(shots, read_shots(asked))
    shot = chosen[0][1] if len(chosen) == 1 else None
    half = timing.to_seconds(shot.duration_ms // 2) if shot else ""
    context = {
        "choices": numbered(shots),
        "chosen": chosen[:1],
        "length": timing.in_words(shot.duration_ms) if shot else "",
        "latest": timing.in_words(shot.duration_ms - timing.MIN_SHOT_MS) if shot else "",
        "typed": asked.get("at", half),
    }
    return ask(request, project, "storyboards/split_shot.html", context, error)


def _summary(board: Board) -> str:
    return f"{board.latest.summary}." if board.latest else ""
