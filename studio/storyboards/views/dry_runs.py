"""A shot's camera move, seen on its own picture: one of them, and all of them side by side."""

import logging
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import chain

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from studio.accounts.access import can
from studio.lib.htmx import say
from studio.storyboards import answers, dry_runs
from studio.storyboards.access import project_for
from studio.storyboards.animatics.plans import NoAnimatic
from studio.storyboards.boards import board_of
from studio.storyboards.cards import card_of
from studio.storyboards.contexts import frame
from studio.storyboards.dry_runs import DryRun
from studio.storyboards.models import Project, Shot
from studio.storyboards.presets import presets_of
from studio.storyboards.shelves import Busy
from studio.storyboards.views.shots import A_YEAR, LOST

log = logging.getLogger(__name__)


@require_safe
def show_dry_run(request: HttpRequest, pk: int, shot: int) -> HttpResponseBase:
    """The looping GIF, sent while it is drawn. The address may try values out that are not saved:
    see `dry_runs.TRIED`. Asked for by its version (`?v=`), it may be kept for ever."""
    project = project_for(request, pk, can.VIEW)
    try:
        run = dry_runs.dry_run_of(project, _shot_of(project, shot), request.GET)
    except dry_runs.NotThis as wrong:
        return _says(str(wrong), 400)
    if run.problem:
        return _says(run.problem, 422)
    name = run.fingerprint
    etag = quote_etag(name)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = _sent(request, run)
    if run.note:
        say(response, run.note)
    if response.status_code in (200, 304):
        version = request.GET.get("v", "")
        is_version = len(version) >= 12 and name.startswith(version)
        response.headers["Cache-Control"] = A_YEAR if is_version else "private, no-cache"
        response.headers["ETag"] = etag
    return response


@require_safe
def show_moves(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """All camera moves on this shot's picture, to choose one from. `?speed=` tries another speed
    for all of them, `?still=1` holds them still."""
    project = project_for(request, pk, can.VIEW)
    board = board_of(project)
    card = card_of(board, shot)
    if card is None:
        raise Http404("This shot is not on the board.")
    speed, says = _speed(project, card.shot, request)
    context = frame(request, board, shot) | {
        "card": card,
        "shot": card.shot,
        "moves": [
            (preset, dry_runs.has_model(preset.motion)) for preset in presets_of(project.workspace)
        ],
        "chosen": card.shot.motion or project.motion,
        "speed": speed,
        "is_set": "speed" in request.GET and not says,
        "says": says,
        "is_still": request.GET.get("still") == "1",
    }
    return answers.dialog(request, "storyboards/moves_gallery.html", context)


def _speed(project: Project, shot: Shot, request: HttpRequest) -> tuple[float, str]:
    """The speed that the moves are shown in, and what is wrong with the one asked for."""
    tried = {"speed": request.GET["speed"]} if "speed" in request.GET else {}
    try:
        return dry_runs.dry_run_of(project, shot, tried).camera.speed, ""
    except dry_runs.NotThis as wrong:
        return dry_runs.dry_run_of(project, shot, {}).camera.speed, str(wrong)


def _shot_of(project: Project, pk: int) -> Shot:
    shot = project.shots.select_related("reference").filter(pk=pk).first()
    if shot is None:
        raise Http404("This shot is not on the board.")
    return shot


def _sent(request: HttpRequest, run: DryRun) -> HttpResponseBase:
    """The loop that was drawn before, or one drawn while it is sent."""
    found = dry_runs.SHELF.find(run.fingerprint)
    if found is not None:
        with suppress(FileNotFoundError):  # pruned just now
            return HttpResponse(found.read_bytes(), content_type="image/gif")
    if request.method == "HEAD":
        return HttpResponse(content_type="image/gif")
    chunks = run.drawn()
    try:
        first = next(chunks)
    except Busy:
        busy = _says("Others look at moves just now. Yours follows in a moment.", 503)
        busy.headers["Retry-After"] = "1"
        return busy
    except NoAnimatic as missing:
        return _says(str(missing), 500)
    except OSError:
        log.exception("The reference of shot %s cannot be shown.", run.shot.pk)
        return _says(LOST, 500)
    return StreamingHttpResponse(_Closing(first, chunks), content_type="image/gif")


class _Closing:
    """The first chunk and the rest. A reader that goes away ends the drawing, even before it took
    the first: a generator that never began would not hear of it."""

    def __init__(self, first: bytes, rest: Generator[bytes]) -> None:
        self._first, self._rest = first, rest

    def __iter__(self) -> Iterator[bytes]:
        return chain([self._first], self._rest)

    def close(self) -> None:
        self._rest.close()


def _says(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
