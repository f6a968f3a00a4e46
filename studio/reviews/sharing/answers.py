"""How guests are answered: under the house's frame, kept out of indexes and caches, and refused in
a sentence on a page that names nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from studio.lib.htmx import say
from studio.lib.requests import htmx_of
from studio.reviews.sharing.guests import Closed, NotIn

View = Callable[..., HttpResponseBase]

_CLOSED = "reviews/sharing/closed.html"
_NOT_HERE = "This is not here, or not any more. Go back to the page you came from."
_NOT_ALLOWED = "You may not do this with your link. Ask whoever sent it to you."


def for_guests(view: View) -> View:
    """Let people without an account in, for the view asks `guest_for`; word its refusals."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Closed as closed:
            response = _closed(request, closed)
        except Http404:
            response = refused(request, 404, _NOT_HERE)
        except PermissionDenied:
            response = refused(request, 403, _NOT_ALLOWED)
        return unlisted(response)

    public: View = login_not_required(answered)
    return public


def refused(request: HttpRequest, status: int, says: str) -> HttpResponse:
    """A page with one sentence, and nothing of anybody's beside it: not even whose link it was."""
    return say(render(request, _CLOSED, {"says": says}, status=status), says)


def _closed(request: HttpRequest, closed: Closed) -> HttpResponse:
    """The refusal as a page; where a page is open that shows what is shut now, its sentence alone.

    By the header `X-Shut` that page puts it in place of all it has (static/js/guests.js).
    """
    if not (closed.shuts and htmx_of(request)):
        return refused(request, closed.status, closed.says)
    context = {"says": closed.says, "door": closed.link if isinstance(closed, NotIn) else None}
    response = render(request, f"{_CLOSED}#sentence", context, status=closed.status)
    response["X-Shut"] = "1"
    return say(response, closed.says)


def unlisted(response: HttpResponseBase) -> HttpResponseBase:
    """Not for search engines; and a page not for any cache. Files say themselves how to keep
    them."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"
    return response
