"""Files from outside: facts of the sound ones, a sentence for the others, and a bounded child."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from studio.pictures.animatic import render_gif, render_mp4
from studio.pictures.distrust.limits import Limits
from studio.pictures.gifs.blocks import TRAILER
from studio.pictures.probe import (
    GifFacts,
    Unacceptable,
    VideoFacts,
    first_frame,
    probe_gif,
    probe_mp4,
)
from tests.pictures.films import film, gif_frames, pillow_gif
from tests.pictures.hostile import GIFS, MP4S, gif, mp4


def kept(folder: Path, data: bytes, name: str = "file.bin") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def assert_sentence(text: str) -> None:
    assert text[0].isupper()
    assert text.endswith(".")
    assert " " in text
    assert "Error" not in text
    assert "Traceback" not in text
    assert "/" not in text, "a path or a code leaked"


def test_the_table_is_long_enough():
    assert len(GIFS) + len(MP4S) >= 40


@pytest.mark.parametrize("name", GIFS)
def test_a_hostile_gif_ends_in_a_sentence(tmp_path, name):
    build, speaks_of = GIFS[name]
    path = kept(tmp_path, build(tmp_path))
    with pytest.raises(Unacceptable, match=speaks_of) as refused:
        probe_gif(path)
    assert_sentence(str(refused.value))


@pytest.mark.parametrize("name", MP4S)
def test_a_hostile_mp4_ends_in_a_sentence(tmp_path, name):
    build, speaks_of = MP4S[name]
    with pytest.raises(Unacceptable, match=speaks_of) as refused:
        probe_mp4(kept(tmp_path, build(tmp_path)))
    assert_sentence(str(refused.value))


def test_the_facts_of_a_gif(tmp_path):
    data = pillow_gif(
        [Image.new("RGB", (64, 36), (n, 0, 0)) for n in range(0, 250, 50)], duration=70
    )
    assert probe_gif(kept(tmp_path, data)) == GifFacts(64, 36, 5, 350, 0)


def test_a_gif_that_plays_once_says_so(tmp_path):
    assert probe_gif(kept(tmp_path, gif(loop=None))).loop is None
    assert probe_gif(kept(tmp_path, gif(loop=3))).loop == 3


def test_padding_zeros_behind_a_gif_are_harmless(tmp_path):
    assert probe_gif(kept(tmp_path, gif() + bytes(16))).frames == 3


def test_the_facts_of_a_video(tmp_path):
    facts = probe_mp4(kept(tmp_path, mp4(tmp_path, 2000)))
    assert facts == VideoFacts(64, 36, 2000, 12.0, "h264", 24, has_audio=False)


@pytest.mark.parametrize(
    ("limits", "speaks_of"),
    [
        (Limits(max_bytes=100), "larger"),
        (Limits(max_width=39), "40 × 30"),
        (Limits(max_height=29), "40 × 30"),
        (Limits(max_frames=2), "more than the 2 frames"),
        (Limits(max_total_pixels=3000), "more pixels"),
        (Limits(max_duration_ms=200), "longer than the 0.2 s"),
    ],
    ids=["bytes", "width", "height", "frames", "pixels", "duration"],
)
def test_each_limit_holds_for_gifs(tmp_path, limits, speaks_of):
    with pytest.raises(Unacceptable, match=speaks_of):
        probe_gif(kept(tmp_path, gif()), limits)


@pytest.mark.parametrize(
    ("limits", "speaks_of"),
    [
        (Limits(max_bytes=100), "larger"),
        (Limits(max_width=63), "64 × 36"),
        (Limits(max_duration_ms=999), "longer"),
        (Limits(max_frames=2), "more frames"),
    ],
    ids=["bytes", "width", "duration", "frames"],
)
def test_each_limit_holds_for_videos(tmp_path, limits, speaks_of):
    with pytest.raises(Unacceptable, match=speaks_of):
        probe_mp4(kept(tmp_path, mp4(tmp_path)), limits)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(Unacceptable, match="no file"):
        probe_gif(tmp_path / "nothing.gif")


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no working RLIMIT_AS")
def test_a_child_that_would_eat_memory_is_refused(tmp_path):
    path = tmp_path / "a.gif"
    Image.new("P", (4000, 4000)).save(path, save_all=True, duration=50)
    data = path.read_bytes()
    with pytest.raises(Unacceptable) as refused:
        probe_gif(kept(tmp_path, data), Limits(memory_bytes=100 * 1024 * 1024))
    assert_sentence(str(refused.value))


def test_a_child_that_would_burn_cpu_is_stopped(tmp_path):
    path = kept(tmp_path, pillow_gif([Image.effect_noise((1500, 1500), 90.0)]))
    (one,) = gif_frames(path)
    head = path.read_bytes()[: path.read_bytes().index(one.encode())]
    path.write_bytes(head + one.encode() * 100 + TRAILER)
    with pytest.raises(Unacceptable, match="too much work|too long"):
        probe_gif(path, Limits(cpu_s=1))


def test_the_child_knows_none_of_our_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_SECRET_KEY", "not for children")
    seen = tmp_path / "seen"
    monkeypatch.setattr(sys, "executable", str(_spy(tmp_path, seen)))
    with pytest.raises(Unacceptable):
        probe_gif(kept(tmp_path, gif()))
    names = {line.partition("=")[0] for line in seen.read_text().splitlines()}
    assert "STUDIO_SECRET_KEY" not in names
    assert "OPENBLAS_NUM_THREADS" in names


def _spy(folder: Path, seen: Path) -> Path:
    spy = folder / "python"
    spy.write_text(f"#!/bin/sh\nenv > '{seen}'\n")
    spy.chmod(0o755)
    return spy


def test_the_child_works_from_any_folder(tmp_path, monkeypatch):
    path = kept(tmp_path, gif(), "clip.gif")
    monkeypatch.chdir(tmp_path)
    assert probe_gif(Path(path.name)).frames == 3


def test_a_hostile_name_is_only_a_name(tmp_path):
    folder = tmp_path / "http:" / "-i"
    folder.mkdir(parents=True)
    data = mp4(tmp_path)
    for name in ("concat:a|b.mp4", "a b'\"$(x).mp4", "%d.mp4", "pipe:0"):
        assert probe_mp4(kept(folder, data, name)).frames == 12


def test_a_child_of_a_gif_does_not_load_ffmpeg():
    order = (
        "import sys, studio.pictures.distrust.probe_child\n"
        "print([m for m in ('av', 'PIL', 'numpy', 'django') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", order], capture_output=True, check=True, env={**os.environ}
    )
    assert done.stdout.strip() == b"[]"


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
@pytest.mark.parametrize("kind", ["gif", "mp4"])
def test_a_poster_is_the_first_frame(tmp_path, kind, suffix):
    source, out = tmp_path / f"a.{kind}", tmp_path / f"poster{suffix}"
    render = render_gif if kind == "gif" else render_mp4
    render(film(1000, motion="static"), source, size=(160, 90), fps=5)
    first_frame(source, out, size=(80, 80))
    with Image.open(out) as poster:
        assert poster.size == (80, 45)
        assert poster.convert("L").getextrema()[1] > 60
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([source.name, out.name])


@pytest.mark.parametrize("name", ["zip named gif", "37 bytes for 4 gigapixels", "no frames"])
def test_no_poster_of_a_hostile_file(tmp_path, name):
    path, out = kept(tmp_path, GIFS[name][0](tmp_path)), tmp_path / "p.png"
    with pytest.raises(Unacceptable):
        first_frame(path, out, size=(80, 80))
    assert list(tmp_path.iterdir()) == [path]


def test_a_poster_is_an_image_file(tmp_path):
    with pytest.raises(ValueError, match="png"):
        first_frame(kept(tmp_path, gif()), tmp_path / "poster.svg")
