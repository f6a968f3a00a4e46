"""Fetching projects and shots: authorised, on a view's first line."""

from django.http import HttpRequest

from studio.accounts.access import can, fetch
from studio.storyboards.models import Project, Shot


def project_for(request: HttpRequest, pk: int, action: can) -> Project:
    """The project with its workspace and `member_role`, in one query.

    Raises Http404 for outsiders and PermissionDenied for members whose role is too small.
    """
    return fetch(request, Project.objects.select_related("workspace"), action, pk=pk)


def shot_for(request: HttpRequest, pk: int, action: can) -> Shot:
    """The shot with its project and reference, in one query; raises as `project_for` does."""
    shots = Shot.objects.select_related("project", "reference")
    return fetch(request, shots, action, workspace="project__workspace", pk=pk)
