"""What people chose holds: by kind, workspace and project, followed or muted."""

import re

import pytest
from django.test import Client
from django_q.models import OrmQ

from studio.accounts.models import Membership, Role
from studio.inbox import preferences
from studio.inbox.models import HABITS, Kind, MailHabits, Notice, Preferences, Way
from studio.inbox.outbox import announce
from studio.inbox.preferences import Follows
from studio.storyboards.models import Project

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "dialog"}


@pytest.fixture
def project(workspace) -> Project:
    return Project.objects.create(workspace=workspace, title="Neon Tokyo")


def told_way(user, kind=Kind.KEY_RESUMED, **more) -> str:
    """How one event would reach this person: nothing, app, daily or at once."""
    key = f"event-{Notice.objects.count()}-{OrmQ.objects.count()}"
    more = {"users": [user]} | more
    announce(more.pop("workspace"), kind, "Look.", key=key, **more)
    notice = Notice.objects.filter(user=user, key=key).first()
    if notice is None:
        return "nothing"
    if notice.mail_due_at is None:
        return "app"
    return "daily" if notice.in_digest else "at_once"


def test_every_kind_has_a_habit():
    assert set(HABITS) == set(Kind)


@pytest.mark.parametrize(
    ("kind", "usual"),
    [
        (Kind.MENTIONED, "at_once"), (Kind.CHANGES_REQUESTED, "at_once"),
        (Kind.APPROVED, "at_once"), (Kind.KEY_PAUSED, "at_once"), (Kind.FILES_DUE, "at_once"),
        (Kind.BUDGET_REACHED, "at_once"), (Kind.TAKE_READY, "at_once"), (Kind.RELEASED, "daily"),
        (Kind.LINK_VIEWED, "app"), (Kind.KEY_RESUMED, "app"),
    ],
)  # fmt: skip
def test_the_usual_ways(workspace, viewer, kind, usual):
    assert told_way(viewer.user, kind, workspace=workspace) == usual


def test_whose_take_it_is_hears_at_once_and_whoever_decides_once_a_day(
    workspace, creative, producer
):
    announce(
        workspace, Kind.TAKE_READY, "Ready.", key="1", roles=["producer"], users=[creative.user]
    )
    digests = dict(Notice.objects.values_list("user", "in_digest"))
    assert digests == {creative.user.pk: False, producer.user.pk: True}
    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize("way", Way)
def test_what_was_chosen_holds(workspace, viewer, way):
    preferences.choose(viewer.user, {Kind.KEY_RESUMED: way})
    assert told_way(viewer.user, workspace=workspace) == way


def test_the_narrower_scope_counts(workspace, other_workspace, viewer, project):
    user = viewer.user
    Membership.objects.create(workspace=other_workspace, user=user, role=Role.VIEWER)
    preferences.choose(user, {Kind.APPROVED: Way.APP})
    preferences.choose(user, {Kind.APPROVED: Way.DAILY}, workspace=workspace)
    preferences.choose(user, {Kind.APPROVED: Way.AT_ONCE}, workspace=workspace, project=project.pk)
    assert told_way(user, Kind.APPROVED, workspace=other_workspace) == "app"
    assert told_way(user, Kind.APPROVED, workspace=workspace) == "daily"
    assert told_way(user, Kind.APPROVED, workspace=workspace, project=project.pk) == "at_once"
    assert told_way(user, Kind.APPROVED, workspace=workspace, project=project.pk + 1) == "daily"


def test_a_muted_project_tells_of_mentions_alone_and_mails_nothing(workspace, viewer, project):
    user = viewer.user
    preferences.choose(user, {}, follows=Follows.NOTHING, workspace=workspace, project=project.pk)
    about = {"workspace": workspace, "project": project.pk}
    assert told_way(user, Kind.APPROVED, **about) == "nothing"
    assert told_way(user, Kind.MENTIONED, **about) == "app"
    assert told_way(user, Kind.KEY_PAUSED, workspace=workspace) == "at_once"


