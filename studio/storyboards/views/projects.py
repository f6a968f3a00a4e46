"""The projects page: what there is, and what of it is meant."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from studio.accounts.access import can, is_allowed, signed_in, visible
from studio.accounts.models import Membership, Workspace
from studio.lib.requests import htmx_of, page_query
from studio.storyboards import finding
from studio.storyboards.finding import KINDS, SORTS, Search
from studio.storyboards.models import Project

PROJECTS_ON_A_PAGE = 48
RECENT = 6


@require_GET
def list_projects(request: HttpRequest) -> HttpResponse:
    """The projects that the address asks for; through htmx the list alone, as one types."""
    htmx, search = htmx_of(request), Search.of(request.GET)
    if not htmx or htmx.history_restore_request:
        context = found_context(request, search)
        return render(request, "storyboards/projects.html", context | _around(context))
    response = render(request, "storyboards/found.html", found_context(request, search))
    response["HX-Push-Url"] = address_of(search)
    return response


def found_context(request: HttpRequest, search: Search) -> dict[str, Any]:
    """What the list of found projects shows."""
    user, projects = signed_in(request), visible(request, Project.objects.all())
    found = finding.with_author(finding.found_by(search, projects, user))
    page = Paginator(found, PROJECTS_ON_A_PAGE).get_page(request.GET.get("page"))
    memberships = memberships_of(request)
    return {
        "search": search,
        "page": page,
        "cards": finding.cards(list(page)),
        "memberships": memberships,
        "makers": makers_of(memberships),
        "saved_views": list(user.saved_views.all()),
        "recent": []
        if search.is_narrow or search.sort
        else finding.recent(projects, user)[:RECENT],
    }


def _around(found: dict[str, Any]) -> dict[str, Any]:
    """What stands around the list: navigation and filters."""
    first = next(iter(found["memberships"]), None)
    return {
        "section": "projects",
        "kinds": KINDS.items(),
        "statuses": finding.statuses().items(),
        "sorts": [(name, label) for name, (label, _) in SORTS.items()],
        "workspace": first.workspace if first else None,
        "role": first.role if first else "",
    }


def memberships_of(request: HttpRequest) -> list[Membership]:
    """The person's memberships, by the workspaces' names."""
    mine = Membership.objects.filter(user=signed_in(request)).select_related("workspace")
    return list(mine.order_by("workspace__name"))


def makers_of(memberships: list[Membership]) -> list[Workspace]:
    """The workspaces in which the person may start projects."""
    return [row.workspace for row in memberships if is_allowed(row.role, can.EDIT)]


def address_of(search: Search) -> str:
    """The page that lists what `search` means."""
    query = search.address
    return f"{reverse('storyboards:projects')}{'?' if query else ''}{query}"


def search_on_page(request: HttpRequest) -> Search:
    """The search of the page that htmx posts from."""
    return Search.of(page_query(request))
