from django.urls import path

from studio.inbox.views import hooks, notices, preferences, unsubscribe

app_name = "inbox"
urlpatterns = [
    path("inbox/", notices.list_notices, name="notices"),
    path("inbox/read/", notices.read_all, name="read-all"),
    path("inbox/<int:pk>/", notices.open_notice, name="open"),
    path("inbox/<int:pk>/read/", notices.read_notice, name="read"),
    path("inbox/bell/", notices.ring, name="bell"),
    path("inbox/preferences/", preferences.choose_everywhere, name="preferences"),
    path(
        "inbox/preferences/w/<slug:slug>/",
        preferences.choose_for_workspace,
        name="workspace-preferences",
    ),
    path(
        "inbox/preferences/projects/<int:number>/",
        preferences.choose_for_project,
        name="project-preferences",
    ),
    path("inbox/unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("w/<slug:slug>/hooks/", hooks.manage_hooks, name="hooks"),
    path("w/<slug:slug>/hooks/<uuid:uid>/", hooks.change_hook, name="change-hook"),
    path("w/<slug:slug>/hooks/<uuid:uid>/test/", hooks.test_hook, name="test-hook"),
    path("w/<slug:slug>/hooks/<uuid:uid>/pause/", hooks.pause_hook, name="pause-hook"),
    path("w/<slug:slug>/hooks/<uuid:uid>/remove/", hooks.remove_hook, name="remove-hook"),
]
