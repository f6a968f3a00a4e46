"""Animatics: exact in time, whole or not there, flat in memory."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.pictures.animatic import render_gif, render_mp4
from studio.pictures.plan import Camera, FilmPlan, Light, ShotPlan
from studio.pictures.probe import probe_gif, probe_mp4
from tests.pictures.films import film, gif_frames, loop_of, shown, tokyo

TINY = (48, 28)
LENGTHS = st.lists(st.integers(500, 9_000), min_size=1, max_size=5)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(durations=LENGTHS, fps=st.integers(2, 25))
def test_a_gif_lasts_as_long_as_its_plan_to_ten_milliseconds(tmp_path, durations, fps):
    out = tmp_path / "a.gif"
    render_gif(film(*durations), out, size=TINY, fps=fps)
    frames = gif_frames(out)
    assert abs(sum(frame.delay_cs for frame in frames) * 10 - sum(durations)) <= 5
    assert all(frame.delay_cs >= 2 for frame in frames)
    assert len(frames) == max(len(durations), round(sum(durations) * fps / 1000))
    ends = np.cumsum([frame.delay_cs for frame in frames])
    for cut in np.cumsum(durations):
        assert np.abs(ends * 10 - cut).min() <= 5, "a cut is not where the plan has it"


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(durations=LENGTHS, fps=st.sampled_from([12, 24, 25, 30]))
def test_a_video_has_the_frames_that_its_plan_asks_for(tmp_path, durations, fps):
    out = tmp_path / "a.mp4"
    render_mp4(film(*durations), out, size=TINY, fps=fps)
    facts = probe_mp4(out)
    assert facts.frames == round(sum(durations) * fps / 1000)
    assert (facts.width, facts.height, facts.codec, facts.fps) == (*TINY, "h264", fps)
    assert abs(facts.duration_ms - sum(durations)) <= 1000 / fps
    assert not facts.has_audio


def test_the_documents_storyboard_as_gif(tmp_path):
    out = tmp_path / "tokyo.gif"
    render_gif(tokyo(), out, size=(160, 90), fps=8)
    facts = probe_gif(out)
    assert (facts.width, facts.height, facts.frames) == (160, 90, 240)
    assert (facts.duration_ms, facts.loop) == (30_000, 0)
    assert loop_of(out) == [0]


def test_an_mp4_has_its_index_in_front_for_players_that_stream(tmp_path):
    out = tmp_path / "a.mp4"
    render_mp4(film(1000), out, size=TINY)
    data = out.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_gif_frames_stay_close_to_what_was_drawn(tmp_path):
    """No banding, no stale pixels: the decoded GIF against the frames before encoding."""
    from studio.pictures.films.order import GIF, Order, Style
    from studio.pictures.films.reel import Reel

    plan, out = tokyo_short(), tmp_path / "a.gif"
    render_gif(plan, out, size=(160, 90), fps=8)
    order = Order(plan, Style(GIF, (160, 90), 8))
    reel = Reel(order.style)
    drawn = [
        picture
        for segment in order.segments
        for picture in reel.frames(segment, lambda image: np.asarray(image, dtype=np.float32))
    ]
    for picture, source in zip(shown(out), drawn, strict=True):
        error = (picture[..., :3].astype(np.float32) - source) ** 2
        assert 10 * np.log10(255**2 / error.mean()) > 31


def tokyo_short() -> FilmPlan:
    shots = tuple(
        ShotPlan(s.id, s.number, s.prompt, 1500, s.camera, s.light) for s in tokyo().shots
    )
    return FilmPlan("Tokyo", shots)


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    one, other = tmp_path / "1.gif", tmp_path / "2.gif"
    for out in (one, other):
        render_gif(tokyo_short(), out, size=(96, 54), fps=6)
    assert one.read_bytes() == other.read_bytes()


def test_captions_show_at_the_foot_and_can_be_left_out(tmp_path):
    with_bar, without = tmp_path / "1.gif", tmp_path / "2.gif"
    plan = film(1000, motion="static")
    render_gif(plan, with_bar, size=(320, 180), fps=5)
    render_gif(plan, without, size=(320, 180), fps=5, captions=False)
    one, other = (shown(path)[0][..., :3].astype(np.float32) for path in (with_bar, without))
    apart = np.abs(one - other).mean(axis=(1, 2))
    assert apart[:120].max() < 3
    assert apart[160:175].max() > 20


def test_a_still_is_drawn_instead_of_a_scene(tmp_path):
    still = tmp_path / "still.png"
    Image.new("RGB", (400, 300), (200, 40, 40)).save(still)
    shot = ShotPlan("a", 1, "City", 1000, Camera("dolly-in", 0.5), Light(), still)
    out = tmp_path / "a.gif"
    render_gif(FilmPlan("T", (shot,)), out, size=(96, 54), fps=4, captions=False)
    assert all(np.abs(p[..., :3].mean(axis=(0, 1)) - (200, 40, 40)).max() < 6 for p in shown(out))


@pytest.mark.parametrize("render", [render_gif, render_mp4])
def test_progress_rises_from_nothing_to_done(tmp_path, render):
    seen: list[float] = []
    render(film(1000, 700), tmp_path / "a.out", size=TINY, fps=10, on_progress=seen.append)
    assert (seen[0], seen[-1]) == (0.0, 1.0)
    assert seen == sorted(seen)
    assert len(seen) == 18


class Cancelled(Exception):
    pass


@pytest.mark.parametrize("render", [render_gif, render_mp4])
def test_cancelling_leaves_nothing_and_spoils_nothing(tmp_path, render):
    def stop_halfway(done: float) -> None:
        if done > 0.5:
            raise Cancelled

    out = tmp_path / "a.out"
    out.write_bytes(b"what was there")
    with pytest.raises(Cancelled):
        render(film(2000), out, size=TINY, fps=10, on_progress=stop_halfway)
    assert out.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("render", "options"),
    [
        (render_gif, {"size": (0, 10)}),
        (render_gif, {"fps": 60}),
        (render_gif, {"fps": 0}),
        (render_mp4, {"size": (641, 360)}),
        (render_mp4, {"size": (2560, 1440)}),
    ],
)
def test_what_cannot_be_shown_is_refused_before_any_work(tmp_path, render, options):
    with pytest.raises(ValueError, match="must be"):
        render(film(1000), tmp_path / "a.out", **options)
    assert not list(tmp_path.iterdir())


def test_a_film_without_shots_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one shot"):
        render_gif(FilmPlan("Empty", ()), tmp_path / "a.gif")


def test_an_unknown_motion_leaves_no_file(tmp_path):
    with pytest.raises(ValueError, match="whirl"):
        render_gif(film(1000, motion="whirl"), tmp_path / "a.gif", size=TINY)
    assert not list(tmp_path.iterdir())


_PEAK = """
import resource, sys
from pathlib import Path
from studio.pictures import animatic
from tests.pictures.films import film
render = getattr(animatic, sys.argv[1])
render(film(*[2500] * int(sys.argv[2])), Path(sys.argv[3]), size=(192, 108), fps=8)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // 1024 if sys.platform == "darwin" else peak)
"""


@pytest.mark.parametrize(("name", "suffix"), [("render_gif", ".gif"), ("render_mp4", ".mp4")])
def test_memory_does_not_grow_with_the_film(tmp_path: Path, name: str, suffix: str):
    def peak_kb(shots: int) -> int:
        out = tmp_path / f"{shots}{suffix}"
        order = [sys.executable, "-c", _PEAK, name, str(shots), str(out)]
        return int(subprocess.run(order, capture_output=True, check=True, timeout=120).stdout)

    assert peak_kb(24) - peak_kb(6) < 8_000
