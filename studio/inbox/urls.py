from django.urls import path

from studio.inbox import views

app_name = "inbox"
urlpatterns = [
    path("inbox/", views.list_notices, name="notices"),
    path("inbox/read/", views.read_all, name="read-all"),
    path("inbox/<int:pk>/read/", views.read_notice, name="read"),
    path("inbox/bell/", views.ring, name="bell"),
]
