"""Two takes of a project beside each other: the page, its two live parts, and trying again."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import can, role_on
from studio.lib.requests import htmx_of
from studio.renders.models import Take
from studio.reviews import work
from studio.reviews.comparing.page import Compared, choices_of, chosen, compared
from studio.reviews.playing import films
from studio.storyboards.access import project_for
from studio.storyboards.models import Project

_PAGE = "reviews/comparing/compare.html"
_STAGE, _FINDINGS = "reviews/comparing/stage.html", "reviews/comparing/findings.html"


@never_cache
@require_safe
def show_comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """The two takes that the query names, or the newest two."""
    project = project_for(request, pk, can.VIEW)
    takes = choices_of(project)
    context = {
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "takes": takes,
        "compared": _chosen(request, project, takes),
    }
    return render(request, _PAGE, context)


@never_cache
@require_safe
def show_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """The films, as soon as they are drawn; 204 while nothing changed."""
    project = project_for(request, pk, can.VIEW)
    return _part(request, project, _STAGE, "films_state")


@never_cache
@require_safe
def show_findings(request: HttpRequest, pk: int) -> HttpResponse:
    """What looks different, as soon as it is measured; 204 while nothing changed."""
    project = project_for(request, pk, can.VIEW)
    return _part(request, project, _FINDINGS, "state")


@require_POST
def compare_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have what failed done once more: the comparison, and the films."""
    project = project_for(request, pk, can.VIEW)
    found = _chosen(request, project)
    if found is not None:
        if found.comparison is not None and found.has_failed:
            work.order_again(found.comparison)
        for side in found.sides:
            if side.player is not None:
                films.retry(side.player.row)
    if not htmx_of(request) or found is None:
        return redirect(f"{request.path.removesuffix('again/')}?{request.GET.urlencode()}")
    return render(request, _FINDINGS, {"project": project, "compared": found})


def _chosen(
    request: HttpRequest, project: Project, takes: Sequence[Take] | None = None
) -> Compared | None:
    """Raises Http404 for takes of elsewhere."""
    former, later = request.GET.get("former", ""), request.GET.get("later", "")
    pair = chosen(project, choices_of(project) if takes is None else takes, former, later)
    return compared(project, *pair, role_on(project)) if pair else None


def _part(request: HttpRequest, project: Project, template: str, state: str) -> HttpResponse:
    found = _chosen(request, project)
    if found is None or request.GET.get("since") == getattr(found, state):
        return HttpResponse(status=204)
    return render(request, template, {"project": project, "compared": found})
