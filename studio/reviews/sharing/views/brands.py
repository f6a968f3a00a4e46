"""How guests see the workspace: its name and its mark."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.access import can, role_on, signed_in, workspace_for
from studio.accounts.models import Workspace
from studio.reviews.sharing import brands
from studio.storyboards import taking_in
from studio.vault.serving import serve
from studio.vault.storing import NotKept


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_brand(request: HttpRequest, slug: str) -> HttpResponse:
    """The mark that guests see; posted a `mark`, that one from now on."""
    workspace = workspace_for(request, slug, can.MANAGE_REVIEWS)
    if request.method != "POST":
        return _page(request, workspace)
    upload = request.FILES.get("mark")
    if upload is None:
        return _page(request, workspace, "Choose a picture first, then press the button.", 422)
    try:
        brands.set_mark(workspace, signed_in(request), upload)
    except taking_in.Refused as refused:
        return _page(request, workspace, str(refused), 422)
    except (taking_in.Busy, NotKept) as problem:
        return _page(request, workspace, str(problem), 503)
    messages.success(request, "Guests see your mark from now on.")
    return redirect("reviews:brand", slug=slug)


@require_POST
def remove_mark(request: HttpRequest, slug: str) -> HttpResponse:
    """Show guests the name alone."""
    workspace = workspace_for(request, slug, can.MANAGE_REVIEWS)
    brands.remove_mark(workspace, signed_in(request))
    messages.success(request, "Guests see your name without a mark.")
    return redirect("reviews:brand", slug=slug)


@require_safe
def serve_mark(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The mark, for members who look after it."""
    workspace = workspace_for(request, slug, can.MANAGE_REVIEWS)
    return serve(request, brands.mark_of(workspace))


def _page(
    request: HttpRequest, workspace: Workspace, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "workspace": workspace,
        "role": role_on(workspace),
        "section": "brand",
        "brand": brands.brand_of(workspace),
        "problem": problem,
    }
    return render(request, "reviews/sharing/brand.html", context, status=status)
