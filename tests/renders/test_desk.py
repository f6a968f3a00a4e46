"""The render desk: who may, what it shows, and what it costs."""

import json
import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.accounts import keys
from studio.accounts.models import AuditEntry
from studio.renders.desk import listing, pausing
from studio.renders.lifecycle import Status
from studio.renders.models import Desk, KeyCapacity, Take
from studio.storyboards.models import Project
from tests.builders import take_without_files

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"HX-Request": "true"}}
SLUG = "kitchen"


def at(name, *args, slug=SLUG):
    return reverse(f"renders:{name}", args=[slug, *args])


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def desk(actor, query="", **more):
    return actor.get(at("desk") + query, **more)


@pytest.fixture
def line(workspace):
    """Three takes of one project that wait."""
    project = Project.objects.create(workspace=workspace, title="Neon Tokyo")
    takes = [take_without_files(workspace, Status.QUEUED, project) for _ in range(3)]
    for place, take in enumerate(takes, start=1):
        Take.objects.filter(pk=take.pk).update(place=place)
    return takes


def in_line(workspace):
    return list(listing.line_of(workspace))


POSTS = {
    "desk-order": "producer admin",
    "desk-pause": "producer admin",
    "desk-resume": "producer admin",
    "desk-keep": "creative producer admin",
    "desk-cancel": "creative producer admin",
}


def test_every_member_may_look_and_no_outsider(line, viewer, stranger, client):
    assert desk(viewer).status_code == 200
    assert desk(viewer, **HTMX).status_code == 200
    assert desk(stranger).status_code == 404
    assert desk(client).status_code == 302
    assert viewer.post(at("desk")).status_code == 405


@pytest.mark.parametrize("name", POSTS)
def test_each_action_is_for_its_roles(name, line, viewer, creative, producer, admin, stranger):
    actors = {"viewer": viewer, "creative": creative, "producer": producer, "admin": admin}
    allowed = {role for role, actor in actors.items() if actor.post(at(name)).status_code != 403}
    assert allowed == set(POSTS[name].split())
    assert stranger.post(at(name)).status_code == 404
    assert admin.put(at(name)).status_code == 405
    if name != "desk-cancel":
        assert admin.get(at(name)).status_code == 405


def test_it_shows_every_take_of_the_workspace_and_none_of_another(
    workspace, other_workspace, viewer
):
    for status in Status:
        take_without_files(workspace, status)
    take_without_files(
        other_workspace, project=Project.objects.create(workspace=other_workspace, title="Foreign")
    )
    shown = desk(viewer)
    assert shown.content.decode().count('id="desk-row-') == len(Status)
    assert "Foreign" not in text(shown)


def test_what_needs_a_person_stands_at_the_top(workspace, producer):
    for status in ("ready", "queued", "running", "uncertain"):
        take_without_files(workspace, status)
    page = text(desk(producer))
    places = [page.index(word) for word in ("Settle…", "Running 0 %", "Queued", "Finished")]
    assert places == sorted(places)


def test_a_viewer_sees_neither_costs_nor_controls(line, viewer, creative):
    Take.objects.update(estimate="3.5000", currency="USD")
    assert "3.50 USD" not in text(desk(viewer))
    assert "3.50 USD" in text(desk(creative))
    for words in ("Cancel", "Pause the queue", "Send next", "Discard"):
        assert words not in text(desk(viewer))
    assert "Pause the queue" not in text(desk(creative))


def test_an_unknown_rate_is_said_and_no_sum_is_invented(line, creative):
    assert "no rate" in text(desk(creative))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?group=waiting", 3),
        ("?group=ready", 1),
        ("?group=person", 0),
        ("?q=tokyo", 4),
        ("?q=TÓKYO", 4),
        ("?q=take+4", 1),
        ("?q=task_x", 1),
        ("?q=nothing", 0),
        ("?project=999999", 0),
        ("?group=nonsense&person=x&project=%00", 4),
    ],
)
def test_filters_live_in_the_address(line, workspace, viewer, query, found):
    ready = take_without_files(workspace, Status.READY, line[0].project)
    Take.objects.filter(pk=ready.pk).update(vendor_task_id="task_x")
    assert desk(viewer, query).content.decode().count('id="desk-row-') == found


