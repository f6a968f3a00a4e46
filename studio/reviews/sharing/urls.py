"""What a guest reaches: the link itself, and below its `uid` the pages and files of one take."""

from django.urls import URLPattern

app_name = "shared"
urlpatterns: list[URLPattern] = []
