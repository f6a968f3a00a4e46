"""New projects: blank, from a template, or as a copy of another."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.access import can, signed_in, visible, workspace_for
from studio.accounts.models import User, Workspace
from studio.storyboards import answers, finding, rules
from studio.storyboards.access import project_for
from studio.storyboards.edits import keeping
from studio.storyboards.edits.revising import create_project
from studio.storyboards.finding import ProjectCard, Search
from studio.storyboards.models import Project
from studio.storyboards.starters import STARTERS
from studio.storyboards.typed import read_number
from studio.storyboards.views.projects import makers_of, memberships_of

TEMPLATES_SHOWN = 24


@require_http_methods(["GET", "POST"])
def start_project(request: HttpRequest) -> HttpResponse:
    """The form of a new project, and the project."""
    if request.method == "GET":
        return _form(request, request.GET.dict(), {})
    workspace = workspace_for(request, request.POST.get("workspace", ""), can.EDIT)
    values, errors = _read(request)
    if not errors:
        project = _started(request, workspace, signed_in(request), values)
        if project is not None:
            return redirect("storyboards:board", project.pk)
        errors["start"] = "This template is not there any more. Choose another one."
    return _form(request, request.POST.dict(), errors, status=422)


@require_POST
def duplicate_project(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy of the project, opened."""
    project = project_for(request, pk, can.EDIT)
    copy = keeping.duplicate(project, signed_in(request))
    messages.success(request, f"This is a copy of “{project.title}”. Its takes stayed there.")
    return redirect("storyboards:board", copy.pk)


def _read(request: HttpRequest) -> tuple[dict[str, str], dict[str, str]]:
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name, check in (("title", rules.checked_title), ("brief", rules.checked_brief)):
        try:
            values[name] = check(request.POST.get(name, ""))
        except rules.BadField as bad:
            errors[name] = str(bad)
    return values, errors


def _started(
    request: HttpRequest, workspace: Workspace, author: User, values: dict[str, str]
) -> Project | None:
    """The project made from what `start` names; None if that is not there (any more)."""
    kind, _, name = request.POST.get("start", "").partition(":")
    title, brief = values["title"], values["brief"]
    if not kind:
        return create_project(workspace, author, title, brief=brief)
    if kind == "starter":
        starter = STARTERS.get(name)
        return keeping.start_with(workspace, starter, author, title, brief) if starter else None
    here = visible(request, Project.objects.all()).filter(workspace=workspace)
    source = here.filter(pk=read_number({"pk": name}, "pk")).first()
    return keeping.start_from(source, author, title, brief) if source else None


def _form(
    request: HttpRequest, typed: dict[str, Any], errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    templates = finding.found_by(
        Search(kind="templates", sort="title"),
        visible(request, Project.objects.all()),
        signed_in(request),
    )
    makers = makers_of(memberships_of(request))
    context = {
        "sheet_title": "New project",
        "section": "projects",
        "makers": makers,
        "new": typed,
        "errors": errors,
        "starters": STARTERS.values(),
        "templates": [
            ProjectCard(project)
            for project in templates.filter(workspace__in=makers)[:TEMPLATES_SHOWN]
        ],
    }
    return answers.dialog(request, "storyboards/new_project.html", context, status=status)