def test_by_person(line, creative, producer):
    Take.objects.filter(pk=line[0].pk).update(created_by=creative.user)
    page = desk(producer, f"?person={creative.user.pk}")
    assert page.content.decode().count('id="desk-row-') == 1


def test_fifty_a_page(workspace, viewer):
    project = Project.objects.create(workspace=workspace, title="Long")
    for _ in range(53):
        take_without_files(workspace, Status.READY, project)
    first = desk(viewer).content.decode()
    assert first.count('id="desk-row-') == 50
    assert "page=2" in first
    assert desk(viewer, "?page=2").content.decode().count('id="desk-row-') == 3
    assert desk(viewer, "?page=x").status_code == 200


def test_twice_the_takes_cost_the_same_queries(workspace, admin, api_key):
    def cost(query):
        with CaptureQueriesContext(connection) as queries:
            assert desk(admin, query).status_code == 200
        return len(queries)

    def more():
        for status in Status:
            take_without_files(workspace, status)

    more()
    few = [cost(query) for query in ("", "?q=neon")]
    more()
    assert [cost(query) for query in ("", "?q=neon")] == few


def since_in(response):
    return re.search(r"/desk/\?[^\"]*since=([\d-]+)", response.content.decode())[1]


def test_a_pulse_that_saw_everything_costs_three_queries(line, viewer, django_assert_num_queries):
    since = since_in(desk(viewer))
    with django_assert_num_queries(3):  # session, person, workspace
        assert desk(viewer, f"?since={since}", **HTMX).status_code == 204


@pytest.mark.parametrize("what", ["moved", "left", "joined", "paused"])
def test_a_pulse_sees_what_changes(line, workspace, viewer, producer, what):
    since = since_in(desk(viewer))
    match what:
        case "moved":
            producer.post(at("desk-order"), {"take": line[2].pk, "move": "next"})
        case "left":
            Take.objects.filter(pk=line[0].pk).update(status="cancelled")
        case "joined":
            take_without_files(workspace, Status.QUEUED)
        case "paused":
            pausing.pause(workspace, producer.user)
    assert desk(viewer, f"?since={since}", **HTMX).status_code == 200


def test_moving_without_dragging(line, workspace, producer):
    first, second, third = (take.pk for take in line)
    for take, step, wanted in [
        (third, "next", [third, first, second]),
        (first, "down", [third, second, first]),
        (second, "up", [second, third, first]),
        (second, "up", [second, third, first]),
    ]:
        answer = producer.post(at("desk-order"), {"take": take, "move": step})
        assert answer.url == at("desk")
        assert in_line(workspace) == wanted
    moves = AuditEntry.objects.filter(action="queue.rearranged")
    assert moves.count() == 3  # what moved nothing is not told


def test_dragging_sends_the_whole_order(line, workspace, producer):
    wanted = [line[2].pk, line[0].pk, line[1].pk]
    answer = producer.post(at("desk-order"), {"order": ",".join(map(str, wanted))}, **HTMX)
    assert answer.status_code == 200
    assert in_line(workspace) == wanted


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"order": ""},
        {"order": "1,x"},
        {"order": "9" * 30},
        {"take": "1"},
        {"move": "up"},
        {"take": "x", "move": "up"},
        {"take": "1", "move": "sideways"},
    ],
)
def test_an_order_that_makes_no_sense_changes_nothing(line, workspace, producer, form):
    before = in_line(workspace)
    answer = producer.post(at("desk-order"), form, **HTMX)
    assert answer.status_code in (409, 422)
    assert in_line(workspace) == before


