"""Typed requests: what the middleware adds, said to the type checker once."""

from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


def htmx_of(request: HttpRequest) -> "HtmxDetails":
    """What htmx says of this request; falsy for a plain one."""
    return cast("HtmxDetails", request.htmx)  # type: ignore[attr-defined]  # set by HtmxMiddleware


def page_query(request: HttpRequest) -> QueryDict:
    """The query of the page that htmx asks from; empty for a plain request."""
    try:
        return QueryDict(urlsplit(htmx_of(request).current_url or "").query)
    except ValueError:  # no browser shows such an address
        return QueryDict()
