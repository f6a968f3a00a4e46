"""The takes of a project and the state of a take: pages, fragments, and what one can do there."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget, trigger_client_event

from studio.accounts.access import can, fetch, is_allowed, role_on, signed_in
from studio.lib.requests import htmx_of
from studio.renders import resolution, submission
from studio.renders.collecting import collector
from studio.renders.costs import settling
from studio.renders.lifecycle import MOVING, IllegalTransition, Status
from studio.renders.models import Take
from studio.renders.outcomes import standing_now, standings_of
from studio.renders.payloads import Damaged
from studio.renders.readiness import readiness_of
from studio.renders.resolution import NotResolved
from studio.renders.support.documented import documented_error
from studio.renders.wording import advice_on, pulse_s
from studio.storyboards.access import project_for
from studio.storyboards.models import Project

TAKES_IN_FRAGMENT, TAKES_ON_PAGE = 3, 50
EVENTS_SHOWN = 50
_LISTED = ("payload", "error_body")
# All that a pulse needs of a take: asked for every second by each page that is open.
_SEEN = ("last_event", "changes")


@never_cache
@require_safe
def show_panel(request: HttpRequest, project_pk: int) -> HttpResponse:
    """The takes of a project with the Render button; with `since`, only what has changed."""
    if "since" not in request.GET:
        return panel(request, project_for(request, project_pk, can.VIEW))
    pulse = pulse_for(request, project_pk)
    if request.GET["since"] == pulse:
        return HttpResponse(status=204)
    project = project_for(request, project_pk, can.VIEW)
    context = _listed(request, project, pulse)
    response = render(request, "renders/panel.html#takes-list", context)
    if _status_moved(request.GET["since"], pulse):
        return trigger_client_event(response, "takeChanged")
    return response


@never_cache
@require_safe
def show_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of a take; 204 while it is what `since` has seen.

    Progress alone brings the pulsing part alone, so that an open drawer and typed text stay.
    """
    since = request.GET.get("since", "")
    if since and since == fetch(request, Take.objects.only(*_SEEN), can.VIEW, pk=pk).pulse:
        return HttpResponse(status=204)
    take = take_for(request, pk, can.VIEW)
    if _status_moved(since, take.pulse):
        if not since:
            return _status(request, take, is_news=False)
        response = _status(request, take)
        response = reswap(retarget(response, f"#take-status-{take.pk}"), "outerHTML")
        return trigger_client_event(response, "takeChanged")
    return _status(request, take, partial="take-state")


@require_POST
def cancel_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a take that was not sent yet."""
    take = take_for(request, pk, can.RENDER)
    try:
        submission.cancel(take, signed_in(request))
    except IllegalTransition:
        says = "It was too late to cancel: the take is no longer waiting to be sent."
        return _status(request, take_for(request, pk, can.RENDER), problem=says, status=409)
    return _done(request, take)


@require_POST
def collect_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch the files of a finished render once more. Renders nothing, costs nothing."""
    take = take_for(request, pk, can.RENDER)
    try:
        collector.collect_again(take, signed_in(request))
    except IllegalTransition as moved:
        return _moved(request, pk, can.RENDER, moved)
    return _done(request, take)


@require_POST
def ask_meter_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have Transend's meter asked once more what a take has cost. Costs nothing."""
    take = take_for(request, pk, can.RESOLVE)
    try:
        settling.ask_again(take, signed_in(request))
    except settling.NotAsked as refused:
        return _status(request, take, problem=str(refused), status=409)
    says = f"Transend's meter is asked again what take {take.number} has cost."
    response = _done(request, take)
    return trigger_client_event(response, "deskAnswered", {"says": says, "mood": "done"})


