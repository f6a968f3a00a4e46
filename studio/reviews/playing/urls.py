from django.urls import path

from studio.reviews.playing import views
from studio.reviews.views import media

urlpatterns = [
    path("takes/<int:pk>/preview.gif", media.serve_preview, name="preview"),
    path("takes/<int:pk>/poster", media.serve_poster, name="poster"),
    path("takes/<int:pk>/filmstrip.jpg", media.serve_filmstrip, name="filmstrip"),
    path("takes/<int:pk>/preview.mp4", views.serve_film, name="preview-film"),
    path("takes/<int:pk>/preview.jpg", views.serve_film_poster, name="film-poster"),
    path("takes/<int:pk>/strip.jpg", views.serve_strip, name="strip"),
    path("takes/<int:pk>/stage/", views.show_stage, name="stage"),
    path("takes/<int:pk>/stage/redraw/", views.redraw_film, name="redraw-film"),
    path("takes/<int:pk>/video.mp4", media.serve_video, name="video"),
]
