"""Ending e-mails from a link in one of them: asked of a person, done at once for a mail program."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from studio.inbox import unsubscribing
from studio.lib.throttling import Throttle

_TRIES = Throttle("unsubscribe", "30/m/ip")


@never_cache
@login_not_required
# A mail program posts without our cookies; the signed token alone says what may be done.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, so that no program that follows links ends anything; POST ends it (RFC 8058)."""
    if _TRIES.take(request) is None:
        return render(request, "429.html", status=429)
    try:
        user, scope = unsubscribing.read(token)
    except unsubscribing.BadToken:
        raise Http404("This link is not whole. Copy it once more from the e-mail.") from None
    if request.method == "POST":
        unsubscribing.stop(user, scope)
    page = {"is_done": request.method == "POST", "what": unsubscribing.in_words(scope)}
    return render(request, "inbox/unsubscribe.html", page)
