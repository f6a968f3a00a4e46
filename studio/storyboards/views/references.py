"""A shot's reference picture: added, sketched, taken away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.access import can, signed_in
from studio.lib.htmx import say
from studio.storyboards import answers, clashes, taking_in
from studio.storyboards.access import project_for
from studio.storyboards.boards import Board, board_of
from studio.storyboards.cards import Card
from studio.storyboards.conflicts import conflict_of
from studio.storyboards.edits import locks, referring, revising
from studio.storyboards.models import Project
from studio.storyboards.references import PICTURES
from studio.storyboards.typed import Typed, read_number
from studio.vault.models import Asset
from studio.vault.storing import NotKept

# What static/css/sketch.css has a colour for.
INKS = (
    ("black", "Black"),
    ("dark", "Dark grey"),
    ("middle", "Grey"),
    ("light", "Light grey"),
    ("white", "White"),
    ("red", "Red"),
    ("blue", "Blue"),
)
WIDTHS = ((3, "Fine"), (6, "Medium"), (14, "Broad"), (40, "Very broad"))


@require_POST
def set_reference(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """Take in the `picture` that was sent, or the `asset` of an earlier try, and show it."""
    project = project_for(request, pk, can.EDIT)
    if not project.shots.filter(pk=shot).exists():
        raise Http404("This shot is not on the board.")
    try:
        picture = _sent(request, project)
    except taking_in.Refused as refused:
        return _refused(request, board_of(project), shot, str(refused))
    except (taking_in.Busy, NotKept) as problem:
        busy = HttpResponse(str(problem), status=503, headers={"Retry-After": "3"})
        return say(busy, str(problem))
    return _edited(request, project, shot, picture)


@require_POST
def remove_reference(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """Take the picture away; Undo brings it back."""
    return _edited(request, project_for(request, pk, can.EDIT), shot, None)


@require_GET
def sketch_reference(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """The canvas to draw a reference on."""
    project = project_for(request, pk, can.EDIT)
    board = board_of(project)
    drawn = board.shot(shot)
    if drawn is None:
        raise Http404("This shot is not on the board.")
    card = Card(drawn, project, board.shots.index(drawn) + 1, board.budget)
    context = {
        "project": project,
        "workspace": project.workspace,
        "shot": drawn,
        "card": card,
        "address": reverse("storyboards:set-reference", args=[pk, shot]),
        "picture": _picture_address(card),
        "inks": INKS,
        "widths": WIDTHS,
    }
    return answers.dialog(request, "storyboards/sketch.html", context)


def _picture_address(card: Card) -> str:
    """Where the picture is that the card shows, in the largest size there is."""
    has_reference = card.shot.reference_id is not None
    query = f"size=large&v={card.large_frame}" if has_reference else f"bare=1&v={card.scene}"
    return f"{reverse('storyboards:frame', args=[card.shot.pk])}?{query}"


def _sent(request: HttpRequest, project: Project) -> Asset:
    """The picture of this request, in the vault. Raises what `Intake` does."""
    upload = request.FILES.get("picture")
    if upload is not None:
        return PICTURES.take_in(project.workspace, upload)
    if kept := read_number(request.POST, "asset"):
        return PICTURES.waiting_or_kept(project.workspace, kept)
    raise taking_in.Refused("No picture was chosen. Choose a file first.")


def _edited(
    request: HttpRequest, project: Project, shot: int, picture: Asset | None
) -> HttpResponse:
    base = read_number(request.POST, "base")
    try:
        board = referring.set_reference(project, base, signed_in(request), shot, picture)
    except revising.StaleEdit as stale:
        # Made again, it needs no second upload: the picture waits in the vault.
        post = {"reference": "1", "asset": str(picture.pk)} if picture else {"reference": "1"}
        clashing = clashes.of_fields(stale, {"reference_id": picture and picture.pk}, shot)
        again = conflict_of(stale, request.path, post, shot=shot, clashes=clashing)
        return answers.stale(request, again)
    except revising.NoSuchShot as gone:
        raise Http404("This shot is not on the board.") from gone
    except (locks.Locked, taking_in.Gone) as refused:
        return _refused(request, board_of(project), shot, str(refused))
    number = [other.pk for other in board.shots].index(shot) + 1
    did = "has its reference picture" if picture else "has no reference picture any more"
    return answers.saved(request, board, shot=shot, says=f"Shot {number} {did}.")


def _refused(request: HttpRequest, board: Board, shot: int, says: str) -> HttpResponse:
    return say(answers.refused(request, board, Typed(errors={"reference": says}), shot), says)
