"""What somebody meets who is not, or no longer, signed in: nothing typed may be lost to it."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from studio.lib.htmx import say
from studio.lib.requests import htmx_of

SIGNED_OUT = (
    "You were signed out. What you typed is still here: sign in again in another tab, "
    "then try again."
)


class SignInRequired(LoginRequiredMiddleware):
    """Every view asks for a sign-in unless it says `login_not_required`.

    A page leads to the sign-in page and back. A page that htmx is updating stays where it is,
    with a sentence: a redirect would take away what stands in its fields.
    """

    def handle_no_permission(  # type: ignore[override]  # a 401 is no redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        if htmx_of(request):
            return say(HttpResponse(status=401), SIGNED_OUT)
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(_page_of_form(request))


def _page_of_form(request: HttpRequest) -> str:
    """Where the form stood: its own address takes posts alone."""
    page = request.headers.get("Referer", "")
    hosts, is_https = {request.get_host()}, request.is_secure()
    if url_has_allowed_host_and_scheme(page, allowed_hosts=hosts, require_https=is_https):
        return page
    return "/"
