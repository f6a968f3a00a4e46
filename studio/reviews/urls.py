from django.urls import path

from studio.reviews import views

app_name = "reviews"
urlpatterns = [
    path("takes/<int:pk>/", views.show_take, name="take"),
    path("takes/<int:pk>/decide/", views.decide_take, name="decide"),
    path("takes/<int:pk>/release/", views.release_take, name="release"),
    path("takes/<int:pk>/withdraw/", views.withdraw_release, name="withdraw"),
    path("takes/<int:pk>/preview.gif", views.serve_preview, name="preview"),
    path("takes/<int:pk>/poster", views.serve_poster, name="poster"),
    path("takes/<int:pk>/video.mp4", views.serve_video, name="video"),
]
