"""Transitions: around the cut, to the frame, as long as asked for and the shots allow."""

import json
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.pictures.animatic import render_gif, render_mp4
from studio.pictures.camera.footage import Footage
from studio.pictures.films.cutting import segments_of
from studio.pictures.films.order import GIF, MP4, Order, Style
from studio.pictures.films.reel import Reel
from studio.pictures.plan import (
    TRANSITIONS,
    Camera,
    FilmPlan,
    Light,
    ShotPlan,
    Transition,
    transition_room_ms,
)
from tests.pictures.films import shown

SIZE = (96, 54)
RED, BLUE = (200, 40, 30), (20, 60, 180)
SOFT = [kind for kind in TRANSITIONS if kind != "cut"]


def still(folder: Path, colour: tuple[int, int, int]) -> Path:
    path = folder / f"{'-'.join(map(str, colour))}.png"
    if not path.exists():
        Image.new("RGB", (192, 108), colour).save(path)
    return path


def shot(number: int, ms: int, transition: Transition, picture: Path | None = None) -> ShotPlan:
    return ShotPlan(
        f"s{number}", number, "x", ms, Camera("static"), Light(), picture, transition=transition
    )


def red_then_blue(folder: Path, kind: str, length_ms: int = 800, last: str = "cut") -> FilmPlan:
    return FilmPlan(
        "T",
        (
            shot(1, 2000, Transition(kind, length_ms), still(folder, RED)),
            shot(2, 2000, Transition(last, length_ms), still(folder, BLUE)),
        ),
    )


def frames_of(plan: FilmPlan, fps: int = 10) -> list[np.ndarray]:
    order = Order(plan, Style(GIF, SIZE, fps, captions=False))
    reel = Reel(order.style)
    return [
        frame
        for segment in order.segments
        for frame in reel.frames(segment, lambda image: np.asarray(image, dtype=np.float32))
    ]


def colour_of(frame: np.ndarray, part: slice = slice(None)) -> np.ndarray:
    return frame[:, part].mean(axis=(0, 1))


def test_a_crossfade_is_the_mean_of_both_at_the_cut_and_even_on_both_sides(tmp_path):
    frames = frames_of(red_then_blue(tmp_path, "crossfade"))
    red, blue = colour_of(frames[0]), colour_of(frames[-1])
    for frame in range(40):
        share = np.clip((frame - 16) / 8, 0, 1)  # 0.8 s around frame 20, at 10 frames a second
        wanted = red * (1 - share) + blue * share
        assert np.abs(colour_of(frames[frame]) - wanted).max() < 1.5, frame


@pytest.mark.parametrize(("kind", "level"), [("dip-to-black", 0), ("dip-to-white", 255)])
def test_a_dip_is_all_of_its_colour_at_the_cut_alone(tmp_path, kind, level):
    frames = frames_of(red_then_blue(tmp_path, kind))
    assert (frames[20] == level).all()
    assert not any((frame == level).all() for n, frame in enumerate(frames) if n != 20)
    assert np.abs(colour_of(frames[18]) - (colour_of(frames[0]) + level) / 2).max() < 1.5
    assert np.abs(colour_of(frames[22]) - (colour_of(frames[-1]) + level) / 2).max() < 1.5


def test_a_wipe_shows_the_left_half_of_what_comes_at_the_cut(tmp_path):
    frames = frames_of(red_then_blue(tmp_path, "wipe"))
    red, blue, middle = colour_of(frames[0]), colour_of(frames[-1]), frames[20]
    assert np.abs(colour_of(middle, slice(0, 46)) - blue).max() < 1.5
    assert np.abs(colour_of(middle, slice(50, 96)) - red).max() < 1.5
    new = [(np.abs(frame - blue).max(axis=2) < 3).mean() for frame in frames[16:25]]
    assert np.allclose(new, np.linspace(0, 1, 9), atol=0.05)


def test_a_cut_shows_nothing_of_the_other_shot(tmp_path):
    frames = frames_of(red_then_blue(tmp_path, "cut", 800))
    assert np.abs(frames[19] - frames[0]).max() == 0
    assert np.abs(frames[20] - frames[-1]).max() == 0


@pytest.mark.parametrize(
    ("kind", "level"), [("crossfade", 0), ("wipe", 0), ("dip-to-black", 0), ("dip-to-white", 255)]
)
def test_the_last_shots_transition_ends_the_film(tmp_path, kind, level):
    frames = frames_of(red_then_blue(tmp_path, "cut", 800, last=kind))
    blue = colour_of(frames[20])
    assert (frames[-1] == level).all()
    assert np.abs(colour_of(frames[31]) - blue).max() < 0.5, "it lies before the end, 0.8 s long"
    assert np.abs(colour_of(frames[35]) - (blue + level) / 2).max() < 2


