from django.urls import path

from studio.reviews.shots import views

urlpatterns = [
    path("takes/<int:pk>/shots/", views.show_shots, name="shots"),
    path("takes/<int:pk>/shots/mark/", views.mark_shot, name="mark-shot"),
    path("takes/<int:pk>/shots/start/", views.start_revision, name="start-fixes"),
]
