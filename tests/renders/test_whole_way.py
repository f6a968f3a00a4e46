"""From an order to a take in the vault: real vendor, real files, the document's bodies."""

import hashlib
import json

import pytest

from studio.pictures.probe import probe_gif, probe_mp4
from studio.renders.models import TakeAsset
from studio.renders.submission import order_take
from studio.transend.simulator import Simulator, Sizes
from studio.vault import storing
from tests.builders import CURL_BODY, STORYBOARD
from tests.renders.conftest import KEY, House, point_at, posts, save_revision, statuses_of


def files_of(take):
    return {row.part: row.asset for row in TakeAsset.objects.select_related("asset")}


def test_a_take_goes_from_an_order_to_the_vault(take, house):
    house.until(take, "ready")
    assert statuses_of(take)[:3] == ["queued", "submitting", "submitted"]
    assert statuses_of(take)[-2:] == ["collecting", "ready"]
    assert (take.progress, take.waits_for, take.next_poll_at) == (100, "", None)
    assert take.finished_at is not None
    assert set(files_of(take)) == {"vendor_gif", "preview_gif", "poster", "filmstrip", "video"}


def test_really_drawn_films_arrive_whole(project, creative, api_key, tmp_path, settings):
    sizes = Sizes(gif=(96, 54), gif_fps=1, mp4=(96, 54), mp4_fps=2)
    with Simulator(keys={KEY}, storage=tmp_path / "t", speed=300, sizes=sizes) as vendor:
        point_at(vendor, settings, tmp_path)
        take = House().until(order_take(project, creative.user), "ready", within_s=60)
    files = files_of(take)
    video = probe_mp4(storing.path_of(files["video"]))
    assert abs(video.duration_ms - 30_000) < 500
    assert "remark" not in files["video"].facts
    theirs = probe_gif(storing.path_of(files["vendor_gif"]))
    ours = probe_gif(storing.path_of(files["preview_gif"]))
    assert ours == theirs
    assert files["preview_gif"].sha256 != files["vendor_gif"].sha256
    for asset in files.values():
        bytes_kept = storing.path_of(asset).read_bytes()
        assert asset.sha256 == hashlib.sha256(bytes_kept).hexdigest()


def test_a_video_of_another_length_is_kept_and_remarked_on(take, house):
    house.until(take, "ready")
    assert "but 30 s were ordered" in files_of(take)["video"].facts["remark"]


def test_the_documents_curl_body_arrives_field_by_field(
    project, creative, api_key, house, vendor, settings
):
    settings.TRANSEND_WEBHOOK_BASE = "https://studio.example.com"
    project.shots.all().delete()
    project.brief = ""
    project.light_temperature, project.light_style = 4200.0, "rainy-night"
    project.shots.create(
        scene_id="scene-1", position=0, prompt=CURL_BODY["prompt"], duration_ms=45_000
    )
    save_revision(project, creative.user)
    take = order_take(project, creative.user)
    house.work()
    (request,) = posts(vendor)
    webhook = request.body.pop("webhook_url")
    assert webhook.startswith(f"https://studio.example.com/hooks/transend/{take.pk}/")
    assert request.body.pop("webhook_metadata") == {"shotboard_take": take.pk}
    assert request.body == CURL_BODY
    assert list(request.body) == list(CURL_BODY)
    assert b'"duration_seconds":45,' in request.raw
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"].startswith("Bearer ")


def test_the_documents_storyboard_arrives_field_by_field(take, house, vendor):
    house.work()
    (request,) = posts(vendor)
    assert request.body["storyboard"] == STORYBOARD
    assert [list(scene) for scene in request.body["storyboard"]] == [list(s) for s in STORYBOARD]
    assert request.body["duration_seconds"] == 30
    assert request.body["camera"] == {"motion": "orbit", "speed": 0.6}


def test_what_is_sent_is_the_frozen_payload_and_two_additions(
    project, creative, api_key, house, vendor, settings
):
    settings.TRANSEND_WEBHOOK_BASE = "https://studio.example.com"
    project.webhook_metadata = {"audio": "score.wav", "cue": 3}
    save_revision(project, creative.user)
    take = order_take(project, creative.user)
    project.brief = "Something else entirely."
    save_revision(project, creative.user)
    house.work()
    sent = posts(vendor)[0].body
    assert sent.pop("webhook_metadata") == {
        "audio": "score.wav",
        "cue": 3,
        "shotboard_take": take.pk,
    }
    sent.pop("webhook_url")
    frozen = json.loads(take.payload)
    assert frozen.pop("webhook_metadata") == {"audio": "score.wav", "cue": 3}
    assert sent == frozen
    assert hashlib.sha256(take.payload.encode()).hexdigest() == take.payload_sha256


def test_a_vendor_that_cannot_reach_us_gets_no_webhook_url(take, house, vendor):
    house.work()
    assert "webhook_url" not in posts(vendor)[0].body


@pytest.mark.parametrize("speed", [60, 6000])
def test_progress_and_statuses_are_those_of_the_vendor(
    project, creative, api_key, tmp_path, settings, footage, speed
):
    with Simulator(keys={KEY}, storage=tmp_path / "t", speed=speed, footage=footage) as vendor:
        point_at(vendor, settings, tmp_path)
        take = order_take(project, creative.user)
        House().until(take, "collecting")
        shown = [r.response for r in vendor.requests if r.path.startswith("/v1/tasks/")]
    assert take.vendor_task_id == shown[-1]["task_id"]
    assert take.trace_id == shown[-1]["trace_id"]
    assert ("running" in statuses_of(take)) == any(task["status"] == "running" for task in shown)
