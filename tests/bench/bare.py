"""The studio's addresses, and a bare view that its pulses are held against."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from studio.urls import urlpatterns as studio_urls


def show_nothing(request: HttpRequest) -> HttpResponse:
    """What the server, the middleware and signing in cost by themselves."""
    return HttpResponse(status=204)


urlpatterns = [path("bare/", show_nothing), *studio_urls]
