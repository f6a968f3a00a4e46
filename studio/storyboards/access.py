"""Fetching projects and shots: authorised, on a view's first line."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from studio.accounts.access import can, fetch
from studio.lib.htmx import say
from studio.lib.requests import htmx_of
from studio.storyboards.models import Project, Shot

SIGNED_OUT = (
    "You were signed out, so this was not saved. What you typed is still here: "
    "sign in again in another tab, then press Try again."
)


def project_for(request: HttpRequest, pk: int, action: can) -> Project:
    """The project with its workspace and `member_role`, in one query.

    Raises Http404 for outsiders and PermissionDenied for members whose role is too small.
    """
    return fetch(request, Project.objects.select_related("workspace"), action, pk=pk)


def shot_for(request: HttpRequest, pk: int, action: can) -> Shot:
    """The shot with its project, in one query; raises as `project_for` does."""
    shots = Shot.objects.select_related("project")
    return fetch(request, shots, action, workspace="project__workspace", pk=pk)


def kept_when_signed_out(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views that a board posts to: a stranger is asked to sign in, but not sent away.

    Redirected to the sign-in page, as other views do it, htmx would leave the board and lose what
    was typed; a 401 with a sentence lets it stay.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if htmx_of(request):
            return say(HttpResponse(status=401), SIGNED_OUT)
        return redirect_to_login("/")

    return login_not_required(guarded)