def test_a_take_that_was_sent_meanwhile_gets_409_and_the_fresh_line(line, workspace, producer):
    Take.objects.filter(pk=line[0].pk).update(status="submitting")
    order = ",".join(str(take.pk) for take in reversed(line))
    answer = producer.post(at("desk-order"), {"order": order}, **HTMX)
    assert answer.status_code == 409
    assert "left the line" in answer.headers["HX-Trigger"]
    assert json.loads(answer.headers["HX-Trigger"])["deskAnswered"]["mood"] == "failed"
    assert in_line(workspace) == [line[1].pk, line[2].pk]
    assert "Submitting" in text(answer)


def test_takes_of_another_workspace_cannot_be_moved(line, other_workspace, stranger, workspace):
    before = in_line(workspace)
    for form in ({"order": str(line[0].pk)}, {"take": line[2].pk, "move": "next"}):
        answer = stranger.post(at("desk-order", slug="elsewhere"), form, **HTMX)
        assert answer.status_code == 409
    stranger.post(at("desk-cancel", slug="elsewhere"), {"take": line[0].pk})
    assert in_line(workspace) == before


def test_pausing_and_resuming_is_said_and_told(line, workspace, producer, viewer):
    producer.post(at("desk-pause"))
    producer.post(at("desk-pause"))
    assert f"The render queue is paused by {producer.user}" in text(desk(viewer))
    line[0].refresh_from_db()
    assert f"paused by {producer.user}" in line[0].waits_for
    producer.post(at("desk-resume"), **HTMX)
    assert not Desk.objects.get(workspace=workspace).is_paused
    assert "is paused by" not in text(desk(viewer))
    told = AuditEntry.objects.filter(action__startswith="queue.").order_by("number")
    assert [entry.action for entry in told] == ["queue.paused", "queue.resumed"]


def test_cancelling_several_asks_first(line, creative):
    chosen = {"take": [line[0].pk, line[2].pk]}
    asked = creative.get(at("desk-cancel"), chosen, **HTMX)
    assert "These 2 takes were not sent yet." in text(asked)
    answer = creative.post(at("desk-cancel"), chosen, **HTMX)
    assert "2 takes are cancelled" in answer.headers["HX-Trigger"]
    statuses = Take.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["cancelled", "queued", "cancelled"]


def test_a_take_that_is_named_twice_counts_once(line, creative):
    answer = creative.post(at("desk-cancel"), {"take": [line[0].pk] * 3}, **HTMX)
    assert "1 take is cancelled" in answer.headers["HX-Trigger"]
    assert "had left the line" not in answer.headers["HX-Trigger"]


def test_what_was_sent_while_the_dialog_was_open_is_not_cancelled(line, creative):
    Take.objects.filter(pk=line[0].pk).update(status="submitting")
    answer = creative.post(at("desk-cancel"), {"take": [take.pk for take in line[:2]]}, **HTMX)
    assert "1 had left the line already" in answer.headers["HX-Trigger"]
    late = creative.post(at("desk-cancel"), {"take": line[0].pk}, **HTMX)
    assert late.status_code == 409
    assert Take.objects.get(pk=line[0].pk).status == "submitting"


def test_the_capacity_of_the_key_is_shown(workspace, viewer):
    assert "No API key yet" in text(desk(viewer))
    key = keys.add_key(workspace, "Main", "demo-5f1d2c3b4a596877", None)
    assert "no limit is known yet" in text(desk(viewer))
    take = take_without_files(workspace, Status.RUNNING)
    Take.objects.filter(pk=take.pk).update(api_key=key)
    KeyCapacity.objects.create(api_key=key, slots=3, learned_at=take.created_at)
    assert "1 of 3 vendor slots in use learned from Transend" in text(desk(viewer))


def test_an_empty_desk_says_what_to_do_first(workspace, creative, viewer):
    assert "then press Render" in text(desk(creative))
    assert "Once somebody renders" in text(desk(viewer))
    assert "Nothing needs you" in text(desk(viewer, "?group=person"))


