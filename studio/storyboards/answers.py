"""What the board answers: whole pages for plain forms, what changed for htmx.

An edit through htmx swaps by ids alone (`hx-swap-oob`); which pieces, is decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget, trigger_client_event

from studio.accounts.access import can, is_allowed, role_on, signed_in
from studio.lib.htmx import say
from studio.lib.requests import htmx_of
from studio.storyboards import news, presence, selection
from studio.storyboards.boards import Board
from studio.storyboards.cards import (
    Card,
    Timeline,
    Verdict,
    card_of,
    cards_of,
    crossing_card,
    inputs_of,
    standing_of,
)
from studio.storyboards.conflicts import Conflict
from studio.storyboards.models import Presence, Project, Transition
from studio.storyboards.news import News
from studio.storyboards.presets import presets_of, title_of
from studio.storyboards.typed import Typed, read_number

PAGE = "storyboards/board.html"
SAVED = "storyboards/saved.html"
# Colour temperatures that people ask for by name, in kelvin.
KELVINS = ((2700, "Tungsten"), (4200, "Neutral"), (5600, "Daylight"), (7500, "Shade"))
# The part of the inspector in which each input stands: templates/storyboards/inspector/.
PARTS = {
    "prompt": "prompt",
    "duration": "duration",
    "motion": "camera",
    "speed": "camera",
    "light_temperature": "light",
    "light_intensity": "light",
    "light_style": "light",
    "transition": "transition",
    "transition_length": "transition",
    "notes": "notes",
    "locked": "lock",
    "reference": "reference",
    "brief": "brief",
    "weaves_transitions": "sending",
    "audio": "sending",
    "timing": "sending",
}
LIGHT_STYLES = (
    *("golden hour", "blue hour", "overcast", "moonlight", "rainy-night", "neon", "candlelight"),
    *("high-key", "low-key", "backlit", "silhouette", "soft window light", "volumetric"),
)


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
    return context | _presets(board, context["selected"]) | more


def _presets(board: Board, selected: Card | None) -> dict[str, Any]:
    presets = list(presets_of(board.project.workspace))
    motion = (selected.shot.motion if selected else "") or board.project.motion
    return {
        "presets": presets,
        "preset": standing_of(motion, presets),
        "project_motion": title_of(board.project.motion),
    }


def _context(
    request: HttpRequest, board: Board, selected: int | None, typed: Typed | None = None
) -> dict[str, Any]:
    """All that a page or a whole grid shows, but for the camera presets."""
    context = _frame(request, board, selected)
    shot = board.shot(selected)
    cards = cards_of(board, typed, selected if typed else None)
    picked = selection.shots_on_page(request)
    return context | {
        "light_styles": LIGHT_STYLES,
        "cards": cards,
        "selected": next((card for card in cards if card.shot.pk == selected), None),
        "many": None if shot else selection.many_of(cards, picked, typed),
        "project_inputs": inputs_of(board.project, None if shot else typed),
    }


def _frame(request: HttpRequest, board: Board, selected: int | None) -> dict[str, Any]:
    """What every answer shows: the state, the total, and where things are."""
    project = board.project
    role = role_on(project)
    may_edit = is_allowed(role, can.EDIT) and project.archived_at is None
    shot = board.shot(selected)
    return {
        "section": "projects",
        "board": board,
        "project": project,
        "workspace": project.workspace,
        "role": role,
        "picked": set(selection.shots_on_page(request)) or {selected},
        "may_edit": may_edit,
        "may_change": may_edit and not (shot and shot.is_locked),
        "kelvins": KELVINS,
        "transitions": Transition.choices,
        "at": board_address(project),
        "root": reverse("storyboards:projects"),
        "selected_pk": selected if shot else None,
        "view": selection.view_of(request),
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
    """An edit was saved. `pieces`: `card` swaps what the posted fields of `shot` change, `project`
    those of the project, `order` sends the order alone, `grid` all cards, and `all` the grid and
    the inspector; the state and the total always.

    `says` is read to screen readers; `deleted` offers to bring a shot back; `select` opens a shot
    in the inspector. A plain form is sent back to the board.
    """
    if not htmx_of(request):
        picked = selection.shots_on_page(request)
        return redirect(board_address(board.project, select or shot, picked))
    if "whole" in request.POST:
        pieces = "all"
    inspected = select or selected_on_page(request)
    if pieces == "all":
        context = board_context(request, board, inspected)
    elif pieces == "grid":
        context = _context(request, board, inspected)
    else:
        context = _changed(request, board, inspected, shot)
    context |= {"pieces": pieces, "says": says, "deleted": deleted, "added": select}
    response = render(request, SAVED, context)
    if select or (deleted and context["selected_pk"] is None):
        response["HX-Replace-Url"] = board_address(board.project, select)
    return trigger_client_event(response, "boardChanged", {"revision": board.project.revision})


def _changed(
    request: HttpRequest, board: Board, inspected: int | None, shot: int | None
) -> dict[str, Any]:
    """What an edit of a shot's or the project's fields, or a move, changes on the page: however
    many shots there are, it is as much."""
    posted = request.POST
    if shot in selection.shots_on_page(request):
        context = board_context(request, board, inspected)
        context["shows_fields"] = True
    else:
        context = _frame(request, board, inspected)
        context["selected"] = card_of(board, inspected)
        context |= _parts(board, context["selected"], posted) if shot == inspected else {}
    lasts = "duration" in posted
    crossing = crossing_card(board) if lasts else None
    return context | {
        "order": ",".join(str(shot.pk) for shot in board.shots),
        "card": card_of(board, shot, is_edited=lasts),
        "lasts": lasts,
        "crossing": crossing if crossing and crossing.shot.pk != shot else None,
    }


def _parts(board: Board, selected: Card | None, posted: Mapping[str, str]) -> dict[str, Any]:
    """The parts of the inspector that show what was posted."""
    parts = {PARTS[name] for name in posted if name in PARTS}
    project_inputs = inputs_of(board.project)
    context: dict[str, Any] = {
        "parts": parts,
        "part_id": selected.field_id if selected else "project",
        "part_inputs": selected.inputs if selected else project_inputs,
        "inherited": project_inputs.values if selected else None,
        "shows_fields": "lock" in parts,
        "project_inputs": project_inputs,
    }
    if "camera" in parts or "lock" in parts:
        context |= _presets(board, selected)
        context["inherited_title"] = context["project_motion"]
    return context


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
    """Somebody else was faster (409): the board as it is now, and, where it clashes, both versions
    and the choice between them. Where it does not, the page makes the edit again by itself."""
    board = conflict.board
    if not htmx_of(request):
        return board_page(request, board, conflict.shot, conflict=conflict, status=409)
    found = news.since(board, conflict.seen, signed_in(request))
    context = _news(request, found) | {"conflict": conflict if conflict.clashes else None}
    response = render(request, "storyboards/news.html", context, status=409)
    response["X-Clash"] = "yes" if conflict.clashes else "no"
    return say(response, "Somebody changed the board meanwhile. Look at it again, then repeat.")


def told(request: HttpRequest, found: News, others: Sequence[Presence]) -> HttpResponse:
    """The news for a window that shows an older board, and who else is here."""
    context = _news(request, found) | {
        "people": presence.people(
            others, signed_in(request), [shot.pk for shot in found.board.shots]
        ),
        "here": presence.fingerprint(others),
    }
    response = render(request, "storyboards/news.html", context)
    response["X-Revision"] = str(found.board.project.revision)
    if found.is_empty:
        return response
    return trigger_client_event(
        response, "boardChanged", {"revision": found.board.project.revision}
    )


def _news(request: HttpRequest, found: News) -> dict[str, Any]:
    if found.is_empty:
        return {"news": found, "project": found.board.project}
    inspected = selected_on_page(request)
    picked = selection.shots_on_page(request)
    context = board_context(request, found.board, inspected)
    shows_fields = found.concerns(inspected) or any(found.concerns(pk) for pk in picked)
    changed = [card for card in context["cards"] if card.shot.pk in found.cards]
    return context | {"news": found, "changed": changed, "shows_fields": shows_fields}


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
