"""What the board answers: whole pages for plain forms, what changed for htmx.

An edit through htmx swaps by ids alone (`hx-swap-oob`); which pieces, is decided here.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget, trigger_client_event

from studio.accounts.access import signed_in
from studio.lib.htmx import say
from studio.lib.requests import htmx_of, page_query
from studio.storyboards import contexts, news, presence, selection
from studio.storyboards.boards import Board
from studio.storyboards.cards import cards_of, inputs_of
from studio.storyboards.conflicts import Conflict
from studio.storyboards.models import Presence, Project
from studio.storyboards.news import News
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
    context = contexts.of_board(
        request, board, selected, typed=typed, conflict=conflict, failure=failure
    )
    return render(request, PAGE, context, status=status)


def inspector(request: HttpRequest, board: Board, selected: int | None) -> HttpResponse:
    """The inspector alone, for htmx."""
    return render(
        request, "storyboards/inspector.html", contexts.of_board(request, board, selected)
    )


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
        context = contexts.of_board(request, board, inspected)
    elif pieces == "grid":
        context = contexts.of_cards(request, board, inspected)
    else:
        context = contexts.of_change(request, board, inspected, shot)
    context |= {"pieces": pieces, "says": says, "deleted": deleted, "added": select}
    response = render(request, SAVED, context)
    if select or (deleted and context["selected_pk"] is None):
        response["HX-Replace-Url"] = board_address(board.project, select)
    return trigger_client_event(response, "boardChanged", {"revision": board.project.revision})


def refused(
    request: HttpRequest, board: Board, typed: Typed, shot: int | None = None
) -> HttpResponse:
    """What was typed does not fit: each sentence at its field, nothing changed (422)."""
    if not htmx_of(request):
        return board_page(request, board, shot, typed=typed, status=422)
    inspected = selected_on_page(request)
    context = contexts.of_board(request, board, inspected)
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
    context = contexts.of_cards(request, board, selected_on_page(request)) | {"failure": says}
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
    response = reswap(response, "innerHTML")
    if request.method == "GET" and request.headers.get("HX-Target") == "dialog":
        # A new target is looked for from the element that asked, in vain if that was swapped since.
        return response
    return retarget(response, "#dialog")


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


def told(
    request: HttpRequest, found: News, others: Sequence[Presence], *, are_flags_new: bool
) -> HttpResponse:
    """The news for a window that shows an older board or other flags, and who else is here."""
    context = _news(request, found)
    context["flags_changed"] = are_flags_new or found.whole
    context |= {
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
    inspected = selected_on_page(request)
    if found.is_empty:
        return contexts.frame(request, found.board, inspected) | {"news": found}
    picked = selection.shots_on_page(request)
    context = contexts.of_board(request, found.board, inspected)
    shows_fields = found.concerns(inspected) or any(found.concerns(pk) for pk in picked)
    changed = [card for card in context["cards"] if card.shot.pk in found.cards]
    context |= {"news": found, "changed": changed, "shows_fields": shows_fields}
    # Shots that went or came back took their flags along.
    return context | {"flags_changed": found.whole}


def board_address(project: Project, shot: int | None = None, shots: Sequence[int] = ()) -> str:
    """The board's address, with a shot in its inspector, or several."""
    address = reverse("storyboards:board", args=[project.pk])
    if shot or not shots:
        return f"{address}?shot={shot}" if shot else address
    return f"{address}?shots={','.join(map(str, shots))}"


def selected_on_page(request: HttpRequest) -> int | None:
    """The pk of the shot in the inspector of the page that htmx posts from."""
    return read_number(page_query(request), "shot") or None
