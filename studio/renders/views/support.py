"""Giving a take up, before it arrives or when it cannot be fetched; its drawer and bundle."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from studio.accounts.access import can, role_on, signed_in
from studio.lib.requests import htmx_of
from studio.renders.collecting import giving_up
from studio.renders.desk import discarding
from studio.renders.desk.discarding import TooLate
from studio.renders.lifecycle import AT_VENDOR, IllegalTransition, Status
from studio.renders.models import Take
from studio.renders.support import bundle
from studio.renders.views.takes import state_of, take_for
from studio.renders.wording import standing_of
from studio.storyboards.answers import dialog


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def discard_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what discarding on arrival means; posting does it, or takes it back."""
    take = take_for(request, pk, can.RENDER)
    if request.method != "POST":
        return _asked(request, take)
    keeps = request.POST.get("decision") == "keep"
    try:
        (discarding.keep_after_all if keeps else discarding.discard)(take, signed_in(request))
    except TooLate as late:
        return _asked(request, take_for(request, pk, can.RENDER), problem=str(late), status=409)
    return _decided(request, take)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_up_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is lost when nobody fetches a finished render's files any more; posting does it."""
    take = take_for(request, pk, can.RESOLVE)
    if request.method != "POST":
        return _asked_to_give_up(request, take)
    try:
        giving_up.give_up(take, signed_in(request))
    except IllegalTransition:
        fresh = take_for(request, pk, can.RESOLVE)
        says = "Nothing was given up: the take has gone on meanwhile."
        return _asked_to_give_up(request, fresh, problem=says, status=409)
    return _decided(request, take)


@never_cache
@require_safe
def show_drawer(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened to a take, what the document says of it, and what can be done, as a dialog."""
    take = take_for(request, pk, can.VIEW)
    return dialog(request, "renders/desk/drawer.html", state_of(request, take) | {"is_open": True})


@never_cache
@require_safe
def send_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The support bundle, as a file to keep."""
    take = take_for(request, pk, can.RENDER)
    response = HttpResponse(bundle.bundle_of(take), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{bundle.name_of(take)}"'
    return response


def _decided(request: HttpRequest, take: Take) -> HttpResponse:
    if htmx_of(request):
        return trigger_client_event(HttpResponse(status=204), "takeDecided")
    messages.success(request, standing_of(take).says)
    return redirect("renders:status", take.pk)


def _asked(
    request: HttpRequest, take: Take, *, problem: str = "", status: int = 200
) -> HttpResponse:
    may_be = take.status in AT_VENDOR and take.discarded_at is None
    context = _about(take, problem) | {"may_be_discarded": may_be}
    return dialog(request, "renders/desk/discard.html", context, status=status)


def _asked_to_give_up(
    request: HttpRequest, take: Take, *, problem: str = "", status: int = 200
) -> HttpResponse:
    until = take.links_until
    context = _about(take, problem) | {
        "may_be_given_up": take.status == Status.UNCOLLECTED,
        "is_there_until": until if until and until > timezone.now() else None,
    }
    return dialog(request, "renders/desk/give_up.html", context, status=status)


def _about(take: Take, problem: str) -> dict[str, Any]:
    return {
        "take": take,
        "workspace": take.workspace,
        "role": role_on(take),
        "section": "desk",
        "standing": standing_of(take),
        "problem": problem,
    }
