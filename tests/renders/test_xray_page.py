"""The x-ray's page: the bytes a take would freeze, and a link to the field of each broken rule."""

import hashlib
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.renders.readiness import payload_of
from studio.renders.submission import order_take
from studio.storyboards.exchange.transend_json import import_board, read_body
from studio.storyboards.models import Project
from studio.storyboards.presets import BUILT_IN_MOTIONS
from tests.builders import CURL_BODY, STORYBOARD


@pytest.fixture
def make(workspace, creative):
    def project_of(scenes, **body):
        read = read_body({**CURL_BODY, "storyboard": scenes, **body}, BUILT_IN_MOTIONS)
        return import_board(workspace, creative.user, "Neon Tokyo", read)

    return project_of


@pytest.fixture
def tokyo(make):
    return make(STORYBOARD, duration_seconds=30)


def page_of(client, project):
    answer = client.get(f"/projects/{project.pk}/x-ray/")
    assert answer.status_code == 200
    return answer.content.decode()


def payload_in(page):
    return html.unescape(re.search(r'id="x-payload"[^>]*>(.*?)</textarea>', page, re.S)[1]).encode()


def test_the_bytes_are_those_that_a_take_freezes(tokyo, viewer):
    page = page_of(viewer, tokyo)
    payload = payload_of(tokyo, tokyo.revisions.get().snapshot)
    assert payload_in(page) == payload
    assert hashlib.sha256(payload).hexdigest() in page
    assert f"{len(payload)} bytes" in page
    shown = re.search(r'<pre class="x-json"[^>]*>(.*?)</pre>', page, re.S)[1]
    bare = re.sub(r'<span class="x-mark">(\s+|: |[^<]*)</span>', lambda m: m[1].strip(), shown)
    assert html.unescape(re.sub(r"<[^>]+>", "", bare)).encode() == payload


def test_a_workspace_that_sends_no_shot_details_sees_so(tokyo, viewer, workspace):
    tokyo.shots.update(speed=0.9)
    type(workspace).objects.filter(pk=workspace.pk).update(sends_shot_details=False)
    revision = tokyo.revisions.get()
    for shot in revision.snapshot["shots"]:
        shot["speed"] = 0.9
    type(revision).objects.filter(pk=revision.pk).update(snapshot=revision.snapshot)
    page = page_of(viewer, tokyo)
    assert "This workspace sends speed and light for the whole film only." in page
    assert b"0.9" not in payload_in(page)


def test_each_broken_rule_links_to_its_field(make, viewer):
    scenes = [{"prompt": "Rain", "duration_seconds": 4}, {"prompt": "", "duration_seconds": 5}]
    project = make(scenes, duration_seconds=9)
    first, second = project.shots.all()
    page = page_of(viewer, project)
    board = f"/projects/{project.pk}/"
    for address, words in (
        (f"{board}?shot={second.pk}#inspect-{second.pk}-prompt", "Shot 2 has no prompt."),
        (f"{board}?shot={second.pk}#inspect-{second.pk}-duration", "The timeline is 9 s long"),
    ):
        assert re.search(rf'<a href="{re.escape(address)}"[^>]*>{words}', page), words
    inspected = viewer.get(f"{board}?shot={second.pk}").content.decode()
    assert f'id="inspect-{second.pk}-prompt"' in inspected
    assert f'id="inspect-{second.pk}-duration"' in inspected
    assert first.pk != second.pk


def test_what_a_user_wrote_is_text_not_markup(make, viewer):
    scenes = [{"id": "a <3", "prompt": 'B & "c" <3', "duration_seconds": 30}]
    page = page_of(viewer, make(scenes, duration_seconds=30))
    assert "<3" not in page
    assert "a &lt;3" in page


def test_a_take_of_the_same_bytes_is_named(tokyo, creative, api_key):
    order_take(tokyo, creative.user)
    assert "was made from exactly these bytes" in page_of(creative, tokyo)


def test_a_project_that_was_never_saved_says_what_to_do(workspace, viewer):
    empty = Project.objects.create(workspace=workspace, title="Nothing")
    assert "Nothing is saved on this board yet" in page_of(viewer, empty)


def test_only_members_see_it_and_nobody_posts_to_it(tokyo, viewer, stranger, client):
    address = f"/projects/{tokyo.pk}/x-ray/"
    assert stranger.get(address).status_code == 404
    assert client.get(address)["Location"].startswith("/accounts/login/")
    assert viewer.post(address).status_code == 405


def test_queries_do_not_grow_with_shots(make, viewer):
    def queries(count):
        scenes = [{"prompt": f"Beat {n}", "duration_seconds": 2} for n in range(count)]
        project = make(scenes, duration_seconds=2 * count)
        with CaptureQueriesContext(connection) as seen:
            page_of(viewer, project)
        return len(seen)

    assert queries(8) == queries(16)
