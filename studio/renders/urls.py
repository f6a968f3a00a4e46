from django.urls import path

from studio.renders import readings, views, webhooks, xrays

app_name = "renders"
urlpatterns = [
    path("projects/<int:project_pk>/takes/", views.show_panel, name="panel"),
    path("projects/<int:project_pk>/render/", views.render_project, name="render"),
    path("projects/<int:project_pk>/x-ray/", xrays.show_xray, name="x-ray"),
    path("takes/<int:pk>/status/", views.show_status, name="status"),
    path("takes/<int:pk>/cancel/", views.cancel_take, name="cancel"),
    path("takes/<int:pk>/collect/", views.collect_again, name="collect_again"),
    path("takes/<int:pk>/resolve/", views.resolve_take, name="resolve"),
    path("hooks/transend/<int:take>/<str:mac>", webhooks.receive, name="webhook"),
    path("healthz", readings.show_health, name="healthz"),
    path("readyz", readings.show_readiness, name="readyz"),
    path("metrics", readings.show_metrics, name="metrics"),
]
