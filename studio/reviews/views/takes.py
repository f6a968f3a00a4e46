"""The page of a take: watch it, decide on it, and fetch the film once it is released."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_htmx.http import reselect, retarget, trigger_client_event

from studio.accounts.access import can
from studio.lib.requests import htmx_of
from studio.renders.outcomes import standing_now
from studio.reviews.context import of_review
from studio.reviews.playing.released import released_in
from studio.reviews.reviewing import Reviewer, member_for


@require_safe
def show_take(request: HttpRequest, pk: int) -> HttpResponse:
    """The take's page; for htmx the part of it that changes."""
    reviewer = member_for(request, pk, can.VIEW)
    return page(request, reviewer)


def page(
    request: HttpRequest, reviewer: Reviewer, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The take's page for a member, or its room where htmx asks; `more` goes into the context.

    While the film is open it is on the stage; `?shows=preview` puts the preview there.
    """
    htmx = htmx_of(request)
    is_fragment = htmx and not htmx.history_restore_request
    template = "reviews/take.html#take-room" if is_fragment else "reviews/take.html"
    context = of_review(reviewer, standing=standing_now(reviewer.take), **more)
    if request.GET.get("shows") != "preview":
        context["released"] = released_in(context["room"])
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def answer_about(
    request: HttpRequest, pk: int, *, says: str = "", problem: str = ""
) -> HttpResponse:
    """The take's page as it is after something was done to it, or why it was not (409)."""
    reviewer = member_for(request, pk, can.VIEW)
    if problem:
        refused = page(request, reviewer, status=409, problem=problem)
        return retarget(reselect(refused, "#take-room"), "#take-room")
    if not htmx_of(request):
        messages.success(request, says)
        return redirect("reviews:take", pk=pk)
    return trigger_client_event(page(request, reviewer), "decisionChanged", {"says": says})
