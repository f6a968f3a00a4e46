"""The policy table, and fetching through it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from studio.accounts.access import POLICY, can, fetch, require, visible, workspace_for
from studio.accounts.models import Role, Workspace
from studio.storyboards.models import Project


def asks(actor):
    request = RequestFactory().get("/")
    request.user = actor.user
    return request


EXPECTED = {
    can.VIEW: "viewer creative producer admin",
    can.COMMENT: "viewer creative producer admin",
    can.EDIT: "creative producer admin",
    can.RENDER: "creative producer admin",
    can.DECIDE: "producer admin",
    can.RELEASE: "producer admin",
    can.RESOLVE: "producer admin",
    can.SEE_COSTS: "creative producer admin",
    can.RUN_QUEUE: "producer admin",
    can.MANAGE_BUDGETS: "admin",
    can.MANAGE_RETENTION: "admin",
    can.MARK_SHOTS: "creative producer admin",
    can.SHARE: "producer admin",
    can.MANAGE_REVIEWS: "admin",
    can.MANAGE_HOOKS: "admin",
    can.MANAGE_KEYS: "admin",
    can.MANAGE_MEMBERS: "admin",
    can.READ_AUDIT: "admin",
}


@pytest.mark.parametrize("action", list(can))
def test_each_action_is_for_exactly_these_roles(action):
    assert {role for role in POLICY if action in POLICY[role]} == set(EXPECTED[action].split())


def test_a_refusal_says_whom_to_ask():
    with pytest.raises(PermissionDenied, match="As a creative you may not .* Ask a producer or"):
        require(Role.CREATIVE, can.DECIDE)


def test_a_member_gets_the_row_with_their_role_in_one_query(
    creative, producer, workspace, django_assert_num_queries
):
    project = Project.objects.create(workspace=workspace, title="Tokyo")
    with django_assert_num_queries(1):
        found = fetch(asks(creative), Project.objects.all(), can.EDIT, pk=project.pk)
    assert (found, found.member_role) == (project, Role.CREATIVE)


def test_an_outsider_gets_404_whatever_their_role_elsewhere(stranger, workspace):
    project = Project.objects.create(workspace=workspace, title="Tokyo")
    with pytest.raises(Http404):
        fetch(asks(stranger), Project.objects.all(), can.VIEW, pk=project.pk)
    assert not visible(asks(stranger), Project.objects.all()).exists()


def test_a_role_in_one_workspace_says_nothing_of_another(creative, workspace, other_workspace):
    elsewhere = Project.objects.create(workspace=other_workspace, title="Oslo")
    with pytest.raises(Http404):
        fetch(asks(creative), Project.objects.all(), can.VIEW, pk=elsewhere.pk)


def test_a_role_too_small_gets_403(viewer, workspace):
    project = Project.objects.create(workspace=workspace, title="Tokyo")
    with pytest.raises(PermissionDenied):
        fetch(asks(viewer), Project.objects.all(), can.EDIT, pk=project.pk)


def test_the_workspace_itself_is_fetched_the_same_way(admin, stranger, workspace):
    assert workspace_for(asks(admin), "kitchen", can.MANAGE_KEYS) == workspace
    with pytest.raises(Http404):
        workspace_for(asks(stranger), "kitchen", can.MANAGE_KEYS)
    assert Workspace.objects.filter(slug="elsewhere").exists()