@require_POST
def resolve_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a take whose outcome is unknown."""
    take = take_for(request, pk, can.RESOLVE)
    actor, typed = signed_in(request), request.POST.get("task_id", "")[:200]
    try:
        if request.POST.get("attempt", str(take.attempts)) != str(take.attempts):
            raise NotResolved("It was sent again since you looked. See how it is now, then decide.")
        match request.POST.get("decision"):
            case "task_id":
                resolution.confirm_task_id(take, typed, actor)
            case "not_created":
                resolution.not_created(take, actor)
            case "send_again" if request.POST.get("agreed"):
                resolution.send_again(take, actor, price_seen=request.POST.get("price_seen"))
            case "send_again":
                raise NotResolved("Tick “I know it may cost twice” first, then send it again.")
            case _:
                raise NotResolved("Choose one of the three ways to settle this take.")
    except NotResolved as refused:
        return _status(request, take, problem=str(refused), typed=typed, status=422)
    except IllegalTransition as moved:
        return _moved(request, pk, can.RESOLVE, moved)
    return _done(request, take)


def take_for(request: HttpRequest, pk: int, action: can) -> Take:
    """The take with its workspace, project and `revision_number`; raises as `fetch` does."""
    takes = Take.objects.select_related("workspace", "project", "created_by")
    return fetch(request, takes.annotate(revision_number=F("revision__number")), action, pk=pk)


def panel(request: HttpRequest, project: Project) -> HttpResponse:
    """The takes of a project with the Render button: a page, or the fragment beside the board."""
    context = _listed(request, project, _pulse_of(project)) | {
        "readiness": readiness_of(project),
        "may_render": is_allowed(role_on(project), can.RENDER),
    }
    template = "renders/panel.html#takes-panel" if htmx_of(request) else "renders/panel.html"
    return render(request, template, context)


def _listed(request: HttpRequest, project: Project, pulse: str) -> dict[str, Any]:
    takes: QuerySet[Take] = project.takes.select_related("created_by").defer(*_LISTED)
    takes = takes.annotate(revision_number=F("revision__number"))
    page = _page_of(request, takes)
    rows = list(takes[: TAKES_IN_FRAGMENT + 1] if page is None else page)
    shown = rows[:TAKES_IN_FRAGMENT] if page is None else rows
    statuses = {take.status for take in rows}
    return {
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "section": "projects",
        "rows": list(zip(shown, standings_of(shown), strict=True)),
        "page": page,
        "has_more": len(rows) > len(shown),
        "pulse": pulse,
        "pulse_s": 1 if statuses & MOVING else 5,
    }


def _page_of(request: HttpRequest, takes: QuerySet[Take]) -> "Page[Take] | None":
    """The page of all takes that is looked at; None for the short list beside the board."""
    if htmx_of(request) and "page" not in request.GET:
        return None
    return Paginator(takes, TAKES_ON_PAGE).get_page(request.GET.get("page"))


def pulse_for(request: HttpRequest, project_pk: int) -> str:
    """The pulse of a project's takes, authorised in the one query; raises as `fetch` does."""
    rows = Project.objects.only("pk").annotate(
        events=Sum("takes__last_event"), changes=Sum("takes__changes")
    )
    return _pulse(fetch(request, rows, can.VIEW, pk=project_pk).__dict__)


def _pulse_of(project: Project) -> str:
    return _pulse(project.takes.aggregate(events=Sum("last_event"), changes=Sum("changes")))


def _pulse(seen: dict[str, Any]) -> str:
    """As `Take.pulse`, for all takes of a project: both numbers only ever grow."""
    return f"{seen['events'] or 0}-{seen['changes'] or 0}"


def state_of(
    request: HttpRequest, take: Take, *, problem: str = "", typed: str = ""
) -> dict[str, Any]:
    """What the state of a take shows, and its drawer: what happened, and what was tried."""
    is_unsettled = take.status == Status.UNCERTAIN and is_allowed(role_on(take), can.RESOLVE)
    newest = list(take.events.select_related("actor").order_by("-number")[: EVENTS_SHOWN + 1])
    return {
        "take": take,
        "project": take.project,
        "workspace": take.workspace,
        "role": role_on(take),
        "section": "projects",
        "standing": standing_now(take),
        "advice": advice_on(take),
        "pulse_s": pulse_s(take),
        "events": newest[EVENTS_SHOWN - 1 :: -1],
        "has_earlier_events": len(newest) > EVENTS_SHOWN,
        "exchanges": take.exchanges.all(),
        "documented": documented_error(take),
        "may_ask_meter": settling.may_be_asked_again(take),
        "problem": problem,
        "typed": typed,
        **(_sending_again(take) if is_unsettled else {}),
    }


def _sending_again(take: Take) -> dict[str, Any]:
    """What it costs, or why it cannot be done."""
    try:
        return {"price_again": resolution.price_of_sending_again(take)}
    except Damaged:
        return {"not_again": resolution.DAMAGED}


def _status(
    request: HttpRequest,
    take: Take,
    *,
    problem: str = "",
    typed: str = "",
    status: int = 200,
    partial: str = "take-status",
    is_news: bool = True,
) -> HttpResponse:
    context = state_of(request, take, problem=problem, typed=typed)
    context["is_news"] = is_news and htmx_of(request)
    template = f"renders/status.html#{partial}" if htmx_of(request) else "renders/status.html"
    return render(request, template, context, status=status)


def _moved(request: HttpRequest, pk: int, action: can, moved: IllegalTransition) -> HttpResponse:
    """Somebody, or the studio itself, was faster: show how the take is now."""
    says = f"That was not done: the take is no longer “{moved.came_from.label}”."
    return _status(request, take_for(request, pk, action), problem=says, status=409)


def _done(request: HttpRequest, take: Take) -> HttpResponse:
    if not htmx_of(request):
        return redirect("reviews:take", take.pk)
    fresh = take_for(request, take.pk, can.VIEW)
    return trigger_client_event(_status(request, fresh), "takeChanged")


def _status_moved(since: str, pulse: str) -> bool:
    """Whether more than progress has changed: that concerns the rest of the page too."""
    return since.partition("-")[0] != pulse.partition("-")[0]
