"""Frames: drawn once, kept by what they show, never half written."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
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


def test_a_drawn_frame_says_its_words_but_where_people_draw_on_it(tokyo, creative):
    shot = tokyo.shots.first()
    at = f"/shots/{shot.pk}/frame.jpg"
    assert creative.get(at).content != creative.get(f"{at}?bare=1").content
    name = frames.fingerprint(shot, tokyo, shows=frames.SCENE)[:12]
    assert "immutable" in creative.get(f"{at}?bare=1&v={name}")["Cache-Control"]
    sketch = creative.get(f"/projects/{tokyo.pk}/shots/{shot.pk}/sketch/").content.decode()
    assert f"{at}?bare=1&amp;v={name}" in sketch
    names = {frames.fingerprint(shot, tokyo, shows=s) for s in ("words", "marks", "scene")}
    assert len(names) == 3


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


def test_a_failed_drawing_leaves_no_file(var):
    shot, project = a_shot()
    with pytest.raises((ValueError, SystemError, ZeroDivisionError)):
        frames.frame_of(shot, project, (0, 0))
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


def kept_frame(var, name: str, *, unused_days: float, size: int = 10):
    path = var / "cache/frames" / name[:2] / f"{name}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    used_at = time.time() - unused_days * 24 * 3600
    os.utime(path, (used_at, used_at))
    return path


def test_frames_that_nobody_looks_at_any_more_are_pruned(var):
    kept = kept_frame(var, "aa1", unused_days=29)
    gone = kept_frame(var, "ab1", unused_days=31)
    assert frames.prune() == 1
    assert (kept.exists(), gone.exists()) == (True, False)


def test_of_too_many_frames_the_longest_unused_are_pruned(var):
    paths = [kept_frame(var, f"a{days}", unused_days=days, size=100) for days in range(4)]
    assert replace(frames.SHELF, kept_bytes=250).prune() == 2
    assert [path.exists() for path in paths] == [True, True, False, False]


def test_looking_at_a_frame_keeps_it(var):
    shot, project = a_shot()
    path = frames.frame_of(shot, project)
    os.utime(path, (0, 0))
    assert frames.frame_of(shot, project) == path
    assert frames.prune() == 0


def test_there_is_nothing_to_prune_before_the_first_frame(var):
    assert frames.prune() == 0
