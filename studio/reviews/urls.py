"""The review room's addresses: each room of it has its own list."""

from django.urls import path

from studio.reviews.comparing.urls import urlpatterns as comparing
from studio.reviews.deciding.urls import urlpatterns as deciding
from studio.reviews.library.urls import urlpatterns as library
from studio.reviews.notes.urls import urlpatterns as notes
from studio.reviews.playing.urls import urlpatterns as playing
from studio.reviews.retention import views as retention
from studio.reviews.sharing.member_urls import urlpatterns as sharing
from studio.reviews.shots.urls import urlpatterns as shots
from studio.reviews.views import takes

app_name = "reviews"
urlpatterns = [
    path("takes/<int:pk>/", takes.show_take, name="take"),
    path("takes/<int:pk>/keep/", retention.keep_take, name="keep"),
    path("w/<slug:slug>/retention/", retention.manage_retention, name="retention"),
    *playing,
    *notes,
    *shots,
    *deciding,
    *comparing,
    *library,
    *sharing,
]
