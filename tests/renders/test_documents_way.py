"""The document's own examples, from a file to a released film: commands, loops and HTTP."""

import hashlib
import io
import json
import urllib.request

import pytest
from django.core.management import call_command
from django.db import connections
from django.urls import reverse

from studio.renders.models import Take
from studio.transend.wire import decode_json, encode_body
from tests.builders import CURL_BODY, CURL_TEXT, STORYBOARD, STORYBOARD_TEXT
from tests.renders.conftest import House, posts
from tests.renders.loops import Watcher, until

pytestmark = pytest.mark.django_db(transaction=True)

WHOLE = {**CURL_BODY, "duration_seconds": 30, "storyboard": STORYBOARD}
# What the document requires and the array alone lacks: its scenes say it all.
ALONE = {
    "prompt": "Wide aerial of neon Tokyo. Close-up of umbrellas catching raindrops.",
    "duration_seconds": 30,
    "camera": {"motion": "orbit"},
    "storyboard": STORYBOARD,
}
EXAMPLES = {
    "the curl body": (CURL_TEXT, CURL_BODY),
    "the storyboard in a whole body": (json.dumps(WHOLE), WHOLE),
    "the storyboard as printed": ('{"storyboard": ' + STORYBOARD_TEXT + "}", ALONE),
    "the array alone": (STORYBOARD_TEXT, ALONE),
}


def command(*arguments):
    """What a command answers with."""
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def got(live_server, actor, path):
    """A page or file as a browser gets it: over a real connection."""
    request = urllib.request.Request(
        live_server.url + path, headers={"Cookie": f"sessionid={actor.cookies['sessionid'].value}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.headers["Content-Type"], answer.read()


def brought_to(take, status):
    """Worker and watcher at their work until the take is there."""
    house = House()

    def is_there():
        house.work()
        take.refresh_from_db()
        return take.status == status

    with Watcher():
        until(is_there, within_s=90)


@pytest.mark.parametrize(("printed", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_an_example_of_the_document_becomes_a_released_film(
    printed, expected, presets, creative, producer, api_key, vendor, live_server, settings, tmp_path
):
    settings.TRANSEND_WEBHOOK_BASE = live_server.url
    file = tmp_path / "neon.json"
    file.write_text(printed)
    author, judge = creative.user.email, producer.user.email
    project = command("import_storyboard", file, "--workspace", "kitchen", "--as", author)
    ordered = command("submit_project", project["project"], "--as", author)
    take = Take.objects.get(pk=ordered["take"])
    brought_to(take, "ready")

    (request,) = posts(vendor)
    sent = decode_json(request.raw)
    webhook, metadata = sent.pop("webhook_url"), sent.pop("webhook_metadata")
    assert webhook.startswith(f"{live_server.url}/hooks/transend/{take.pk}/")
    assert metadata == {"shotboard_take": take.pk}
    assert json.dumps(sent) == json.dumps(expected)  # fields, their order, and 45 is not 45.0
    assert hashlib.sha256(encode_body(sent)).hexdigest() == take.payload_sha256
    assert take.payload.encode() == encode_body(expected)

    assert command("decide_take", take.pk, "--as", judge, "--approve")["released"]
    media_type, film = got(live_server, producer, reverse("reviews:video", args=[take.pk]))
    asset = take.assets.get(part="video").asset
    assert media_type == "video/mp4"
    assert hashlib.sha256(film).hexdigest() == asset.sha256
    (theirs,) = (tmp_path / "transend" / "footage").glob("*.mp4")
    assert film == theirs.read_bytes()


@pytest.fixture(autouse=True)
def _no_connection_left_open(transactional_db):
    yield
    connections.close_all()
