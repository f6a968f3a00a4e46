"""Answers for htmx: events, and redirects that it can follow."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

from studio.lib.requests import htmx_of

R = TypeVar("R", bound=HttpResponse)


class AnswersForHtmx:
    """Turns a redirect to the sign-in page into one that htmx follows as a whole page.

    Without it an expired session would put the sign-in form into the middle of a board.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if htmx_of(request) and response.status_code == 302:
            return HttpResponseClientRedirect(response.headers["Location"])
        return response
