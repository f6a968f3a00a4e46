"""Edits of the selected shots together: one post, one revision."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.access import can, signed_in
from studio.lib.requests import htmx_of
from studio.storyboards import answers, selection
from studio.storyboards.access import project_for
from studio.storyboards.boards import Board, board_of
from studio.storyboards.cards import Verdict, cards_of
from studio.storyboards.conflicts import conflict_of
from studio.storyboards.edits import bulk, locks
from studio.storyboards.edits.revising import EditRefused, StaleEdit
from studio.storyboards.models import Project
from studio.storyboards.presets import motions_of
from studio.storyboards.retiming import read_retiming
from studio.storyboards.timing import BadDuration, Budget, in_words
from studio.storyboards.typed import Typed, read_number, read_shot, read_shots

RETIMING = ("how", "amount")


@require_POST
def set_on_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the selected shots the same camera, light, transition or lock: what was filled in."""
    project = project_for(request, pk, can.EDIT)
    base, pks = read_number(request.POST, "base"), read_shots(request.POST)
    many = selection.many_of(cards_of(board_of(project)), pks)
    sent = selection.without_mixed(request.POST, many.mixed if many else {})
    typed = read_shot(sent, motions_of(project.workspace))
    if not typed.is_valid:
        return answers.refused(request, board_of(project), typed)
    return _answer(
        request,
        project,
        typed,
        lambda: bulk.set_on_many(
            project, base, signed_in(request), pks, typed.values, leaves_locked=_leaves(request)
        ),
    )


@require_POST
def retime_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Set, scale or shift the durations of the selected shots."""
    project = project_for(request, pk, can.EDIT)
    base, pks = read_number(request.POST, "base"), read_shots(request.POST)
    typed = Typed({name: request.POST.get(name, "") for name in RETIMING})
    return _answer(
        request,
        project,
        typed,
        lambda: bulk.retime_many(
            project,
            base,
            signed_in(request),
            pks,
            read_retiming(**typed.raw),
            leaves_locked=_leaves(request),
        ),
    )


@require_POST
def delete_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the selected shots, and offer to bring them back."""
    project = project_for(request, pk, can.EDIT)
    base, pks = read_number(request.POST, "base"), read_shots(request.POST)
    return _answer(
        request,
        project,
        Typed(),
        lambda: bulk.delete_many(
            project, base, signed_in(request), pks, leaves_locked=_leaves(request)
        ),
        deletes=True,
    )


@never_cache
@require_GET
def preview_retiming(request: HttpRequest, pk: int) -> HttpResponse:
    """What a change of durations would make of the total; nothing is saved."""
    project = project_for(request, pk, can.EDIT)
    board, pks = board_of(project), read_shots(request.GET)
    typed = {name: request.GET.get(name, "") for name in RETIMING}
    context: dict[str, Any] = {
        **typed,
        "project": project,
        "before": in_words(board.budget.total_ms),
        "shots": ",".join(map(str, pks)),
        "leave_locked": request.GET.get("leave_locked", ""),
    }
    try:
        retiming = read_retiming(**typed)
        after = bulk.retimed(board.shots, pks, retiming, leaves_locked=_leaves(request))
    except (BadDuration, locks.Locked) as bad:
        context["problem"] = str(bad) if typed["amount"] else ""
    else:
        budget = Budget.of([shot.duration_ms for shot in after])
        context |= {"after": in_words(budget.total_ms), "verdict": Verdict(budget)}
    page = "storyboards/retimed.html" if htmx_of(request) else "storyboards/retiming.html"
    return render(request, page, context)


def _leaves(request: HttpRequest) -> bool:
    query = request.POST if request.method == "POST" else request.GET
    return query.get("leave_locked") == "yes"


def _answer(
    request: HttpRequest,
    project: Project,
    typed: Typed,
    edit: Callable[[], Board],
    *,
    deletes: bool = False,
) -> HttpResponse:
    """Make the edit, and answer what came of it."""
    try:
        board = edit()
    except StaleEdit as stale:
        shots = ",".join(map(str, read_shots(request.POST)))
        again = {**request.POST.dict(), "shots": shots}
        return answers.stale(request, conflict_of(stale, request.path, again))
    except locks.Locked as locked:
        if len(read_shots(request.POST)) < 2:  # there is no panel of several to say it in
            return answers.failed(request, board_of(project), str(locked))
        says = f"{locked} Or leave locked shots out."
        return _refused(request, project, typed, "leave_locked", says)
    except BadDuration as bad:
        return _refused(request, project, typed, "amount", str(bad))
    except EditRefused as refused:
        return answers.failed(request, board_of(project), str(refused))
    says = f"{board.latest.summary}." if board.latest else ""
    return answers.saved(request, board, pieces="all", says=says, deleted=says if deletes else "")


def _refused(
    request: HttpRequest, project: Project, typed: Typed, name: str, says: str
) -> HttpResponse:
    refused = Typed(typed.raw, errors={name: says})
    return answers.refused(request, board_of(project), refused)
