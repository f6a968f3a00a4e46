"""The sound under a project's animatic: added, played, taken away."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import can, signed_in
from studio.lib.htmx import say
from studio.storyboards import answers, clashes, taking_in
from studio.storyboards.access import project_for
from studio.storyboards.boards import Board, board_of
from studio.storyboards.conflicts import conflict_of
from studio.storyboards.edits import revising, scoring
from studio.storyboards.exchange.downloads import file_name
from studio.storyboards.models import Project
from studio.storyboards.rules import title_from
from studio.storyboards.soundtracks import SOUNDS
from studio.storyboards.typed import Typed, read_number
from studio.vault.models import Asset
from studio.vault.serving import serve
from studio.vault.storing import NotKept


@require_safe
def play_soundtrack(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sound itself, by ranges as players ask for it."""
    project = project_for(request, pk, can.VIEW)
    if project.soundtrack is None:
        raise Http404("This project has no sound.")
    return serve(request, project.soundtrack, filename=file_name(project, ".m4a"))


@require_POST
def set_soundtrack(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in the `sound` that was sent, or the `asset` of an earlier try."""
    project = project_for(request, pk, can.EDIT)
    try:
        sound = _sent(request, project)
    except taking_in.Refused as refused:
        return _refused(request, board_of(project), str(refused))
    except (taking_in.Busy, NotKept) as problem:
        busy = HttpResponse(str(problem), status=503, headers={"Retry-After": "3"})
        return say(busy, str(problem))
    return _edited(request, project, sound)


@require_POST
def remove_soundtrack(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the sound away; Undo brings it back."""
    return _edited(request, project_for(request, pk, can.EDIT), None)


def _sent(request: HttpRequest, project: Project) -> Asset:
    """The sound of this request, in the vault. Raises what `Intake` does."""
    upload = request.FILES.get("sound")
    if upload is not None:
        return SOUNDS.take_in(project.workspace, upload, name=title_from(upload.name or ""))
    if kept := read_number(request.POST, "asset"):
        return SOUNDS.waiting_or_kept(project.workspace, kept)
    raise taking_in.Refused("No sound was chosen. Choose a file first.")


def _edited(request: HttpRequest, project: Project, sound: Asset | None) -> HttpResponse:
    base = read_number(request.POST, "base")
    try:
        board = scoring.set_soundtrack(project, base, signed_in(request), sound)
    except revising.StaleEdit as stale:
        # Made again, it needs no second upload: the sound waits in the vault.
        post = {"soundtrack": "1", "asset": str(sound.pk)} if sound else {"soundtrack": "1"}
        clashing = clashes.of_fields(stale, {"soundtrack_id": sound and sound.pk})
        return answers.stale(request, conflict_of(stale, request.path, post, clashes=clashing))
    except taking_in.Gone as refused:
        return _refused(request, board_of(project), str(refused))
    did = "has its sound" if sound else "is silent now"
    return answers.saved(request, board, pieces="project", says=f"The animatic {did}.")


def _refused(request: HttpRequest, board: Board, says: str) -> HttpResponse:
    return say(answers.refused(request, board, Typed(errors={"soundtrack": says})), says)
