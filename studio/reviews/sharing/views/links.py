"""Share links, for members who may share: made, looked after, revoked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from studio.accounts.access import can, role_on, signed_in, workspace_for
from studio.lib.requests import htmx_of
from studio.renders.models import Take
from studio.reviews.models import ShareLink
from studio.reviews.reviewing import Reviewer, member_for
from studio.reviews.sharing import links
from studio.reviews.sharing.forms import LinkForm, NewLinkForm
from studio.storyboards.answers import dialog

ON_A_PAGE = 50
_GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_GET_POST
def share_take(request: HttpRequest, pk: int) -> HttpResponse:
    """The take's links, and a form for another. Its address is in the answer to the post alone."""
    reviewer = member_for(request, pk, can.SHARE)
    if request.method != "POST":
        return _share(request, reviewer, NewLinkForm())
    form = NewLinkForm(request.POST)
    if not form.is_valid():
        return _share(request, reviewer, form, status=422)
    try:
        made = links.create(reviewer.take, signed_in(request), form.terms)
    except links.CannotShare as cannot:
        form.add_error(None, str(cannot))
        return _share(request, reviewer, form, status=422)
    return _share(request, reviewer, NewLinkForm(), made=made)


@never_cache
@_GET_POST
def change_link(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Rename, extend, cap, or give another passphrase."""
    reviewer = member_for(request, pk, can.SHARE)
    link = _link(reviewer.take, link_pk)
    now = {"label": link.label, "view_cap": link.view_cap}
    form = LinkForm(request.POST) if request.method == "POST" else LinkForm(initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            links.change(link, signed_in(request), **form.changes)
        except links.CannotShare as cannot:
            form.add_error(None, str(cannot))
        else:
            return _share(request, reviewer, NewLinkForm(), says="The link was changed.")
    context = _context(reviewer) | {"form": form, "link": link}
    status = 422 if form.is_bound else 200
    return dialog(request, "reviews/sharing/change.html", context, status=status)


@never_cache
@_GET_POST
def revoke_link(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Asked for, ask back: it cannot be undone. Posted, shut the link."""
    reviewer = member_for(request, pk, can.SHARE)
    link = _link(reviewer.take, link_pk)
    if request.method != "POST":
        context = _context(reviewer) | {"link": link}
        return dialog(request, "reviews/sharing/revoke.html", context)
    links.revoke(link, signed_in(request))
    return _share(request, reviewer, NewLinkForm(), says="The link was revoked.")


@never_cache
@require_safe
def show_log(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Who opened, watched, downloaded or was refused, newest first."""
    reviewer = member_for(request, pk, can.SHARE)
    link = _link(reviewer.take, link_pk)
    lines = Paginator(link.log.select_related("guest"), ON_A_PAGE)
    context = _context(reviewer) | {
        "link": link,
        "guests": link.guests.count(),
        "page": lines.get_page(request.GET.get("page")),
    }
    return render(request, "reviews/sharing/log.html", context)


@never_cache
@require_safe
def list_links(request: HttpRequest, slug: str) -> HttpResponse:
    """All links of a workspace, newest first."""
    workspace = workspace_for(request, slug, can.SHARE)
    rows: QuerySet[ShareLink] = ShareLink.objects.filter(workspace=workspace).select_related(
        "take__project", "created_by", "revoked_by"
    )
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "workspace": workspace,
        "role": role_on(workspace),
        "section": "links",
        "page": page,
    }
    return render(request, "reviews/sharing/links.html", context)


def _share(
    request: HttpRequest,
    reviewer: Reviewer,
    form: NewLinkForm,
    *,
    made: links.NewLink | None = None,
    says: str = "",
    status: int = 200,
) -> HttpResponse:
    if says and not htmx_of(request):
        messages.success(request, says)
        return redirect("reviews:links", pk=reviewer.take.pk)
    context = _context(reviewer) | {
        "form": form,
        "links": links.links_of(reviewer.take),
        "address": request.build_absolute_uri(made.address) if made else "",
        "made": made.link if made else None,
        "says": says,
    }
    return dialog(request, "reviews/sharing/share.html", context, status=status)


def _context(reviewer: Reviewer) -> dict[str, object]:
    take = reviewer.take
    return {
        "take": take,
        "project": take.project,
        "workspace": take.workspace,
        "role": reviewer.role,
        "sheet_title": f"Share take {take.number}",
    }


def _link(take: Take, pk: int) -> ShareLink:
    link = links.links_of(take).select_related("workspace").filter(pk=pk).first()
    if link is None:
        raise Http404("This take has no such link.")
    return link