def test_who_follows_a_project_hears_of_everything_in_it_while_a_member(
    workspace, viewer, stranger, project
):
    for user in (viewer.user, stranger.user):
        preferences.choose(
            user, {}, follows=Follows.EVERYTHING, workspace=workspace, project=project.pk
        )
    about = {"workspace": workspace, "users": []}
    assert told_way(viewer.user, Kind.RELEASED, project=project.pk, **about) == "daily"
    assert told_way(viewer.user, Kind.RELEASED, project=project.pk + 1, **about) == "nothing"
    # A mention is somebody else's, and a key is no project's.
    assert told_way(viewer.user, Kind.MENTIONED, project=project.pk, **about) == "nothing"
    assert not Notice.objects.filter(user=stranger.user).exists()


@pytest.mark.parametrize(
    ("habits", "ways"),
    [
        ({"is_stopped": True}, ["app", "app"]),
        ({"skips_digest": True}, ["at_once", "app"]),
    ],
)
def test_who_wants_no_e_mail_reads_it_in_the_app(workspace, viewer, habits, ways):
    MailHabits.objects.create(user=viewer.user, **habits)
    kinds = (Kind.APPROVED, Kind.RELEASED)
    assert [told_way(viewer.user, kind, workspace=workspace) for kind in kinds] == ways


def test_more_people_and_more_wishes_cost_no_more_queries(
    workspace, actor, project, django_assert_num_queries, django_assert_max_num_queries
):
    def announced(key: str) -> None:
        roles = ["viewer", "producer", "admin", "creative"]
        announce(workspace, Kind.LINK_VIEWED, "X.", key=key, roles=roles, project=project.pk)

    actor(workspace, Role.VIEWER)
    with django_assert_max_num_queries(8) as few:
        announced("1")
    for role in (Role.PRODUCER, Role.ADMIN, Role.CREATIVE):
        user = actor(workspace, role).user
        preferences.choose(user, {Kind.LINK_VIEWED: Way.APP})
        preferences.choose(user, {Kind.APPROVED: Way.APP}, workspace=workspace)
    with django_assert_num_queries(len(few)):
        announced("2")


# -- pages --------------------------------------------------------------------------------------
FORM = {"sends": "all", "hour": "17", "time_zone": "Europe/Berlin"}


