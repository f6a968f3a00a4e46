"""What is answered about decisions on a take: to a member or a guest who was let in before.

Without htmx a form is answered with the whole take: `page(request, reviewer, status=…, **context)`
is the caller's, for members and guests have different frames. With htmx the panel comes back, and
beside it, out of band, what else shows the decision; the player plays on.
"""

import re
from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import reswap, retarget, trigger_client_event

from studio.accounts.models import User
from studio.lib.requests import htmx_of
from studio.renders.models import Take
from studio.reviews.context import of_review
from studio.reviews.deciding import panel, releases
from studio.reviews.deciding.decisions import (
    CannotDecide,
    SealChanged,
    Verdict,
    decide,
    take_back,
)
from studio.reviews.deciding.standing import Standing, standing_of
from studio.reviews.models import Decision, Guest
from studio.reviews.reviewing import Reviewer
from studio.vault.integrity import seems_intact

_DECIDED = (Verdict.APPROVED.value, Verdict.CHANGES_REQUESTED.value)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Page(Protocol):
    """Renders the whole take; with htmx, its room."""

    def __call__(
        self, request: HttpRequest, reviewer: Reviewer, *, status: int = 200, **more: Any
    ) -> HttpResponse: ...


def show(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """The panel, when `since` is not all there is; 204 else. Without htmx, the take's page."""
    if not htmx_of(request):
        return redirect(reviewer.address("take"))
    finding = releases.checked(reviewer.take, seems_intact)
    if request.GET.get("since") == panel.pulse_of(finding):
        return HttpResponse(status=204)
    response = _panel(request, reviewer, since=request.GET.get("since", ""))
    return trigger_client_event(response, "decisionChanged", {})


def answer(request: HttpRequest, reviewer: Reviewer, page: Page) -> HttpResponse:
    """Approve, or ask for changes. 422 with the sentence to correct, 409 if the take changed."""
    person = _decider(reviewer)
    verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    if verdict not in _DECIDED:
        return _refused(request, reviewer, page, "Choose one of the two buttons.", note=note)
    try:
        decision = decide(reviewer.take, verdict, person, note, seen=request.POST.get("seal", ""))
    except SealChanged as changed:
        # The person has to see all of the take anew, not its panel alone.
        response = page(request, reviewer, status=409, note=note, problem=str(changed))
        return retarget(reswap(response, "outerHTML"), "#take-room")
    except CannotDecide as cannot:
        return _refused(request, reviewer, page, str(cannot), note=note)
    return done(request, reviewer, _says(decision, standing_of(reviewer.take), reviewer))


def withdraw_word(request: HttpRequest, reviewer: Reviewer, page: Page) -> HttpResponse:
    """Take back what the person said themselves."""
    person = _decider(reviewer)
    try:
        take_back(reviewer.take, person)
    except CannotDecide as cannot:
        return _refused(request, reviewer, page, str(cannot), status=409)
    return done(request, reviewer, "Withdrawn. Your former word counts no more.")


def change_release(
    request: HttpRequest,
    reviewer: Reviewer,
    page: Page,
    act: Callable[[Take, User], object],
    says: str,
) -> HttpResponse:
    """Release or lock the film by a member's hand; 409 with the sentence where it cannot be."""
    if reviewer.user is None:
        raise PermissionDenied("Only members of the studio release films.")
    try:
        act(reviewer.take, reviewer.user)
    except releases.CannotRelease as cannot:
        return _refused(request, reviewer, page, str(cannot), status=409)
    return done(request, reviewer, says)


def done(request: HttpRequest, reviewer: Reviewer, says: str) -> HttpResponse:
    """It worked: the panel with a toast, or back to the take's page with a message."""
    if not htmx_of(request):
        messages.success(request, says)
        return redirect(reviewer.address("take"))
    response = _panel(request, reviewer, since=request.POST.get("since", ""))
    return trigger_client_event(response, "decisionChanged", {"says": says})


def _refused(
    request: HttpRequest,
    reviewer: Reviewer,
    page: Page,
    problem: str,
    *,
    note: str = "",
    status: int = 422,
) -> HttpResponse:
    if not htmx_of(request):
        return page(request, reviewer, status=status, note=note, problem=problem)
    since = request.POST.get("since", "")
    return _panel(request, reviewer, since=since, status=status, note=note, problem=problem)


def _panel(
    request: HttpRequest, reviewer: Reviewer, *, since: str, status: int = 200, **more: Any
) -> HttpResponse:
    """The panel; with the film where that is not as whoever asks has it: `since` tells."""
    typed = request.POST or request.GET
    reviewer.take.refresh_from_db(fields=["status", "deletion_due_at", "files_deleted_at"])
    # What the person saw stays what they decide on, whatever the vault holds by now.
    seen = typed.get("seal", "")
    context = of_review(reviewer, seen=seen if _DIGEST.fullmatch(seen) else "", **more)
    film = panel.film_of(context["room"].finding)
    context["film_changed"] = since.rpartition("-")[2] != film
    response = render(request, "reviews/deciding/answer.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _decider(reviewer: Reviewer) -> User | Guest:
    person = reviewer.guest or reviewer.user
    if person is None or not reviewer.can_decide:
        raise PermissionDenied("You may look at this take, but not decide on it.")
    return person


def _says(decision: Decision, standing: Standing, reviewer: Reviewer) -> str:
    if not decision.counts:
        return "Thank you. The team sees it." if reviewer.is_guest else "Noted as advice."
    if not decision.is_approval:
        return "Changes requested."
    if reviewer.is_guest:
        return "Approved. Thank you."
    if standing.release:
        return "Approved and released."
    return f"Approved: {standing.progress}." if standing.missing else "Approved."
