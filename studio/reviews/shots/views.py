"""Marking shots, learning what others mark, and starting the next revision from the fixes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from studio.accounts.access import can, signed_in
from studio.lib.requests import htmx_of
from studio.reviews.reviewing import Reviewer, member_for
from studio.reviews.shots import fixes, verdicts
from studio.reviews.shots.panel import Refusal, Row, ShotsPanel
from studio.reviews.views.takes import page
from studio.storyboards.answers import board_address, dialog
from studio.storyboards.edits.revising import Archived
from studio.storyboards.typed import read_number


@require_POST
def mark_shot(request: HttpRequest, pk: int) -> HttpResponse:
    """Fine, fix, or taken back. 422 with the sentence to correct, 409 when somebody else judged
    the shot meanwhile; what was typed stays."""
    reviewer = member_for(request, pk, can.MARK_SHOTS)
    scene_id, says = request.POST.get("shot", ""), request.POST.get("says", "")
    seen = read_number(request.POST, "seen") if "seen" in request.POST else None
    verdict = request.POST.get("verdict", "")
    try:
        verdicts.give(reviewer, scene_id, verdict, says, seen=seen)
    except verdicts.NoSuchShot as nothing:
        raise Http404("This take has no such shot. Reload the page.") from nothing
    except verdicts.CannotMark as cannot:
        status = 409 if isinstance(cannot, verdicts.Overtaken) else 422
        return _refused(request, reviewer, Refusal(scene_id, says, str(cannot)), status)
    return _marked(request, reviewer, scene_id)


@never_cache
@require_GET
def show_shots(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of the shots since the page had the pulse `since`; 204 for nothing."""
    reviewer = member_for(request, pk, can.VIEW)
    panel, since = ShotsPanel(reviewer), request.GET.get("since", "")
    if since == panel.pulse:
        return HttpResponse(status=204)
    context = {"reviewer": reviewer, "shots": panel, "rows": panel.since(since)}
    return render(request, "reviews/shots/news.html", context)


@require_POST
def start_revision(request: HttpRequest, pk: int) -> HttpResponse:
    """Flag the shots to be fixed and open the board; asks first, when the board has moved on."""
    reviewer = member_for(request, pk, can.EDIT)
    if reviewer.take.project.archived_at is not None:
        raise Archived
    plan = fixes.plan_of(reviewer)
    is_confirmed = request.POST.get("confirmed") == plan.digest
    if not plan.fixes or (plan.asks and not is_confirmed):
        context = {
            "reviewer": reviewer,
            "plan": plan,
            "take": plan.take,
            "project": plan.take.project,
            "at": reverse("reviews:start-fixes", args=[pk]),
        }
        status = 200 if plan.fixes else 422
        return dialog(request, "reviews/shots/start.html", context, status=status)
    fixes.start(plan, signed_in(request), keep_others="keep" in request.POST)
    return redirect(board_address(plan.take.project, plan.first))


def _marked(request: HttpRequest, reviewer: Reviewer, scene_id: str) -> HttpResponse:
    panel = ShotsPanel(reviewer)
    row = panel.row(scene_id)
    if not htmx_of(request):
        return redirect(f"{reviewer.address('take')}#shot-{row.shot.number}")
    response = _row(request, panel, row)
    return trigger_client_event(response, "verdictsChanged", {})


def _refused(
    request: HttpRequest, reviewer: Reviewer, refusal: Refusal, status: int
) -> HttpResponse:
    panel = ShotsPanel(reviewer, refusal)
    if not htmx_of(request):
        return page(request, reviewer, status=status, shots=panel)
    return _row(request, panel, panel.row(refusal.scene_id), status)


def _row(request: HttpRequest, panel: ShotsPanel, row: Row, status: int = 200) -> HttpResponse:
    context = {"reviewer": panel.reviewer, "shots": panel, "row": row}
    return render(request, "reviews/shots/marked.html", context, status=status)
