from django.urls import path

from studio.reviews import views
from studio.reviews.retention import views as retention

app_name = "reviews"
urlpatterns = [
    path("takes/<int:pk>/", views.show_take, name="take"),
    path("takes/<int:pk>/decide/", views.decide_take, name="decide"),
    path("takes/<int:pk>/release/", views.release_take, name="release"),
    path("takes/<int:pk>/withdraw/", views.withdraw_release, name="withdraw"),
    path("takes/<int:pk>/keep/", retention.keep_take, name="keep"),
    path("takes/<int:pk>/preview.gif", views.serve_preview, name="preview"),
    path("takes/<int:pk>/poster", views.serve_poster, name="poster"),
    path("takes/<int:pk>/filmstrip.jpg", views.serve_filmstrip, name="filmstrip"),
    path("takes/<int:pk>/video.mp4", views.serve_video, name="video"),
    path("w/<slug:slug>/retention/", retention.manage_retention, name="retention"),
]
