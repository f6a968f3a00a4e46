from django.urls import path

from studio.renders import webhooks
from studio.renders.views import budgets, costs, desk, readings, spending, support, takes, xrays

app_name = "renders"
urlpatterns = [
    path("projects/<int:project_pk>/takes/", takes.show_panel, name="panel"),
    path("projects/<int:project_pk>/render/", spending.render_project, name="render"),
    path("projects/<int:project_pk>/x-ray/", xrays.show_xray, name="x-ray"),
    path("takes/<int:pk>/status/", takes.show_status, name="status"),
    path("takes/<int:pk>/cancel/", takes.cancel_take, name="cancel"),
    path("takes/<int:pk>/collect/", takes.collect_again, name="collect_again"),
    path("takes/<int:pk>/meter/", takes.ask_meter_again, name="ask-meter"),
    path("takes/<int:pk>/resolve/", takes.resolve_take, name="resolve"),
    path("takes/<int:pk>/discard/", support.discard_take, name="discard"),
    path("takes/<int:pk>/give-up/", support.give_up_files, name="give-up"),
    path("takes/<int:pk>/drawer/", support.show_drawer, name="drawer"),
    path("takes/<int:pk>/support.zip", support.send_bundle, name="support"),
    path("w/<slug:slug>/desk/", desk.show_desk, name="desk"),
    path("w/<slug:slug>/desk/order/", desk.rearrange_line, name="desk-order"),
    path("w/<slug:slug>/desk/pause/", desk.pause_queue, name="desk-pause"),
    path("w/<slug:slug>/desk/resume/", desk.resume_queue, name="desk-resume"),
    path("w/<slug:slug>/desk/keep/", desk.keep_files, name="desk-keep"),
    path("w/<slug:slug>/desk/cancel/", desk.cancel_takes, name="desk-cancel"),
    path("w/<slug:slug>/costs/", costs.show_costs, name="costs"),
    path("w/<slug:slug>/costs/rates/", budgets.manage_rates, name="rates"),
    path("w/<slug:slug>/costs/rates/<int:pk>/remove/", budgets.remove_rate, name="remove-rate"),
    path("w/<slug:slug>/costs/budgets/", budgets.manage_budgets, name="budgets"),
    path("w/<slug:slug>/costs/budgets/<int:pk>/", budgets.change_budget, name="budget"),
    path(
        "w/<slug:slug>/costs/budgets/<int:pk>/remove/", budgets.remove_budget, name="remove-budget"
    ),
    path("hooks/transend/<int:take>/<str:mac>", webhooks.receive, name="webhook"),
    path("healthz", readings.show_health, name="healthz"),
    path("readyz", readings.show_readiness, name="readyz"),
    path("metrics", readings.show_metrics, name="metrics"),
]
