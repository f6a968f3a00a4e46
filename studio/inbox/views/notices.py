"""The inbox: one's own notices from all workspaces, and the bell on every page."""

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import trigger_client_event

from studio.accounts.access import signed_in
from studio.accounts.models import User, Workspace
from studio.inbox import digests
from studio.inbox.listing import Filter, by_day
from studio.inbox.models import Kind
from studio.inbox.reading import bell_of, mark_read, notices_of
from studio.inbox.views.bars import bar_of, workspaces_of
from studio.lib.requests import htmx_of

NOTICES_ON_A_PAGE = 30


@never_cache
@require_safe
def list_notices(request: HttpRequest) -> HttpResponse:
    """The newest first, by day; of one workspace, one kind, unread alone, as the address says."""
    return _page(request, signed_in(request))


@never_cache
@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead on to what a notice is about: by that it is read."""
    notices = notices_of(signed_in(request)).filter(pk=pk)
    notice = notices.first()
    if notice is None:
        raise Http404("This notice is not here any more.")
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        mark_read(notices)
    return redirect(notice.url or "inbox:notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed or passed over: notices up to its newest."""
    user = signed_in(request)
    through = request.POST.get("through", "")
    seen = int(through) if re.fullmatch(r"[0-9]{1,18}", through) else 0
    # What arrived after the page was made has not been seen.
    mark_read(_filter(request, workspaces_of(request)).of(user).filter(pk__lte=seen))
    return _read(request, user)


@require_POST
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read."""
    user = signed_in(request)
    notices = notices_of(user).filter(pk=pk)
    if not notices.exists():
        raise Http404("This notice is not here any more.")
    mark_read(notices)
    return _read(request, user)


@never_cache
@require_GET
def ring(request: HttpRequest) -> HttpResponse:
    """The bell, or 204 while the page that asks shows it as it is. One query."""
    bell = bell_of(signed_in(request))
    if request.GET.get("since") == bell.pulse:
        return HttpResponse(status=204)
    return render(request, "inbox/_bell.html", {"bell": bell})


def _read(request: HttpRequest, user: User) -> HttpResponse:
    if htmx_of(request):
        return trigger_client_event(_page(request, user), "noticesRead")
    query = _filter(request, workspaces_of(request)).query
    return redirect(reverse("inbox:notices") + (f"?{query}" if query else ""))


def _page(request: HttpRequest, user: User) -> HttpResponse:
    workspaces = workspaces_of(request)
    shown = _filter(request, workspaces)
    notices = shown.of(user).select_related("workspace")
    page = Paginator(notices, NOTICES_ON_A_PAGE).get_page(request.GET.get("page"))
    zone = digests.zone_of(digests.habits_of([user.pk])[user.pk])
    context = {
        **bar_of(workspaces),
        "page": page,
        "days": by_day(page.object_list, zone),
        "zone": zone,
        "bell": bell_of(user),
        "shown": shown,
        "workspaces": workspaces,
        "kinds": Kind.choices,
    }
    htmx = htmx_of(request)
    is_fragment = htmx and not htmx.history_restore_request
    template = "inbox/notices.html#inbox-list" if is_fragment else "inbox/notices.html"
    return render(request, template, context)


def _filter(request: HttpRequest, workspaces: list[Workspace]) -> Filter:
    return Filter.asked_for(request.GET, workspaces)
