"""The pages by which an admin runs a workspace."""

from django.urls import path

from studio.accounts.views import audit, keys, members, themes

app_name = "accounts"
urlpatterns = [
    path("theme/", themes.choose_theme, name="theme"),
    path("w/<slug:slug>/keys/", keys.manage_keys, name="keys"),
    path("w/<slug:slug>/keys/<uuid:uid>/test/", keys.test_key, name="test-key"),
    path("w/<slug:slug>/keys/<uuid:uid>/revoke/", keys.revoke_key, name="revoke-key"),
    path("w/<slug:slug>/members/", members.manage_members, name="members"),
    path("w/<slug:slug>/members/<int:pk>/role/", members.change_role, name="change-role"),
    path("w/<slug:slug>/members/<int:pk>/remove/", members.remove_member, name="remove-member"),
    path("w/<slug:slug>/audit/", audit.read_audit, name="audit"),
]