def test_both_shots_move_on_while_one_fades_into_the_other(tmp_path):
    """What a crossfade shows of either shot alone, before and after its cut, is not frozen."""
    plan = FilmPlan(
        "T",
        tuple(
            ShotPlan(
                f"s{n}", n, "Neon city at night", 2000, Camera("pan-left", 1.0),
                transition=Transition("crossfade", 1000),
            )
            for n in (1, 2)
        ),
    )  # fmt: skip
    fade = next(segment for segment in segments_of(plan, 10) if segment.into)
    for take in fade.takes:
        footage = Footage(take.seen, SIZE)
        times = [take.t(frame) for frame in range(fade.begin, fade.end)]
        seen = [np.asarray(footage.frame(t)) for t in times]
        assert all((one != other).any() for one, other in pairwise(seen))


@given(
    durations=st.lists(st.integers(300, 4000), min_size=1, max_size=6),
    kinds=st.lists(st.sampled_from(TRANSITIONS), min_size=6, max_size=6),
    length_ms=st.integers(0, 6000),
    fps=st.sampled_from([5, 10, 12, 24, 25, 30]),
)
def test_segments_cover_the_film_whatever_is_asked_for(durations, kinds, length_ms, fps):
    plan = FilmPlan(
        "T",
        tuple(shot(n, ms, Transition(kinds[n], length_ms)) for n, ms in enumerate(durations)),
    )
    plain = [segment.take for segment in segments_of(FilmPlan("T", tuple(
        shot(n, ms, Transition()) for n, ms in enumerate(durations)
    )), fps)]  # fmt: skip
    cuts = sorted({take.first for take in plain})
    at = 0
    for segment in segments_of(plan, fps):
        assert segment.begin == at < segment.end
        at = segment.end
        if segment.into:
            cut = segment.into.first
            assert cut in cuts
            assert segment.progress(cut) == 0.5
            assert cut - segment.begin + 1 == segment.end - cut, "half before, half after"
            assert segment.end - cut <= length_ms * fps / 2000 + 0.5
            assert segment.end - cut <= min(take.count for take in segment.takes) // 2
        for take in segment.takes:
            assert all(
                0 <= take.t(frame) <= 1 for frame in range(segment.begin, segment.end)
            ) or segment.kind.startswith("dip")
    assert at == max(len(durations), round(sum(durations) * fps / 1000))


@pytest.mark.parametrize("kind", SOFT)
def test_length_and_look_are_the_same_in_both_formats(tmp_path, kind):
    plan = red_then_blue(tmp_path, kind, 900, last=kind)
    gif, mp4 = tmp_path / "a.gif", tmp_path / "a.mp4"
    render_gif(plan, gif, size=SIZE, fps=10, captions=False)
    render_mp4(plan, mp4, size=SIZE, fps=10, captions=False)
    with av.open(str(mp4)) as film:
        video = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    pictures = shown(gif)
    assert len(video) == len(pictures) == 40
    for number, (one, other) in enumerate(zip(pictures, video, strict=True)):
        apart = colour_of(one[..., :3].astype(np.float32)) - colour_of(other.astype(np.float32))
        assert np.abs(apart).max() < 6, number


def test_the_caption_changes_at_the_cut(tmp_path):
    plan = red_then_blue(tmp_path, "crossfade")
    order = Order(plan, Style(GIF, (320, 180), 10))
    fade = next(segment for segment in order.segments if segment.into)
    chips = list(
        Reel(order.style).frames(fade, lambda image: np.asarray(image)[165:174, 9:18].copy())
    )
    for one, other in pairwise(chips[:3]):
        assert np.array_equal(one, other), "shot 1 until the cut"
    assert not np.array_equal(chips[2], chips[3])
    for one, other in pairwise(chips[3:]):
        assert np.array_equal(one, other), "shot 2 from the cut on"


def test_an_unknown_transition_is_refused(tmp_path):
    with pytest.raises(ValueError, match="spiral"):
        render_gif(red_then_blue(tmp_path, "spiral"), tmp_path / "a.gif", size=SIZE)


def test_an_order_survives_its_way_to_another_process(tmp_path):
    order = Order(red_then_blue(tmp_path, "wipe"), Style(MP4, SIZE, 24, mark=("a", "b")))
    assert Order.from_json(order.to_json()) == order
    assert json.loads(order.to_json())["plan"]["title"] == "T"


@pytest.mark.parametrize(("one_ms", "other_ms"), [(500, 4000), (4000, 500), (3000, 2000)])
def test_the_room_that_is_told_is_what_is_drawn(one_ms: int, other_ms: int) -> None:
    soft = Transition("wipe", 60_000)
    plan = FilmPlan("Long", (shot(1, one_ms, soft), shot(2, other_ms, soft)))
    over, end = (part for part in segments_of(plan, 24) if part.kind == "wipe")
    assert over.steps == transition_room_ms(one_ms, other_ms) * 24 / 1000
    assert end.steps == transition_room_ms(other_ms, None) * 24 / 1000
