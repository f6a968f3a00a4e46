"""The time tools: fitting a film to a length, and tap timing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from studio.accounts.access import can, role_on
from studio.accounts.models import User
from studio.storyboards import fitting, tapping, timing
from studio.storyboards.access import project_for
from studio.storyboards.animatics.standing import current_video
from studio.storyboards.boards import board_of
from studio.storyboards.cards import cards_of
from studio.storyboards.edits import pacing
from studio.storyboards.edits.revising import EditRefused
from studio.storyboards.models import Project, Shot
from studio.storyboards.views.making import Made, ask, make

LENGTHS_S = (15, 30, 45, 60)
DIALOG = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Row:
    """One shot before and after, in ms. `says` is what there is to know of it."""

    number: int
    shot: Shot
    after_ms: int
    says: str = ""

    @property
    def before(self) -> str:
        return timing.in_words(self.shot.duration_ms)

    @property
    def after(self) -> str:
        return timing.in_words(self.after_ms)

    @property
    def is_changed(self) -> bool:
        return self.after_ms != self.shot.duration_ms


@require_http_methods(DIALOG)
def fit_length(request: HttpRequest, pk: int) -> HttpResponse:
    """Fit to length: the dialog with its preview; posted, the new durations: one revision."""
    project = project_for(request, pk, can.EDIT)
    if request.method != "POST":
        return _ask_length(request, project)

    def edit(base: int, author: User) -> Made:
        try:
            total_ms = _total_in(request.POST.get("total", ""))
        except timing.BadDuration as bad:
            raise EditRefused(str(bad)) from None
        board = pacing.fit_to(project, base, author, total_ms)
        return Made(board, f"The film lasts {timing.in_words(total_ms)}.")

    return make(request, project, edit, lambda says: _ask_length(request, project, says))


@require_safe
def preview_fit(request: HttpRequest, pk: int) -> HttpResponse:
    """Every shot before and after, while a length is typed."""
    project = project_for(request, pk, can.EDIT)
    context = _fitted(board_of(project).shots, request.GET.get("total", ""))
    return render(request, "storyboards/fit_preview.html", context)


def _ask_length(request: HttpRequest, project: Project, error: str = "") -> HttpResponse:
    shots = board_of(project).shots
    total_ms = sum(shot.duration_ms for shot in shots)
    nearest = min(LENGTHS_S, key=lambda seconds: abs(seconds * 1000 - total_ms))
    asked = request.POST if error else request.GET
    typed = asked.get("total", str(nearest))
    context = _fitted(shots, typed) | {"typed": typed, "lengths": LENGTHS_S}
    if error and not context["refusal"]:
        context["refusal"] = error
    return ask(request, project, "storyboards/fit_length.html", context, error)


def _fitted(shots: list[Shot], typed: str) -> dict[str, Any]:
    """The preview of a length as it is typed, or why there is none."""
    locked = [shot.is_locked for shot in shots]
    try:
        total_ms = _total_in(typed)
        lengths = fitting.fit([shot.duration_ms for shot in shots], locked, total_ms)
    except (timing.BadDuration, fitting.CannotFit) as refused:
        return {"refusal": str(refused)}
    says = {number: "Locked" for number, is_locked in enumerate(locked, 1) if is_locked}
    return _compared(shots, lengths, says)


def _total_in(typed: str) -> int:
    """The film's length in ms. Raises `BadDuration`."""
    total_ms = timing.parse_duration(typed)
    if not timing.MIN_TOTAL_MS <= total_ms <= timing.MAX_TOTAL_MS:
        raise timing.BadDuration("A film lasts 15 to 60 s. Type a length between them.")
    return total_ms


@require_http_methods(DIALOG)
def tap_timing(request: HttpRequest, pk: int) -> HttpResponse:
    """Tap timing: the page that plays the board; with `?taps=` also what they make of it; posted,
    the new durations: one revision."""
    project = project_for(request, pk, can.EDIT)
    if request.method != "POST":
        return _tapping(request, project, request.GET.get("taps", ""))

    def edit(base: int, author: User) -> Made:
        try:
            taps_ms = tapping.read_taps(request.POST.get("taps", ""))
        except tapping.BadTaps as bad:
            raise EditRefused(str(bad)) from None
        return Made(pacing.time_by_taps(project, base, author, taps_ms), "The shots are timed.")

    return make(
        request, project, edit, lambda _: _tapping(request, project, request.POST.get("taps", ""))
    )


def _tapping(request: HttpRequest, project: Project, taps: str) -> HttpResponse:
    board = board_of(project)
    is_asked = taps.strip() or request.method == "POST"
    found = _tapped(board.shots, taps) if is_asked else {}
    context = {
        "section": "projects",
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "cards": cards_of(board),
        "budget": board.budget,
        "taps": taps,
        "film": current_video(project, board.shots),
        **found,
    }
    status = 422 if "refusal" in found else 200
    return render(request, "storyboards/tap_timing.html", context, status=status)


def _tapped(shots: list[Shot], taps: str) -> dict[str, Any]:
    try:
        moments = tapping.read_taps(taps)
        found = tapping.tapped(
            [shot.duration_ms for shot in shots], [shot.is_locked for shot in shots], moments
        )
    except tapping.BadTaps as bad:
        return {"refusal": str(bad)}
    says = {number: "Locked" for number, shot in enumerate(shots, 1) if shot.is_locked}
    says |= {place + 1: "Tapped shorter, kept at 0.5 s" for place in found.clamped}
    says |= {place + 1: "Not reached, keeps its length" for place in found.unreached}
    return _compared(shots, found.durations_ms, says)


def _compared(shots: list[Shot], after_ms: Sequence[int], says: dict[int, str]) -> dict[str, Any]:
    rows = [
        Row(number, shot, ms, says.get(number, ""))
        for number, (shot, ms) in enumerate(zip(shots, after_ms, strict=True), 1)
    ]
    total = timing.Budget.of([row.after_ms for row in rows])
    return {
        "rows": rows,
        "before": timing.in_words(sum(shot.duration_ms for shot in shots)),
        "after": timing.in_words(total.total_ms),
        "changed": sum(row.is_changed for row in rows),
        "verdict": total.says,
    }
