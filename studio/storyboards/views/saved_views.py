"""A person's own names for searches on the projects page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.access import signed_in
from studio.storyboards import answers, saved_searches
from studio.storyboards.finding import Search
from studio.storyboards.models import SavedView
from studio.storyboards.views.projects import address_of


@require_http_methods(["GET", "POST"])
def save_view(request: HttpRequest) -> HttpResponse:
    """Ask for a name for the search in the address; keep it under that name."""
    user, posted = signed_in(request), request.method == "POST"
    search = Search.of(QueryDict(request.POST.get("query", "")) if posted else request.GET)
    if not posted:
        return _form(request, search)
    name = request.POST.get("name", "")
    try:
        view = saved_searches.save(user, name, search)
    except saved_searches.BadView as bad:
        return _form(request, search, name=name, error=str(bad))
    messages.success(request, f"Saved as “{view.name}”.")
    return redirect(address_of(search))


@require_http_methods(["GET", "POST"])
def edit_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a saved view."""
    view = _mine(request, pk)
    search = Search.of(QueryDict(view.query))
    if request.method == "GET":
        return _form(request, search, view=view, name=view.name)
    name = request.POST.get("name", "")
    try:
        saved_searches.rename(view, name)
    except saved_searches.BadView as bad:
        return _form(request, search, view=view, name=name, error=str(bad))
    return redirect(address_of(search))


@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved view; the projects it found are untouched."""
    view = _mine(request, pk)
    view.delete()
    messages.success(request, f"The view “{view.name}” is deleted. No project was touched.")
    return redirect("storyboards:projects")


def _mine(request: HttpRequest, pk: int) -> SavedView:
    """The view, if it is this person's own: nobody else's can be seen to exist."""
    view = SavedView.objects.filter(user=signed_in(request), pk=pk).first()
    if view is None:
        raise Http404("This saved view is not here any more, or it is not yours.")
    return view


def _form(
    request: HttpRequest,
    search: Search,
    *,
    view: SavedView | None = None,
    name: str = "",
    error: str = "",
) -> HttpResponse:
    context = {
        "sheet_title": "Saved view" if view else "Save this view",
        "section": "projects",
        "view": view,
        "search": search,
        "meaning": saved_searches.in_words(search),
        "name": name,
        "error": error,
    }
    status = 422 if error else 200
    return answers.dialog(request, "storyboards/saved_view.html", context, status=status)
