"""Panel, status and actions: who may, what they see, and what a pulse costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from studio.accounts import keys
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.submission import order_take
from studio.renders.wording import standing_of
from tests.renders.conftest import posts, save_revision

HTMX = {"headers": {"HX-Request": "true"}}


def panel(project, since=None):
    query = "" if since is None else f"?since={since}"
    return reverse("renders:panel", args=[project.pk]) + query


def status(take, since=None):
    query = "" if since is None else f"?since={since}"
    return reverse("renders:status", args=[take.pk]) + query


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def put(take, to, **fields):
    Take.objects.filter(pk=take.pk).update(status=to, **fields)
    take.refresh_from_db()
    return take


GETS = ["renders:panel", "renders:status"]
POSTS = {
    "renders:render": "creative producer admin",
    "renders:cancel": "creative producer admin",
    "renders:collect_again": "creative producer admin",
    "renders:resolve": "producer admin",
}


def url_of(name, take):
    pk = take.project_id if name in ("renders:panel", "renders:render") else take.pk
    return reverse(name, args=[pk])


@pytest.mark.parametrize("name", GETS)
def test_every_member_may_look_and_no_outsider(name, take, viewer, stranger, client):
    url = url_of(name, take)
    assert viewer.get(url).status_code == 200
    assert viewer.get(url, **HTMX).status_code == 200
    assert stranger.get(url).status_code == 404
    assert client.get(url).status_code == 302
    assert viewer.post(url).status_code == 405


@pytest.mark.parametrize("name", POSTS)
def test_each_action_is_for_its_roles_and_by_post(
    name, take, viewer, creative, producer, admin, stranger
):
    url = url_of(name, take)
    actors = {"viewer": viewer, "creative": creative, "producer": producer, "admin": admin}
    allowed = {role for role, actor in actors.items() if actor.post(url).status_code != 403}
    assert allowed == set(POSTS[name].split())
    assert stranger.post(url).status_code == 404
    wrong = admin.put(url) if name == "renders:render" else admin.get(url)
    assert wrong.status_code == 405


def test_pressing_render_orders_one_take_however_often(creative, project, api_key, vendor):
    url = reverse("renders:render", args=[project.pk])
    page = creative.get(url).content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
    form = {"form_token": token, "revision": "1"}
    first, second = creative.post(url, form), creative.post(url, form)
    take = Take.objects.get()
    assert first.url == second.url == reverse("reviews:take", args=[take.pk])
    assert OrmQ.objects.count() == 1


def test_with_htmx_the_panel_comes_back_with_the_new_take(creative, project, api_key, vendor):
    url = reverse("renders:render", args=[project.pk])
    response = creative.post(url, {"form_token": "a", "revision": "1"}, **HTMX)
    assert response.status_code == 200
    assert "takeChanged" in response.headers["HX-Trigger"]
    assert "Take 1" in text(response)
    assert "<html" not in response.content.decode()


def test_the_buttons_are_named_render_and_each_dialog_has_its_own_token(
    creative, project, api_key, vendor
):
    url = reverse("renders:render", args=[project.pk])
    board = creative.get(panel(project), **HTMX).content.decode()
    assert re.search(r"<button[^>]*>(<span[^>]*></span>)?Render</button>", board)
    pages = [creative.get(url, **HTMX).content.decode() for _ in range(2)]
    tokens = {re.search(r'name="form_token" value="([^"]+)"', page)[1] for page in pages}
    assert len(tokens) == 2
    button = re.search(r"<button[^>]*primary[^>]*>(.*?)</button>", pages[0], re.S)
    assert re.sub(r"<[^>]+>", "", button[1]).strip() == "Render"
    assert "disabled" not in button[0]


def test_what_cannot_be_rendered_has_a_dead_button_and_its_reason(creative, project, vendor):
    project.shots.filter(position=0).update(duration_ms=90_000)
    save_revision(project, creative.user)
    response = creative.get(panel(project), **HTMX)
    assert re.search(r"<button[^>]* disabled", response.content.decode())
    assert "Shorten it by 42 s." in text(response)
    assert "has no API key yet. Ask an admin to add one." in text(response)


def test_a_refused_order_is_422_with_the_reasons_and_sends_nothing(creative, project, vendor):
    url = reverse("renders:render", args=[project.pk])
    for more in ({}, HTMX):
        response = creative.post(url, {"form_token": "a", "revision": "1"}, **more)
        assert response.status_code == 422
        assert "Nothing was sent." in text(response)
    assert not Take.objects.exists()


def test_odd_form_fields_do_no_harm(creative, project, api_key, vendor):
    url = reverse("renders:render", args=[project.pk])
    whole = {"form_token": "a", "revision": "1"}
    odd = ["", "\x00" * 500, "9" * 65, "ü"]
    for wrong in [{}, *({**whole, name: value} for name in whole for value in odd)]:
        response = creative.post(url, wrong)
        assert response.status_code == 422
        assert "This page is out of date. Reload it" in text(response)
    assert not Take.objects.exists()


def order(actor, project, token, revision=1, **more):
    form = {"form_token": token, "revision": revision, **more}
    return actor.post(reverse("renders:render", args=[project.pk]), form, **HTMX)


def test_the_same_board_is_paid_for_again_only_when_it_is_meant(creative, project, api_key, vendor):
    assert order(creative, project, "one").status_code == 200
    second = order(creative, project, "two")
    assert second.status_code == 409
    assert "Take 1 was made from exactly this board." in text(second)
    assert Take.objects.count() == 1
    assert order(creative, project, "three", again="1").status_code == 200
    assert Take.objects.count() == 2


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_take_without_a_film_does_not_hold_up_the_next(
    status, creative, project, api_key, vendor
):
    order(creative, project, "one")
    Take.objects.update(status=status)
    assert order(creative, project, "two").status_code == 200


def test_nobody_pays_for_what_is_not_on_their_screen(creative, producer, project, api_key, vendor):
    save_revision(project, creative.user)
    own = order(creative, project, "one", revision=1)
    assert own.status_code == 422
    assert "You, in another window, changed this board since revision 1" in text(own)
    other = order(producer, project, "two", revision=1)
    assert f"{creative.user} changed this board since revision 1" in text(other)
    # Pressing again is refused again: the page still shows what it showed.
    assert re.search(r'name="revision" value="(\d+)"', other.content.decode())[1] == "1"
    assert not Take.objects.exists()


def test_a_viewer_sees_takes_and_no_button(viewer, take):
    response = viewer.get(panel(take.project))
    assert "Take 1" in text(response)
    assert "form_token" not in response.content.decode()


def since_in(response):
    return re.search(r"\?since=([\d-]+)", response.content.decode())[1]


def test_one_pulse_keeps_a_whole_panel(creative, project, api_key, vendor, house):
    takes = [order_take(project, creative.user) for _ in range(3)]
    page = creative.get(panel(project), **HTMX)
    assert page.content.decode().count("data-pulse") == 1
    since = since_in(page)
    assert creative.get(panel(project, since), **HTMX).status_code == 204
    put(takes[1], "running", progress=42, changes=takes[1].changes + 1)
    moved = creative.get(panel(project, since), **HTMX)
    assert moved.status_code == 200
    assert "42 %" in text(moved)
    assert "form_token" not in moved.content.decode()
    assert "HX-Trigger" not in moved.headers


def test_a_moved_status_tells_the_rest_of_the_page(creative, take, house):
    since = since_in(creative.get(panel(take.project), **HTMX))
    own = take.pulse
    house.work()
    for url in (panel(take.project, since), status(take, own)):
        assert "takeChanged" in creative.get(url, **HTMX).headers["HX-Trigger"]
    moved = creative.get(status(take, own), **HTMX)
    assert moved.headers["HX-Retarget"] == f"#take-status-{take.pk}"


def test_progress_alone_replaces_the_pulsing_part_alone(creative, take):
    put(take, "running", progress=10, changes=5)
    before = take.pulse
    put(take, "running", progress=42, changes=6)
    response = creative.get(status(take, before), **HTMX)
    assert "42 %" in text(response)
    assert "HX-Trigger" not in response.headers
    assert "HX-Retarget" not in response.headers
    assert "<details" not in response.content.decode()


def test_a_pulse_that_saw_everything_gets_204(creative, take):
    assert creative.get(status(take, take.pulse), **HTMX).status_code == 204


@pytest.mark.parametrize("odd", ["", "x", "1", "-", "9" * 99, "%00"])
def test_an_odd_pulse_gets_the_whole_state(creative, take, odd):
    assert creative.get(status(take, odd), **HTMX).status_code == 200


EVERY = {
    "running": "every 1s",
    "queued": "every 1s",
    "uncertain": "every 5s",
    "stalled": "every 5s",
}


@pytest.mark.parametrize("at", list(Status))
def test_pages_ask_often_while_it_moves_and_never_again_at_the_end(creative, take, at):
    page = creative.get(status(put(take, at)), **HTMX).content.decode()
    if at in ("ready", "failed", "cancelled"):
        assert "data-pulse" not in page
        assert "every" not in page
    else:
        assert EVERY.get(at, "every ") in page
        assert "data-pulse" in page


@pytest.mark.parametrize("at", list(Status))
def test_each_status_has_a_sentence_and_no_bare_code(take, at):
    standing = standing_of(put(take, at))
    assert standing.says.endswith(".")
    assert at not in ("uncertain",) or "console" in standing.then


def test_what_is_waited_for_is_said(creative, take):
    put(take, "queued", waits_for="a vendor slot: Transend's concurrency limit is reached")
    said = text(creative.get(status(take)))
    assert "Waiting for a vendor slot" in said
    assert "nothing is billed" in said


def test_what_shotboard_repeats_by_itself_is_nobodys_task(creative, take):
    trouble = {
        "error_kind": "link_expired",
        "error_says": "The link has expired.",
        "error_resolution": "Ask for the task again.",
    }
    put(take, "collecting", waits_for="the finished files", **trouble)
    said = text(creative.get(status(take)))
    assert "Nothing needs to be done here: Shotboard goes on by itself." in said
    assert "It waits for the finished files." in said
    assert "Ask for the task again" not in said
    put(take, "uncollected")
    assert "Ask for the task again" in text(creative.get(status(take)))


def test_a_failure_says_what_to_do_and_shows_the_trace_id(creative, take):
    put(
        take,
        "failed",
        trace_id="vid_sora_9f0a",
        error_kind="render_failed",
        error_says="It failed.",
        error_resolution="Contact support.",
        error_body="<script>alert(1)</script>",
        error_status=500,
    )
    response = creative.get(status(take))
    assert "It failed." in text(response)
    assert "Contact support." in text(response)
    assert "vid_sora_9f0a" in text(response)
    assert "<script>alert(1)" not in response.content.decode()


def test_cancelling(creative, take, vendor, house):
    page = creative.get(status(take)).content.decode()
    assert "Cancel" in page
    response = creative.post(reverse("renders:cancel", args=[take.pk]))
    assert response.url == reverse("reviews:take", args=[take.pk])
    house.work()
    assert posts(vendor) == []


def test_cancelling_too_late_says_so(creative, take):
    put(take, "running")
    response = creative.post(reverse("renders:cancel", args=[take.pk]), **HTMX)
    assert response.status_code == 409
    assert "too late to cancel" in text(response)


def test_collecting_again(creative, viewer, take):
    put(take, "uncollected", error_says="The disk is full.")
    assert "Collect again" not in text(viewer.get(status(take)))
    assert "Collect again" in text(creative.get(status(take)))
    url = reverse("renders:collect_again", args=[take.pk])
    assert "takeChanged" in creative.post(url, **HTMX).headers["HX-Trigger"]
    take.refresh_from_db()
    assert take.status == "collecting"
    again = creative.post(url, **HTMX)
    assert again.status_code == 409
    assert "no longer “Not collected”" in text(again)


def test_an_uncertain_take_is_settled_by_a_producer(creative, producer, take):
    put(take, "uncertain", error_says="The connection broke.", billable=1)
    assert "A producer or an admin can settle it here." in text(creative.get(status(take)))
    page = text(producer.get(status(take)))
    assert all(way in page for way in ("Follow this task", "It was not created", "Send again"))
    url = reverse("renders:resolve", args=[take.pk])
    assert producer.post(url, {"decision": "not_created"}).status_code == 302
    take.refresh_from_db()
    assert take.status == "failed"
    assert producer.post(url, {"decision": "not_created"}, **HTMX).status_code == 409


def test_sending_again_needs_the_tick(producer, take):
    put(take, "uncertain")
    url = reverse("renders:resolve", args=[take.pk])
    refused = producer.post(url, {"decision": "send_again"}, **HTMX)
    assert refused.status_code == 422
    assert "it may cost twice" in text(refused)
    assert producer.post(url, {"decision": "nonsense"}).status_code == 422
    assert producer.post(url, {"decision": "send_again", "agreed": "yes"}).status_code == 302
    take.refresh_from_db()
    assert take.status == "queued"


def test_a_task_id_that_is_refused_is_still_there(producer, take):
    put(take, "uncertain")
    url = reverse("renders:resolve", args=[take.pk])
    refused = producer.post(url, {"decision": "task_id", "task_id": 'task_"x'}, **HTMX)
    assert refused.status_code == 422
    assert 'value="task_&quot;x"' in refused.content.decode()


def test_a_paused_key_kills_the_button_with_its_reason(creative, project, api_key, vendor):
    keys.pause_key(api_key, "Refused.")
    assert "refused the API key Main" in text(creative.get(panel(project), **HTMX))


def test_twice_the_takes_cost_the_same_queries(creative, project, api_key, vendor):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert creative.get(panel(project)).status_code == 200
        return len(queries)

    for _ in range(3):
        order_take(project, creative.user)
    few = cost()
    for _ in range(3):
        order_take(project, creative.user)
    assert cost() == few


def test_a_pulse_costs_three_queries(creative, take, django_assert_num_queries):
    with django_assert_num_queries(3):  # session, person, take
        creative.get(status(take, take.pulse), **HTMX)


def test_long_lists_are_cut_in_the_panel_and_whole_on_the_page(creative, take):
    Take.objects.bulk_create(
        Take(
            workspace=take.workspace,
            project=take.project,
            revision=take.revision,
            number=number,
            payload="{}",
            payload_sha256="0" * 64,
            duration_ms=30_000,
            created_at=timezone.now() - timedelta(days=number),
        )
        for number in range(2, 14)
    )
    assert "All takes of this project" in text(creative.get(panel(take.project), **HTMX))
    whole = creative.get(panel(take.project)).content.decode()
    assert whole.count('class="take-row"') == 13
