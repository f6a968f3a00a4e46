"""Frames: drawn once, kept by what they show, never half written."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from studio.storyboards import frames
from studio.storyboards.models import Project, Shot


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.STUDIO_VAR = tmp_path
    return tmp_path


def a_shot(**fields):
    project = Project(light_temperature=4200.0)
    return Shot(project=project, prompt="Rain on neon", **fields), project


def drawn(var):
    return sorted(path for path in (var / "cache").rglob("*") if path.is_file())


def test_a_frame_is_a_jpeg_of_its_size(tokyo, creative):
    answer = creative.get(f"/shots/{tokyo.shots.first().pk}/frame.jpg")
    image = Image.open(BytesIO(answer.content))
    assert (answer["Content-Type"], image.format, image.size) == ("image/jpeg", "JPEG", frames.SIZE)


def test_a_version_is_kept_for_ever_and_any_other_is_asked_again(tokyo, creative):
    shot = tokyo.shots.first()
    name = frames.fingerprint(shot, tokyo)
    at = f"/shots/{shot.pk}/frame.jpg"
    assert "immutable" in creative.get(f"{at}?v={name[:12]}")["Cache-Control"]
    for query in ("", "?v=", "?v=0", f"?v={name[:3]}", "?v=000000000000"):
        assert creative.get(at + query)["Cache-Control"] == "private, no-cache"


def test_what_the_browser_has_is_not_sent_or_drawn_again(tokyo, creative, var):
    shot = tokyo.shots.first()
    etag = f'"{frames.fingerprint(shot, tokyo)}"'
    answer = creative.get(f"/shots/{shot.pk}/frame.jpg", headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert not (var / "cache").exists()


def test_the_frame_changes_with_prompt_and_light_alone():
    shot, project = a_shot(motion="orbit", duration_ms=5_000)
    name = frames.fingerprint(shot, project)
    shot.motion, shot.duration_ms, shot.scene_id, shot.speed = "static", 9_000, "other", 0.2
    assert frames.fingerprint(shot, project) == name
    shot.light_style = "noir"
    with_style = frames.fingerprint(shot, project)
    shot.prompt = "Sun on neon"
    assert len({name, with_style, frames.fingerprint(shot, project)}) == 3


def test_a_shots_own_light_goes_before_the_projects():
    shot, project = a_shot()
    assert frames.light_of(shot, project).temperature_k == 4200
    shot.light_temperature = 2800.0
    assert frames.light_of(shot, project).temperature_k == 2800
    shot.light_intensity = 0.0
    assert frames.light_of(shot, project).intensity == 0.0


def test_ten_readers_at_once_get_one_whole_frame(var):
    shot, project = a_shot()
    gate = threading.Barrier(10)

    def read():
        gate.wait()
        return frames.frame_of(shot, project).read_bytes()

    with ThreadPoolExecutor(10) as readers:
        found = {future.result() for future in [readers.submit(read) for _ in range(10)]}
    assert len(found) == 1
    assert len(drawn(var)) == 1


def test_a_failed_drawing_leaves_no_file(var, monkeypatch):
    shot, project = a_shot()
    monkeypatch.setattr(frames, "SIZE", (0, 0))
    with pytest.raises((ValueError, SystemError, ZeroDivisionError)):
        frames.frame_of(shot, project)
    assert drawn(var) == []


def test_a_busy_house_says_when_to_come_again(tokyo, creative, monkeypatch):
    monkeypatch.setattr(frames, "PATIENCE_S", 0.01)
    for _ in range(frames.DRAWS_AT_ONCE):
        assert frames._drawing.acquire(blocking=False)
    try:
        answer = creative.get(f"/shots/{tokyo.shots.first().pk}/frame.jpg")
    finally:
        for _ in range(frames.DRAWS_AT_ONCE):
            frames._drawing.release()
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
