"""A workspace's own camera presets: listed, added, deleted."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.access import can, role_on, workspace_for
from studio.accounts.models import Workspace
from studio.lib.requests import htmx_of
from studio.storyboards import answers, rules
from studio.storyboards.access import project_for
from studio.storyboards.edits import own_presets
from studio.storyboards.models import CameraPreset
from studio.storyboards.presets import presets_of
from studio.storyboards.typed import read_number


@require_http_methods(["GET", "HEAD", "POST"])
def manage_presets(request: HttpRequest, slug: str) -> HttpResponse:
    """The workspace's own presets; a POST adds one, unverified."""
    workspace = workspace_for(request, slug, can.EDIT)
    if request.method != "POST":
        return _dialog(request, workspace)
    typed = {name: request.POST.get(name, "") for name in ("title", "motion", "description")}
    values, errors = own_presets.checked(**typed)
    if not errors:
        try:
            own_presets.add_preset(workspace, values)
        except rules.BadField as bad:
            errors["motion"] = str(bad)
    if errors:
        return _dialog(request, workspace, typed=typed, errors=errors, status=422)
    return _done(request, workspace)


@require_POST
def delete_preset(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Delete one of the workspace's own, unless something is filmed with it."""
    workspace = workspace_for(request, slug, can.EDIT)
    preset = CameraPreset.objects.filter(workspace=workspace, pk=pk).first()
    if preset is None:
        raise Http404("This preset is not here any more.")
    try:
        own_presets.delete_preset(preset)
    except own_presets.InUse as used:
        return _dialog(request, workspace, failure=str(used), status=422)
    return _done(request, workspace)


def _dialog(
    request: HttpRequest, workspace: Workspace, *, status: int = 200, **more: Any
) -> HttpResponse:
    project = _project(request)
    context = {
        "section": "projects",
        "workspace": workspace,
        "role": role_on(workspace),
        "project": project,
        "own": [preset for preset in presets_of(workspace) if preset.workspace_id is not None],
        "at": _address(workspace, project),
        "sheet_title": f"Camera moves of {workspace.name}",
        **more,
    }
    return answers.dialog(request, "storyboards/presets.html", context, status=status)


def _done(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The dialog again; behind it, the board learns the new list when it is next asked for."""
    if htmx_of(request):
        return _dialog(request, workspace)
    return redirect(_address(workspace, _project(request)))


def _project(request: HttpRequest) -> Any:
    """The board that the presets were opened from, to lead back to it."""
    pk = read_number(request.GET, "project")
    return project_for(request, pk, can.EDIT) if pk else None


def _address(workspace: Workspace, project: Any) -> str:
    address = reverse("storyboards:presets", args=[workspace.slug])
    return f"{address}?project={project.pk}" if project else address
