"""The projects page: what there is, a new one, and one from a file."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.access import can, is_allowed, signed_in, visible, workspace_for
from studio.accounts.models import Membership
from studio.storyboards import rules
from studio.storyboards.cards import Verdict
from studio.storyboards.edits.revising import create_project
from studio.storyboards.exchange import strict_json, transend_json
from studio.storyboards.models import Project, Shot
from studio.storyboards.presets import motions_of
from studio.storyboards.timing import Budget

PROJECTS_ON_A_PAGE = 48


@dataclass(frozen=True)
class ProjectCard:
    """One project on the page."""

    project: Project
    shots: int
    first_shot: int | None
    verdict: Verdict


@require_GET
def list_projects(request: HttpRequest) -> HttpResponse:
    """All projects of the person's workspaces, the latest first."""
    projects = visible(request, Project.objects.all())
    return _page(request, projects)


@require_POST
def start_project(request: HttpRequest) -> HttpResponse:
    """A new, empty project."""
    workspace = workspace_for(request, request.POST.get("workspace", ""), can.EDIT)
    beside = visible(request, Project.objects.all())
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, check in (("title", rules.checked_title), ("brief", rules.checked_brief)):
        try:
            values[name] = check(request.POST.get(name, ""))
        except rules.BadField as bad:
            errors[name] = str(bad)
    if errors:
        return _page(request, beside, new=request.POST, errors=errors, status=422)
    project = create_project(workspace, signed_in(request), **values)
    return redirect("storyboards:board", project.pk)


@require_POST
def import_project(request: HttpRequest) -> HttpResponse:
    """A new project from a request body of the vendor's, as a file or pasted."""
    workspace = workspace_for(request, request.POST.get("workspace", ""), can.EDIT)
    beside = visible(request, Project.objects.all())
    upload, pasted = request.FILES.get("file"), request.POST.get("pasted", "")
    try:
        if upload and (upload.size or 0) > strict_json.MAX_BYTES:
            raise strict_json.Unreadable("The file is larger than 10 MB. Split it.")
        data = strict_json.read_json(upload.read() if upload else pasted.encode("utf-8", "replace"))
        board = transend_json.read_body(data, motions_of(workspace))
    except strict_json.Unreadable as unreadable:
        return _page(request, beside, pasted=pasted, problems=[("", str(unreadable))], status=422)
    except transend_json.Malformed as malformed:
        problems = [(problem.where, problem.says) for problem in malformed.problems]
        return _page(request, beside, pasted=pasted, problems=problems, status=422)
    title = PurePath(upload.name or "").stem if upload else ""
    project = transend_json.import_board(workspace, signed_in(request), title, board)
    for remark in board.remarks:
        messages.info(request, remark)
    return redirect("storyboards:board", project.pk)


def _page(
    request: HttpRequest, projects: QuerySet[Project], *, status: int = 200, **more: Any
) -> HttpResponse:
    memberships = list(
        Membership.objects.filter(user=signed_in(request))
        .select_related("workspace")
        .order_by("workspace__name")
    )
    makers = [row.workspace for row in memberships if is_allowed(row.role, can.EDIT)]
    first = memberships[0] if memberships else None
    page = Paginator(_counted(projects), PROJECTS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "projects",
        "page": page,
        "cards": [_card(project) for project in page],
        "memberships": memberships,
        "makers": makers,
        "workspace": first.workspace if first else None,
        "role": first.role if first else "",
    }
    return render(request, "storyboards/projects.html", context | more, status=status)


def _counted(projects: QuerySet[Project]) -> QuerySet[Project]:
    first = Shot.objects.filter(project=OuterRef("pk")).values("pk")[:1]
    counted = projects.select_related("workspace").annotate(
        shot_count=Count("shots"),
        total_ms=Sum("shots__duration_ms", default=0),
        first_shot=Subquery(first),
    )
    # Said again, because the model's own ordering ends where rows are grouped.
    return counted.order_by("-updated_at", "-pk")


def _card(project: Any) -> ProjectCard:
    """`project` with the annotations of `_counted`."""
    durations = [project.total_ms] if project.shot_count else []
    return ProjectCard(
        project, project.shot_count, project.first_shot, Verdict(Budget.of(durations))
    )
