"""Choosing the colours of the pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from studio.lib import themes
from studio.lib.htmx import say
from studio.lib.requests import htmx_of


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme; an open page takes it on at once, a plain form goes back to its page."""
    theme = request.POST.get("theme", "")
    if theme not in themes.THEMES:
        return say(HttpResponse(status=422), "Choose one of the themes: dark, light or system.")
    if htmx_of(request):
        response = trigger_client_event(HttpResponse(status=204), "themeChanged", {"theme": theme})
    else:
        response = redirect(_page_before(request))
    themes.remember(request, response, theme)
    return response


def _page_before(request: HttpRequest) -> str:
    before = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(before, hosts, require_https=request.is_secure())
    return before if is_ours else "/"
