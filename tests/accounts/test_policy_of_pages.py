"""Each page: for exactly these roles, 404 for outsiders, sign-in for strangers to the house."""

import pytest
from django.urls import reverse

from studio.accounts import keys
from studio.accounts.models import Membership

pytestmark = pytest.mark.django_db

GET, POST = "get", "post"

# name, method that works, status when it works, method that does not
PAGES = [
    ("keys", GET, 200, "put"),
    ("keys", POST, 422, "delete"),
    ("test-key", POST, 302, "get"),
    ("revoke-key", GET, 200, "put"),
    ("revoke-key", POST, 302, "delete"),
    ("members", GET, 200, "put"),
    ("members", POST, 422, "delete"),
    ("change-role", POST, 302, "get"),
    ("remove-member", GET, 200, "put"),
    ("remove-member", POST, 302, "delete"),
    ("audit", GET, 200, "post"),
]


@pytest.fixture
def address(workspace, admin, viewer, vendor):
    """The address of a page by its name, about a key or a member of the workspace."""
    key = keys.add_key(workspace, "Main", "tsk-live-0123456789", admin.user)
    member = Membership.objects.get(user=viewer.user)

    def of(name: str) -> str:
        if name.endswith("-key"):
            return reverse(f"accounts:{name}", args=[workspace.slug, key.uid])
        if name in ("change-role", "remove-member"):
            return reverse(f"accounts:{name}", args=[workspace.slug, member.pk])
        return reverse(f"accounts:{name}", args=[workspace.slug])

    return of


@pytest.mark.parametrize(("name", "method", "works", "wrong"), PAGES)
def test_an_admin_may_and_only_by_the_right_method(admin, address, name, method, works, wrong):
    assert getattr(admin, method)(address(name)).status_code == works
    assert getattr(admin, wrong)(address(name)).status_code == 405


@pytest.mark.parametrize(("name", "method", "works", "wrong"), PAGES)
@pytest.mark.parametrize("role", ["producer", "creative", "viewer"])
def test_other_members_are_told_whom_to_ask(
    request, workspace, address, role, name, method, works, wrong
):
    answer = getattr(request.getfixturevalue(role), method)(address(name))
    assert answer.status_code == 403
    assert b"Ask an admin." in answer.content


@pytest.mark.parametrize(("name", "method", "works", "wrong"), PAGES)
def test_an_admin_of_another_workspace_finds_nothing(stranger, address, name, method, works, wrong):
    assert getattr(stranger, method)(address(name)).status_code == 404


@pytest.mark.parametrize(("name", "method", "works", "wrong"), PAGES)
def test_nobody_in_particular_is_asked_to_sign_in(client, address, name, method, works, wrong):
    answer = getattr(client, method)(address(name))
    assert answer.status_code == 302
    back = address(name) if method == GET else "/"  # what takes posts alone is no page
    assert answer.headers["Location"] == f"/accounts/login/?next={back}"


@pytest.mark.parametrize("name", ["test-key", "revoke-key", "change-role", "remove-member"])
def test_an_object_is_not_found_through_another_workspaces_address(
    stranger, other_workspace, workspace, address, name
):
    elsewhere = address(name).replace(f"/w/{workspace.slug}/", f"/w/{other_workspace.slug}/")
    assert stranger.post(elsewhere, {"role": "admin"}).status_code == 404


@pytest.mark.parametrize("name", ["keys", "members", "audit", "revoke-key", "remove-member"])
def test_no_browser_keeps_a_copy_of_these_pages(admin, address, name):
    assert "no-store" in admin.get(address(name)).headers["Cache-Control"]


@pytest.mark.parametrize("name", ["keys", "test-key", "revoke-key", "members", "change-role"])
def test_a_forged_post_is_refused(admin, address, name):
    admin.handler.enforce_csrf_checks = True
    answer = admin.post(address(name))
    assert answer.status_code == 403
    assert b"too old to send" in answer.content
