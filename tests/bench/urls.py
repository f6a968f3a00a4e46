"""The studio's addresses, and the bare view that the board is held against."""

from django.urls import path

from studio.urls import urlpatterns as studio_urls
from tests.bench.floor import FLOOR

urlpatterns = [path("floor/", FLOOR, name="floor"), *studio_urls]
