"""What a guest reaches: the link itself, and below its `uid` the pages and files of one take.

The names are those of the members' addresses, so that `Reviewer.address` finds both.
"""

from django.urls import path

from studio.reviews.sharing.views import media, pages

app_name = "shared"
urlpatterns = [
    path("s/<str:token>", pages.open_link, name="open"),
    path("shared/<uuid:uid>/", pages.show_room, name="take"),
    path("shared/<uuid:uid>/enter", pages.enter_room, name="enter"),
    path("shared/<uuid:uid>/mark", pages.serve_mark, name="mark"),
    path("shared/<uuid:uid>/preview.gif", media.serve_preview, name="preview"),
    path("shared/<uuid:uid>/poster", media.serve_poster, name="poster"),
    path("shared/<uuid:uid>/filmstrip.jpg", media.serve_filmstrip, name="filmstrip"),
    path("shared/<uuid:uid>/video.mp4", media.serve_video, name="video"),
]
