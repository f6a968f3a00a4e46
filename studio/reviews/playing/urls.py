from django.urls import path

from studio.reviews.views import media

urlpatterns = [
    path("takes/<int:pk>/preview.gif", media.serve_preview, name="preview"),
    path("takes/<int:pk>/poster", media.serve_poster, name="poster"),
    path("takes/<int:pk>/filmstrip.jpg", media.serve_filmstrip, name="filmstrip"),
    path("takes/<int:pk>/video.mp4", media.serve_video, name="video"),
]