def test_the_page_is_saved_and_shows_what_was_chosen(viewer):
    form = FORM | {"way-approved": "daily", "way-released": ""}
    answer = viewer.post("/inbox/preferences/", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/preferences/")
    assert Preferences.objects.get().ways == {"approved": "daily"}
    habits = MailHabits.objects.get()
    assert (habits.hour, habits.time_zone) == (17, "Europe/Berlin")
    text = viewer.get("/inbox/preferences/").content.decode()
    assert 'name="way-approved" value="daily" checked' in text
    assert 'name="way-released" value="" checked' in text
    assert '<option value="Europe/Berlin" selected>' in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": "24"},
        {"hour": ""},
        {"time_zone": "Moon/Sea"},
        {"sends": "x"},
        {"way-approved": "x"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_else_forgotten(viewer, wrong):
    answer = viewer.post("/inbox/preferences/", FORM | {"way-released": "app"} | wrong)
    assert answer.status_code == 422
    assert 'name="way-released" value="app" checked' in answer.content.decode()
    assert not Preferences.objects.exists()
    assert not MailHabits.objects.exists()


def test_kinds_are_shown_to_those_who_can_hear_of_them(viewer, admin):
    assert "API key paused" not in viewer.get("/inbox/preferences/").content.decode()
    assert "API key paused" in admin.get("/inbox/preferences/").content.decode()


def test_a_workspace_and_a_project_are_set_apart(viewer, workspace, project):
    viewer.post(f"/inbox/preferences/w/{workspace.slug}/", {"way-approved": "app"})
    address = f"/inbox/preferences/projects/{project.pk}/"
    answer = viewer.post(address, {"follows": "nothing", "after": "preferences"})
    assert answer.headers["Location"] == "/inbox/preferences/"
    text = viewer.get("/inbox/preferences/").content.decode()
    assert "Own choices" in text
    assert "Muted" in text
    assert 'value="nothing" checked' in viewer.get(address).content.decode()
    viewer.post(address, {"follows": "usual"})
    assert "Muted" not in viewer.get("/inbox/preferences/").content.decode()


def test_the_project_opens_in_the_dialog_and_refuses_there(viewer, project):
    address = f"/inbox/preferences/projects/{project.pk}/"
    assert 'id="dialog-title"' in viewer.get(address, headers=HTMX).content.decode()
    answer = viewer.post(address, {"follows": "x"}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#dialog"
    assert viewer.post(address, {"follows": "everything", "way-approved": "x"}).status_code == 422
    assert not Preferences.objects.exists()


def test_the_board_leads_there(viewer, project):
    text = viewer.get(f"/projects/{project.pk}/").content.decode()
    assert f'href="/inbox/preferences/projects/{project.pk}/"' in text
    assert "css/inbox-preferences" in text, "the dialog opens there, and brings no style along"


@pytest.mark.parametrize("is_in_two", [False, True])
def test_the_top_bar_stays_as_it_is_on_the_list_of_projects(
    admin, workspace, other_workspace, project, is_in_two
):
    if is_in_two:
        Membership.objects.create(workspace=other_workspace, user=admin.user, role=Role.VIEWER)

    def links(address: str) -> list[str]:
        text = admin.get(address).content.decode()
        bar = text[text.index('<nav aria-label="Workspace"') : text.index('<div class="person"')]
        return re.findall(r'href="([^"]+)"', bar)

    usual = links("/")
    assert len(usual) > 1
    assert links("/inbox/") == links("/inbox/preferences/") == usual
    of_workspace = links(f"/inbox/preferences/w/{workspace.slug}/")
    assert of_workspace == links(f"/inbox/preferences/projects/{project.pk}/")
    assert f"/w/{workspace.slug}/desk/" in of_workspace


def test_each_page_leads_back_to_where_one_came_from(viewer, workspace, project):
    text = viewer.get("/inbox/preferences/").content.decode()
    assert re.search(r'<a class="button" href="/inbox/">.*Inbox</a>', text)
    text = viewer.get(f"/inbox/preferences/w/{workspace.slug}/").content.decode()
    assert re.search(r'<a class="button" href="/inbox/preferences/">.*Preferences</a>', text)
    one = f"/inbox/preferences/projects/{project.pk}/"
    text = viewer.get(one).content.decode()
    assert f'href="/projects/{project.pk}/" data-close>Cancel' in text
    text = viewer.get(f"{one}?after=preferences").content.decode()
    assert 'href="/inbox/preferences/" data-close>Cancel' in text


def test_outsiders_find_nothing(stranger, workspace, project):
    for address in (
        f"/inbox/preferences/w/{workspace.slug}/",
        f"/inbox/preferences/projects/{project.pk}/",
        "/inbox/preferences/projects/999999/",
    ):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"follows": "everything"}).status_code == 404
        assert Client().get(address).status_code == 302
        assert stranger.put(address).status_code == 405


def test_more_projects_cost_no_more_queries(viewer, workspace, project, django_assert_num_queries):
    def page(expected: int) -> None:
        with django_assert_num_queries(expected):
            viewer.get("/inbox/preferences/")

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    preferences.choose(
        viewer.user, {}, follows=Follows.NOTHING, workspace=workspace, project=project.pk
    )
    with CaptureQueriesContext(connection) as few:
        viewer.get("/inbox/preferences/")
    for number in range(4):
        more = Project.objects.create(workspace=workspace, title=f"More {number}")
        preferences.choose(
            viewer.user, {}, follows=Follows.NOTHING, workspace=workspace, project=more.pk
        )
    page(len(few))
