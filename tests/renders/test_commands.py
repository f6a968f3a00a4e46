"""submit_project, show_take and resolve_take, as pipelines call them."""

import json
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from studio.renders.models import Take
from studio.renders.submission import cancel
from tests.renders.conftest import House, posts, save_revision


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return json.loads(out.getvalue())


def refusal(*args):
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command(*args, stdout=out)
    return refused.value, out.getvalue()


def test_submitting_prints_the_take(project, creative, api_key, vendor):
    answer = run("submit_project", str(project.pk), "--as", creative.user.email)
    assert answer == {"take": Take.objects.get().pk, "status": "queued"}


@pytest.mark.django_db(transaction=True)
def test_waiting_returns_at_the_end(project, creative, api_key, vendor):
    def background():
        try:
            while not Take.objects.exists():
                pass
            House().until(Take.objects.get(), "ready")
        finally:
            connections.close_all()

    thread = threading.Thread(target=background)
    thread.start()
    answer = run("submit_project", str(project.pk), "--as", creative.user.email, "--wait", "20")
    thread.join()
    assert answer["status"] == "ready"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("end", "says"), [("failed", "The take failed."), ("cancelled", "was")])
def test_waiting_tells_of_a_bad_end(project, creative, api_key, vendor, end, says):
    vendor.set_scenario({"rules": [{"do": "fail_render"}]})

    def background():
        try:
            while not Take.objects.exists():
                pass
            if end == "cancelled":
                cancel(Take.objects.get(), creative.user)
            else:
                House().until(Take.objects.get(), end)
        finally:
            connections.close_all()

    thread = threading.Thread(target=background)
    thread.start()
    args = ("--as", creative.user.email, "--wait", "20")
    refused, printed = refusal("submit_project", str(project.pk), *args)
    thread.join()
    assert (refused.returncode, json.loads(printed)["status"]) == (1, end)
    assert says in str(refused)


def test_waiting_ends_at_its_limit(project, creative, api_key, vendor):
    args = ("--as", creative.user.email, "--wait", "0.3")
    assert run("submit_project", str(project.pk), *args)["status"] == "queued"


def test_who_may_not_render_is_told(project, viewer, stranger, api_key, vendor):
    for who in (viewer.user.email, stranger.user.email, "nobody@example.com"):
        refused, printed = refusal("submit_project", str(project.pk), "--as", who)
        assert (refused.returncode, printed) == (1, "")
    assert not Take.objects.exists()


def test_a_board_that_cannot_be_sent_is_refused_in_words(project, creative, api_key, vendor):
    project.shots.update(duration_ms=1_000)
    save_revision(project, creative.user)
    refused, _ = refusal("submit_project", str(project.pk), "--as", creative.user.email)
    assert "Add 13 s." in str(refused)


def test_what_does_not_exist_is_said(db):
    for args in (
        ("submit_project", "404", "--as", "a@example.com"),
        ("show_take", "404"),
        ("resolve_take", "404", "--as", "a@example.com", "--not-created"),
    ):
        refused, _ = refusal(*args)
        assert "404" in str(refused)


def test_showing_a_take_tells_everything_by_the_agreed_names(take, house):
    house.until(take, "ready")
    shown = run("show_take", str(take.pk))
    assert shown.keys() >= {
        "take",
        "number",
        "status",
        "progress",
        "vendor_task_id",
        "trace_id",
        "error",
        "payload_sha256",
        "events",
        "assets",
        "decision",
        "released",
    }
    assert (shown["status"], shown["progress"], shown["error"]) == ("ready", 100, None)
    assert shown["payload_sha256"] == take.payload_sha256
    assert set(shown["assets"]) == {"preview_gif", "video"}
    assert shown["assets"]["video"]["size_bytes"] > 0
    assert len(shown["assets"]["video"]["sha256"]) == 64
    assert [event["to"] for event in shown["events"]][-1] == "ready"
    assert (shown["decision"], shown["released"]) == (None, False)


def test_an_error_is_told_with_its_resolution(take, house, vendor):
    vendor.set_scenario({"rules": [{"do": "error_500", "when": {"method": "POST"}}]})
    house.work()
    error = run("show_take", str(take.pk))["error"]
    assert error["kind"] == "outcome_unknown"
    assert (error["status"], "console" in error["resolution"]) == (500, True)


@pytest.fixture
def uncertain(take, house, vendor):
    vendor.set_scenario({"rules": [{"do": "accept_then_drop", "when": {"method": "POST"}}]})
    house.work()
    vendor.set_scenario({})
    return take


def test_resolving_each_way(uncertain, producer, vendor, tmp_path):
    args = ("resolve_take", str(uncertain.pk), "--as", producer.user.email)
    assert "does not know" in str(refusal(*args, "--task-id", "task_nope")[0])
    (file,) = (tmp_path / "transend" / "tasks").glob("*.json")
    assert run(*args, "--task-id", file.stem)["status"] == "submitted"
    for way in ("--send-again", "--not-created"):
        said = str(refusal(*args, way)[0])
        assert f"Take {uncertain.pk} is “Submitted”, not “Outcome unknown”" in said
        assert said.endswith(f"See it with show_take {uncertain.pk}.")
    for way, after in (("--not-created", "failed"), ("--send-again", "queued")):
        Take.objects.update(status="uncertain")
        assert run(*args, way)["status"] == after
    assert len(posts(vendor)) == 1


def test_a_creative_may_not_resolve(uncertain, creative):
    args = ("resolve_take", str(uncertain.pk), "--as", creative.user.email, "--send-again")
    assert "As a creative you may not settle" in str(refusal(*args)[0])


def test_one_way_must_be_chosen(uncertain, producer):
    args = ("resolve_take", str(uncertain.pk), "--as", producer.user.email)
    assert refusal(*args)[0].returncode != 0
    assert refusal(*args, "--not-created", "--send-again")[0].returncode != 0
