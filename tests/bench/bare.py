"""The studio's addresses, and two bare views that its pulses are held against."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from studio.urls import urlpatterns as studio_urls


def show_nothing(request: HttpRequest) -> HttpResponse:
    """What the server and the middleware cost, for somebody who signed in."""
    return HttpResponse(status=204)


urlpatterns = [
    path("bare/", login_not_required(show_nothing)),
    path("bare/signed-in/", show_nothing),
    *studio_urls,
]
