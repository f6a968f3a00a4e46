"""Addresses: each app names its own; the README lists those that outside scripts rely on."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("studio.accounts.sign_in_urls")),
    path("", include("studio.accounts.urls")),
    path("", include("studio.inbox.urls")),
    path("", include("studio.storyboards.urls")),
    path("", include("studio.renders.urls")),
    path("", include("studio.reviews.urls")),
    path("", include("studio.reviews.sharing.urls")),
]
