"""Typed requests: what the middleware adds, said to the type checker once."""

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


def htmx_of(request: HttpRequest) -> "HtmxDetails":
    """What htmx says of this request; falsy for a plain one."""
    return cast("HtmxDetails", request.htmx)  # type: ignore[attr-defined]  # set by HtmxMiddleware
