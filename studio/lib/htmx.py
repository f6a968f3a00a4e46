"""Answers for htmx: redirects that it can follow, and refusals that it can say aloud."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from studio.lib.requests import htmx_of

R = TypeVar("R", bound=HttpResponseBase)

SAYS = "X-Says"
LONGEST = 500

# For answers that no view worded. A 403 without words is the check against forged requests.
_SENTENCES = {
    400: "The studio could not read this request. Reload the page and try again.",
    403: "This page has been open since before you last signed in. Copy what you typed, "
    "then reload the page.",
    404: "This is not here any more, or it belongs to another workspace. Reload the page.",
    405: "This cannot be done from here. Reload the page and try again.",
    409: "Somebody else changed this meanwhile. Reload the page to see it.",
    413: "This is too large to be sent. Make it shorter.",
    429: "Too many tries. Wait a minute, then try again.",
    500: "Something broke on our side. What you saved is not lost; try again in a minute.",
    503: "The studio is busy. Wait a moment, then try again.",
}


def say(response: R, sentence: str) -> R:
    """Put a sentence on a refusal: static/js/shell.js shows it as a toast.

    Percent-encoded, because a header carries no letters beyond ASCII.
    """
    response.headers[SAYS] = quote(sentence[:LONGEST])
    return response


class AnswersForHtmx:
    """Makes redirects and errors of any view useful to a page that htmx is updating.

    A redirect is followed as a whole page, not swapped into the middle of a board. An error carries
    its sentence in the header `X-Says`. Page and fragment share an address, so caches and the
    browser's history are told to keep them apart.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if not htmx_of(request):
            return response
        if response.status_code == 302:
            return _followed(response)
        if response.status_code >= 400 and SAYS not in response.headers:
            return say(response, getattr(request, "refusal", "") or _default(response.status_code))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Keep the words of a refusal: the answer that Django makes of it has a page instead."""
        if isinstance(exception, PermissionDenied | Http404):
            request.refusal = str(exception)  # type: ignore[attr-defined]  # read just above


def _default(status: int) -> str:
    return _SENTENCES.get(status, _SENTENCES[400 if status < 500 else 500])


def _followed(response: HttpResponse) -> HttpResponse:
    followed = HttpResponseClientRedirect(response.headers["Location"])
    followed.cookies = response.cookies
    return followed
