"""The audit page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.accounts.access import can, role_on, workspace_for
from studio.accounts.audit_words import verdict

ENTRIES_ON_A_PAGE = 50


@never_cache
@require_safe
def read_audit(request: HttpRequest, slug: str) -> HttpResponse:
    """The log, newest first, and whether its chain holds."""
    workspace = workspace_for(request, slug, can.READ_AUDIT)
    paginator = Paginator(workspace.audit_entries.order_by("-number"), ENTRIES_ON_A_PAGE)
    page = {
        "workspace": workspace,
        "role": role_on(workspace),
        "section": "audit",
        "page": paginator.get_page(request.GET.get("page")),
        "verdict": verdict(workspace),
    }
    return render(request, "accounts/audit.html", page)
