"""An answer that sends somebody away for a moment is no fault of ours, and logged as none."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class BusyIsNoFault:
    """Keeps Django from logging, at ERROR, a 503 that says when to come back (Retry-After)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 503 and response.has_header("Retry-After"):
            response._has_been_logged = True  # type: ignore[attr-defined]  # see django.utils.log
        return response
