"""What the board answers: whole pages for plain forms, what changed for htmx.

An edit through htmx swaps by ids alone (`hx-swap-oob`); which pieces, is decided here.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget, trigger_client_event

from studio.accounts.access import can, is_allowed, role_on
from studio.lib.requests import htmx_of
from studio.storyboards import selection
from studio.storyboards.boards import Board
from studio.storyboards.cards import Timeline, Verdict, cards_of, inputs_of, standing_of
from studio.storyboards.conflicts import Conflict
from studio.storyboards.models import Project
from studio.storyboards.presets import presets_of, title_of
from studio.storyboards.typed import Typed, read_number

PAGE = "storyboards/board.html"
SAVED = "storyboards/saved.html"


def board_page(
    request: HttpRequest,
    board: Board,
    selected: int | None,
    *,
    typed: Typed | None = None,
    conflict: Conflict | None = None,
    failure: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page. What was `typed` stands in the selected shot's fields, or the project's."""
    context = board_context(
        request, board, selected, typed=typed, conflict=conflict, failure=failure
    )
    return render(request, PAGE, context, status=status)


def inspector(request: HttpRequest, board: Board, selected: int | None) -> HttpResponse:
    """The inspector alone, for htmx."""
    return render(request, "storyboards/inspector.html", board_context(request, board, selected))


def board_context(
    request: HttpRequest, board: Board, selected: int | None, **more: Any
) -> dict[str, Any]:
    """All that the page and the inspector show."""
    context = _context(request, board, selected, more.get("typed"))
    presets = list(presets_of(board.project.workspace))
    inspected = context["selected"].shot if context["selected"] else board.project
    motion = inspected.motion or board.project.motion
    context |= {
        "presets": presets,
        "preset": standing_of(motion, presets),
        "project_motion": title_of(board.project.motion),
    }
    return context | more


def _context(
    request: HttpRequest, board: Board, selected: int | None, typed: Typed | None = None
) -> dict[str, Any]:
    project = board.project
    shot = board.shot(selected)
    cards = cards_of(board, typed, selected if typed else None)
    picked = selection.shots_on_page(request)
    role = role_on(project)
    return {
        "section": "projects",
        "board": board,
        "project": project,
        "workspace": project.workspace,
        "role": role,
        "may_edit": is_allowed(role, can.EDIT),
        "cards": cards,
        "selected": next((card for card in cards if card.shot.pk == selected), None),
        "selected_pk": selected if shot else None,
        "picked": set(picked) or {selected},
        "many": None if shot else selection.many_of(cards, picked, typed),
        "view": selection.view_of(request),
        "project_inputs": inputs_of(project, None if shot else typed),
        "timeline": Timeline(board.budget),
        "verdict": Verdict(board.budget),
    }


def saved(
    request: HttpRequest,
    board: Board,
    *,
    shot: int | None = None,
    pieces: str = "card",
    says: str = "",
    deleted: str = "",
    select: int | None = None,
) -> HttpResponse:
    """An edit was saved. `pieces`: `card` swaps the card of `shot`, `grid` all of them, and
    `all` the grid and the inspector; the total, the strip and the verdict always.

    `says` is read to screen readers; `deleted` offers to bring a shot back; `select` opens a shot
    in the inspector. A plain form is sent back to the board.
    """
    if not htmx_of(request):
        picked = selection.shots_on_page(request)
        return redirect(board_address(board.project, select or shot, picked))
    if "whole" in request.POST:
        pieces = "all"
    inspected = select or selected_on_page(request)
    # A move changes nothing the inspector shows but the number: presets need not be read for it.
    is_shown = shot == inspected or shot in selection.shots_on_page(request)
    shows_fields = pieces == "all" or (pieces == "card" and is_shown)
    seen = board_context if shows_fields else _context
    context = seen(request, board, inspected)
    if pieces == "card":
        cards = cards_of(board, None, shot if "duration" in request.POST else None)
        context["changed"] = [card for card in cards if card.shot.pk == shot]
        context["others"] = [card for card in cards if card.shot.pk != shot]
    context |= {"pieces": pieces, "says": says, "deleted": deleted, "shows_fields": shows_fields}
    context["added"] = select
    response = render(request, SAVED, context)
    if select or (deleted and context["selected"] is None):
        response["HX-Replace-Url"] = board_address(board.project, select)
    return trigger_client_event(response, "boardChanged", {"revision": board.project.revision})


def refused(
    request: HttpRequest, board: Board, typed: Typed, shot: int | None = None
) -> HttpResponse:
    """What was typed does not fit: each sentence at its field, nothing changed (422)."""
    if not htmx_of(request):
        return board_page(request, board, shot, typed=typed, status=422)
    inspected = selected_on_page(request)
    context = board_context(request, board, inspected)
    cards = cards_of(board, typed, shot)
    context["changed"] = [card for card in cards if card.shot.pk == shot]
    context["selected"] = next((card for card in cards if card.shot.pk == inspected), None)
    context["project_inputs"] = inputs_of(board.project, None if shot else typed)
    if context["many"] and shot is None:
        context["many"] = replace(context["many"], typed=typed)
    context["shows_fields"] = shot == context["selected_pk"]
    context["refused"] = typed
    return render(request, "storyboards/refused.html", context, status=422)


def failed(request: HttpRequest, board: Board, says: str) -> HttpResponse:
    """The board cannot do this now; nothing changed (422)."""
    if not htmx_of(request):
        return board_page(request, board, None, failure=says, status=422)
    context = _context(request, board, selected_on_page(request)) | {"failure": says}
    return render(request, "storyboards/refused.html", context, status=422)


def dialog(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A template that `{% extends frame %}`: in the page's dialog, or a page of its own.

    As an answer to a form in the dialog it takes the dialog's place, typed values and all.
    """
    if not htmx_of(request):
        return render(request, template, {**context, "frame": "_sheet.html"}, status=status)
    response = render(request, template, {**context, "frame": "_dialog.html"}, status=status)
    return retarget(reswap(response, "innerHTML"), "#dialog")


def stale(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    """Somebody else was faster: both versions, and the choice between them (409)."""
    board = conflict.board
    if not htmx_of(request):
        return board_page(request, board, conflict.shot, conflict=conflict, status=409)
    context = {"conflict": conflict, "project": board.project, "swapped": True}
    return render(request, "storyboards/conflict.html", context, status=409)


def board_address(project: Project, shot: int | None = None, shots: Sequence[int] = ()) -> str:
    """The board's address, with a shot in its inspector, or several."""
    address = reverse("storyboards:board", args=[project.pk])
    if shot or not shots:
        return f"{address}?shot={shot}" if shot else address
    return f"{address}?shots={','.join(map(str, shots))}"


def selected_on_page(request: HttpRequest) -> int | None:
    """The pk of the shot in the inspector of the page that htmx posts from."""
    query = parse_qs(urlsplit(htmx_of(request).current_url or "").query)
    return read_number({"shot": query.get("shot", [""])[-1]}, "shot") or None
