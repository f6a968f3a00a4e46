"""Archiving, restoring, and offering a project as a template."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from studio.accounts.access import can, signed_in
from studio.lib.requests import htmx_of
from studio.storyboards.access import project_for
from studio.storyboards.edits import keeping
from studio.storyboards.models import Project
from studio.storyboards.views.projects import found_context, search_on_page


@require_POST
def archive_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the project off the list; its board stays, read only."""
    project = project_for(request, pk, can.EDIT)
    keeping.archive(project, signed_in(request))
    return _answer(request, project, f"“{project.title}” is archived.", undo="restore")


@require_POST
def restore_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an archived project back on the list."""
    project = project_for(request, pk, can.EDIT)
    keeping.restore(project, signed_in(request))
    return _answer(request, project, f"“{project.title}” is restored.", undo="archive")


@require_POST
def mark_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the project where new ones are started, or no longer: `template` is yes or no."""
    project = project_for(request, pk, can.EDIT)
    is_template = request.POST.get("template") == "yes"
    keeping.mark_template(project, is_template)
    now = "is a template now: choose it under New project" if is_template else "is no template now"
    return _answer(request, project, f"“{project.title}” {now}.")


def _answer(request: HttpRequest, project: Project, says: str, undo: str = "") -> HttpResponse:
    """On the projects page, the list anew and a toast; a plain form is sent to the board."""
    if not htmx_of(request):
        messages.success(request, says)
        return redirect("storyboards:board", project.pk)
    context = found_context(request, search_on_page(request))
    kept = {"project": project, "says": says, "undo": undo}
    return render(request, "storyboards/found.html", context | {"kept": kept})
