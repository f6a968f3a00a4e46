"""The inbox: one's own notices from all workspaces, and the bell on every page."""

import re

from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.lookups import IsNull
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import trigger_client_event

from studio.accounts.access import signed_in
from studio.accounts.models import User
from studio.inbox.reading import bell_of, mark_read, notices_of
from studio.lib.requests import htmx_of

NOTICES_ON_A_PAGE = 30


@never_cache
@require_safe
def list_notices(request: HttpRequest) -> HttpResponse:
    """Unread ones first, then by age."""
    return _page(request, signed_in(request))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed or passed over: notices up to its newest."""
    user = signed_in(request)
    through = request.POST.get("through", "")
    seen = int(through) if re.fullmatch(r"[0-9]{1,18}", through) else 0
    # What arrived after the page was made has not been seen.
    mark_read(notices_of(user).filter(pk__lte=seen))
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
    return redirect("inbox:notices")


def _page(request: HttpRequest, user: User) -> HttpResponse:
    notices = notices_of(user).select_related("workspace")
    unread_first = notices.order_by(IsNull(F("read_at"), False), "-pk")
    paginator = Paginator(unread_first, NOTICES_ON_A_PAGE)
    bell = bell_of(user)
    page = {
        "section": "inbox",
        "page": paginator.get_page(request.GET.get("page")),
        "bell": bell,
    }
    htmx = htmx_of(request)
    is_fragment = htmx and not htmx.history_restore_request
    template = "inbox/notices.html#inbox-list" if is_fragment else "inbox/notices.html"
    return render(request, template, page)