def test_a_wait_reason_is_said_in_its_row(line, viewer):
    Take.objects.filter(pk=line[0].pk).update(waits_for="a vendor slot: all 3 are in use")
    assert "Waiting for a vendor slot: all 3 are in use." in text(desk(viewer))


def test_collecting_again_and_rendering_again_are_two_controls(workspace, creative):
    take_without_files(workspace, Status.UNCOLLECTED)
    page = text(desk(creative))
    assert "Collect again – costs nothing" in page
    assert "Render again…" in page


@pytest.mark.parametrize("odd", ["x", "", "9" * 40, "-1", "\x00", "٣"])
def test_odd_numbers_cancel_nothing(line, creative, odd):
    assert creative.get(at("desk-cancel"), {"take": odd}, **HTMX).status_code == 200
    assert creative.post(at("desk-cancel"), {"take": odd}, **HTMX).status_code == 409
    assert Take.objects.filter(status="queued").count() == 3


def keep(actor, take, value, **more):
    return actor.post(at("desk-keep"), {"take": take.pk, "keep": value}, **more)


def test_files_are_kept_and_left_to_retention_from_the_desk(workspace, creative):
    take = take_without_files(workspace, Status.READY)
    assert "Keep its files no longer" not in text(desk(creative))
    kept = keep(creative, take, "1", **HTMX)
    assert Take.objects.get().is_kept
    assert "Keep its files no longer" in text(kept)
    assert "Kept" in text(kept)
    assert f"The files of take {take.number} are kept." in kept["HX-Trigger"]
    keep(creative, take, "1")
    left = text(keep(creative, take, "0", follow=True))
    assert not Take.objects.get().is_kept
    assert "are left to the retention policy" in left
    told = AuditEntry.objects.filter(target=str(take)).order_by("pk")
    assert list(told.values_list("action", flat=True)) == ["take.kept", "take.kept_no_longer"]


@pytest.mark.parametrize(
    "status", sorted(set(Status) - {Status.READY, Status.UNCOLLECTED}), ids=str
)
def test_what_has_no_files_offers_nothing_to_keep(workspace, creative, status):
    take_without_files(workspace, status)
    assert "Keep its files" not in text(desk(creative))


def test_a_viewer_sees_what_is_kept_and_no_control(workspace, viewer):
    take = take_without_files(workspace, Status.READY)
    Take.objects.filter(pk=take.pk).update(is_kept=True)
    page = text(desk(viewer))
    assert "Kept" in page
    assert "Keep its files" not in page


def test_an_announced_deletion_stands_in_the_row_until_the_take_is_kept(workspace, creative):
    take = take_without_files(workspace, Status.READY)
    Take.objects.update(deletion_due_at=datetime(2026, 12, 3, tzinfo=UTC))
    says = "Its files are deleted from 3 December 2026 on, unless it is approved or kept."
    assert says in text(desk(creative))
    assert says not in text(keep(creative, take, "1", **HTMX))


def test_deleted_files_cannot_be_kept_and_the_desk_says_so(workspace, creative):
    take = take_without_files(workspace, Status.READY)
    Take.objects.update(files_deleted_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert "Keep its files" not in text(desk(creative))
    late = keep(creative, take, "1", **HTMX)
    assert late.status_code == 409
    assert "deleted already" in unquote(late["X-Says"])


@pytest.mark.parametrize(
    "form", [{"take": "x", "keep": "1"}, {"take": "999", "keep": "1"}, {"keep": "1"}, {"keep": "2"}]
)
def test_odd_wishes_to_keep_change_nothing(workspace, creative, form):
    take = take_without_files(workspace, Status.READY)
    form = {"take": str(take.pk), **form} if form["keep"] == "2" else form
    assert creative.post(at("desk-keep"), form, **HTMX).status_code == 422
    assert not Take.objects.get().is_kept


def test_takes_of_another_workspace_cannot_be_kept(other_workspace, creative):
    foreign = take_without_files(other_workspace, Status.READY)
    assert keep(creative, foreign, "1", **HTMX).status_code == 422
    assert not Take.objects.get().is_kept
