"""The page of a take: watch it, decide on it, and fetch the film once it is released."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from studio.accounts.access import can, role_on, signed_in
from studio.accounts.models import User
from studio.lib.requests import htmx_of
from studio.renders.models import Take
from studio.renders.wording import standing_of
from studio.reviews.context import of_review
from studio.reviews.deciding.decisions import CannotDecide, SealChanged, Verdict, decide
from studio.reviews.deciding.releases import CannotRelease, release, withdraw
from studio.reviews.reviewing import Reviewer, take_for


@require_safe
def show_take(request: HttpRequest, pk: int) -> HttpResponse:
    """The take's page; for htmx the part of it that changes."""
    take = take_for(request, pk, can.VIEW)
    return _show(request, take)


@require_POST
def decide_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or ask for changes. 422 with the sentence to correct, 409 if the take changed."""
    take = take_for(request, pk, can.DECIDE)
    verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    if verdict not in Verdict.values:
        return _show(request, take, status=422, note=note, problem="Choose one of the two buttons.")
    try:
        decide(take, verdict, signed_in(request), note, seen=request.POST.get("seal", ""))
    except SealChanged as changed:
        return _show(request, take, status=409, note=note, problem=str(changed))
    except CannotDecide as cannot:
        return _show(request, take, status=422, note=note, problem=str(cannot))
    approved = verdict == Verdict.APPROVED
    return _done(request, take, "Approved and released." if approved else "Changes requested.")


@require_POST
def release_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an approved film again after its release was withdrawn."""
    return _with_release(request, pk, release, "Released. The film can be watched and downloaded.")


@require_POST
def withdraw_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock the film again, from the next request on."""
    return _with_release(request, pk, withdraw, "Release withdrawn. The film is locked again.")


def answer_about(
    request: HttpRequest, pk: int, *, says: str = "", problem: str = ""
) -> HttpResponse:
    """The take's page as it is after something was done to it, or why it was not (409).

    The caller has authorised the request.
    """
    take = take_for(request, pk, can.VIEW)
    if problem:
        return _show(request, take, status=409, problem=problem)
    return _done(request, take, says)


def _with_release(
    request: HttpRequest, pk: int, act: Callable[[Take, User], object], says: str
) -> HttpResponse:
    take = take_for(request, pk, can.RELEASE)
    try:
        act(take, signed_in(request))
    except CannotRelease as cannot:
        return _show(request, take, status=409, problem=str(cannot))
    return _done(request, take, says)


def _show(
    request: HttpRequest, take: Take, *, status: int = 200, note: str = "", problem: str = ""
) -> HttpResponse:
    htmx = htmx_of(request)
    is_fragment = htmx and not htmx.history_restore_request
    template = "reviews/take.html#take-room" if is_fragment else "reviews/take.html"
    reviewer = Reviewer(take, user=signed_in(request), role=role_on(take))
    context = of_review(reviewer, standing=standing_of(take), note=note, problem=problem)
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _done(request: HttpRequest, take: Take, says: str) -> HttpResponse:
    if not htmx_of(request):
        messages.success(request, says)
        return redirect("reviews:take", pk=take.pk)
    response = _show(request, take)
    return trigger_client_event(response, "decisionChanged", {"says": says})
