"""What the board's templates are given: for a page, for a grid, for what one edit changed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from studio.accounts.access import can, is_allowed, role_on
from studio.pictures.looks import LOOKS
from studio.storyboards import selection, soundtracks
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
from studio.storyboards.flagged import Flagged
from studio.storyboards.models import Transition
from studio.storyboards.presets import presets_of, title_of
from studio.storyboards.typed import Typed

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
    "subject_x": "subject",
    "subject_y": "subject",
    "brief": "brief",
    "weaves_transitions": "sending",
    "soundtrack": "sound",
    "audio": "sending",
    "timing": "sending",
}


def of_board(
    request: HttpRequest, board: Board, selected: int | None, **more: Any
) -> dict[str, Any]:
    """All that the page and the inspector show."""
    context = of_cards(request, board, selected, more.get("typed"))
    return context | _presets(board, context["selected"]) | more


def _presets(board: Board, selected: Card | None) -> dict[str, Any]:
    presets = list(presets_of(board.project.workspace))
    motion = (selected.shot.motion if selected else "") or board.project.motion
    return {
        "presets": presets,
        "preset": standing_of(motion, presets),
        "project_motion": title_of(board.project.motion),
    }


def of_cards(
    request: HttpRequest, board: Board, selected: int | None, typed: Typed | None = None
) -> dict[str, Any]:
    """All that a page or a whole grid shows, but for the camera presets."""
    context = frame(request, board, selected)
    shot = board.shot(selected)
    cards = cards_of(board, typed, selected if typed else None)
    picked = selection.shots_on_page(request)
    return context | {
        "light_styles": tuple(LOOKS),
        "cards": cards,
        "selected": next((card for card in cards if card.shot.pk == selected), None),
        "many": None if shot else selection.many_of(cards, picked, typed),
        "project_inputs": inputs_of(board.project, None if shot else typed),
    }


def frame(request: HttpRequest, board: Board, selected: int | None) -> dict[str, Any]:
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
        "soundtrack": partial(soundtracks.soundtrack_of, project, board.budget.total_ms),
        "transitions": Transition.choices,
        "at": reverse("storyboards:board", args=[project.pk]),
        "root": reverse("storyboards:projects"),
        "selected_pk": selected if shot else None,
        "flags": Flagged(board, selected if shot else None),
        "view": selection.view_of(request),
        "timeline": Timeline(board.budget),
        "verdict": Verdict(board.budget),
    }


def of_change(
    request: HttpRequest, board: Board, inspected: int | None, shot: int | None
) -> dict[str, Any]:
    """What an edit of a shot's or the project's fields, or a move, changes on the page: however
    many shots there are, it is as much."""
    posted = request.POST
    if shot in selection.shots_on_page(request):
        context = of_board(request, board, inspected)
        context["shows_fields"] = True
    else:
        context = frame(request, board, inspected)
        context["selected"] = card_of(board, inspected)
        context |= _parts(board, context["selected"], posted) if shot == inspected else {}
    lasts = "duration" in posted
    crossing = crossing_card(board) if lasts else None
    return context | {
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
