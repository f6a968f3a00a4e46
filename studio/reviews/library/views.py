"""The library of released films: all of a workspace's, and one of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.accounts.access import can, fetch, is_allowed, role_on, workspace_for
from studio.lib.requests import htmx_of
from studio.renders.lifecycle import Status
from studio.reviews.deciding.releases import checked
from studio.reviews.library import listing, measuring
from studio.reviews.library.listing import Entry, Search
from studio.reviews.media import filename_of
from studio.reviews.models import Release
from studio.reviews.playing.released import released_as
from studio.vault.integrity import seems_intact

FILMS_ON_A_PAGE = 24
_PAGE = "reviews/library/page.html"


@never_cache
@require_safe
def show_library(request: HttpRequest, slug: str) -> HttpResponse:
    """Every film that was released, newest first; for htmx what the search found."""
    workspace = workspace_for(request, slug, can.VIEW)
    search = Search.of(request.GET.dict())
    found = listing.releases_found(workspace, search)
    page = Paginator(found, FILMS_ON_A_PAGE).get_page(request.GET.get("page"))
    entries = listing.entries_of(page.object_list)
    measuring.order_missing(entry.film for entry in entries if entry.film)
    role = role_on(workspace)
    context = {
        "section": "releases",
        "workspace": workspace,
        "role": role,
        "search": search,
        "page": page,
        "entries": entries,
        "is_unused": not entries and not listing.releases_of(workspace).exists(),
        "waiting": workspace.takes.filter(status=Status.READY).exists() if not entries else False,
        "may_decide": is_allowed(role, can.DECIDE),
    }
    is_fragment = htmx_of(request) and not htmx_of(request).history_restore_request
    template = "reviews/library/page.html#library-found" if is_fragment else _PAGE
    return render(request, template, context)


@never_cache
@require_safe
def show_release(request: HttpRequest, pk: int) -> HttpResponse:
    """One release: the film if it is open, all that is known of it, and the take's others."""
    rows = listing.with_names(Release.objects.all())
    release = fetch(request, rows, can.VIEW, workspace="take__workspace", pk=pk)
    (entry,) = listing.entries_of([release])
    if entry.refused:
        checked(release.take, seems_intact)  # puts it on record, once
    measuring.order_missing([entry.film] if entry.film else [])
    return render(request, "reviews/library/release.html", _context(entry, role_on(release)))


def _context(entry: Entry, role: str) -> dict[str, Any]:
    take = entry.take
    others = Release.objects.filter(take=take).exclude(pk=entry.release.pk)
    return {
        "section": "releases",
        "workspace": take.workspace,
        "project": take.project,
        "take": take,
        "role": role,
        "entry": entry,
        "released": released_as(entry.release, entry.film) if entry.film else None,
        "filename": filename_of(take, "mp4"),
        "others": others.select_related("released_by", "withdrawn_by"),
    }
