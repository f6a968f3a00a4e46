from django.urls import path

from studio.renders import webhooks
from studio.renders.views import readings, spending, takes, xrays

app_name = "renders"
urlpatterns = [
    path("projects/<int:project_pk>/takes/", takes.show_panel, name="panel"),
    path("projects/<int:project_pk>/render/", spending.render_project, name="render"),
    path("projects/<int:project_pk>/x-ray/", xrays.show_xray, name="x-ray"),
    path("takes/<int:pk>/status/", takes.show_status, name="status"),
    path("takes/<int:pk>/cancel/", takes.cancel_take, name="cancel"),
    path("takes/<int:pk>/collect/", takes.collect_again, name="collect_again"),
    path("takes/<int:pk>/resolve/", takes.resolve_take, name="resolve"),
    path("hooks/transend/<int:take>/<str:mac>", webhooks.receive, name="webhook"),
    path("healthz", readings.show_health, name="healthz"),
    path("readyz", readings.show_readiness, name="readyz"),
    path("metrics", readings.show_metrics, name="metrics"),
]
