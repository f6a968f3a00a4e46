"""What the views of compound edits share: one edit, one answer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django_htmx.http import trigger_client_event

from studio.accounts.access import role_on, signed_in
from studio.accounts.models import User
from studio.lib.requests import htmx_of
from studio.storyboards import answers
from studio.storyboards.boards import Board, board_of
from studio.storyboards.conflicts import conflict_of
from studio.storyboards.edits.revising import EditRefused, NoSuchShot, StaleEdit
from studio.storyboards.models import Project, Shot
from studio.storyboards.typed import read_number, read_shots


@dataclass(frozen=True)
class Made:
    """An edit that was saved: what is said of it, the shot to go on with, and what to know."""

    board: Board
    says: str = ""
    select: int | None = None
    deleted: str = ""
    remarks: tuple[str, ...] = ()


def make(
    request: HttpRequest,
    project: Project,
    edit: Callable[[int, User], Made],
    refuse: Callable[[str], HttpResponse] | None = None,
) -> HttpResponse:
    """Do `edit` (told the base and the author) and answer. A refusal is shown on the board, or by
    `refuse`, which is given its sentence."""
    try:
        made = edit(read_number(request.POST, "base"), signed_in(request))
    except StaleEdit as stale:
        # The ticked boxes of a plain form are several values of one name.
        again = {**request.POST.dict(), "shots": ",".join(map(str, read_shots(request.POST)))}
        return answers.stale(request, conflict_of(stale, request.path, again))
    except NoSuchShot:
        says = "A selected shot is not on this board any more. Select again."
    except EditRefused as refused:
        says = str(refused)
    else:
        return _saved(request, made)
    return refuse(says) if refuse else answers.failed(request, board_of(project), says)


def _saved(request: HttpRequest, made: Made) -> HttpResponse:
    answer = answers.saved(
        request,
        made.board,
        pieces="all",
        says=made.says,
        select=made.select,
        deleted=made.deleted,
    )
    if htmx_of(request):
        # After the swap, for it leads the focus to a card that the swap brings.
        detail = {"shot": made.select, "remarks": made.remarks}
        return trigger_client_event(answer, "shotsPlaced", detail, after="settle")
    for remark in made.remarks:
        messages.info(request, remark)
    return answer


def ask(
    request: HttpRequest, project: Project, template: str, context: dict[str, Any], error: str = ""
) -> HttpResponse:
    """A dialog about the project; with an `error` it is shown again, as it was filled in (422)."""
    context |= {
        "section": "projects",
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "error": error,
    }
    return answers.dialog(request, template, context, status=422 if error else 200)


def numbered(shots: list[Shot], pks: Collection[int] | None = None) -> list[tuple[int, Shot]]:
    """All of `shots`, or those with these pks, each with its number from 1."""
    pairs = enumerate(shots, 1)
    return [(number, shot) for number, shot in pairs if pks is None or shot.pk in pks]
