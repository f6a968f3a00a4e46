"""How much may be sent at once, and that who sends more is told so."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.urls import resolve

from studio.lib.htmx import say

# A browser reads an answer only when its request was taken to the end, but nobody is read for ever.
READ_AWAY_BYTES = 256 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024

View = TypeVar("View", bound=Callable[..., Any])


def bounds_its_body(view: View) -> View:
    """Leave it to a view how much may be sent to it, and how it refuses more."""
    view.bounds_its_body = True  # type: ignore[attr-defined]
    return view


class BoundedBodies:
    """Answers 413 with a sentence to bodies above the limit of their kind, before anything of them
    is stored or parsed: `UPLOAD_MAX_BYTES` for forms with files, and for all else
    `DATA_UPLOAD_MAX_MEMORY_SIZE`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a length Django reads nothing at all.
        length = request.headers.get("Content-Length", "")
        most = _limit_of(request)
        if not length.isdecimal() or int(length) <= most or _bounds_itself(request):
            return self.get_response(request)
        _read_away(request, int(length))
        sent, taken = int(length) / 1_000_000, most / 1_000_000
        says = (
            f"This has {sent:,.0f} MB, and {taken:.0f} MB can be sent at once. "
            "Send less: a smaller picture, or a list in parts."
        )
        return say(render(request, "413.html", {"says": says}, status=413), says)


def _bounds_itself(request: HttpRequest) -> bool:
    try:
        return hasattr(resolve(request.path_info).func, "bounds_its_body")
    except Http404:
        return False


def _limit_of(request: HttpRequest) -> int:
    has_files = request.content_type == "multipart/form-data"
    most = settings.UPLOAD_MAX_BYTES if has_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return int(most)


def _read_away(request: HttpRequest, length: int) -> None:
    if length > READ_AWAY_BYTES:
        return
    try:
        while request.read(_CHUNK_BYTES):
            pass
    except UnreadablePostError:
        return  # the sender left
