from django.urls import URLPattern

app_name = "storyboards"
urlpatterns: list[URLPattern] = []
