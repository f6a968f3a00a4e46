"""The twelve moves: named, distinct, scaled by speed, deterministic."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.pictures.camera.footage import Footage
from studio.pictures.camera.motion import MOTIONS, SUBJECT_DEPTH, View, framing
from studio.pictures.plan import Camera, ShotPlan

PAIRS = list(combinations(MOTIONS, 2))
DEPTHS = (0.0, 0.3, SUBJECT_DEPTH, 1.0)
MOMENTS = np.linspace(0, 1, 9)


def track(motion: str, speed: float = 0.6, shot_id: str = "scene-1") -> np.ndarray:
    """x, y, scale and roll of every depth at every moment."""
    return np.array(
        [
            [(v.x, v.y, v.scale, v.roll) for v in framing(motion, speed, t, shot_id, DEPTHS)]
            for t in MOMENTS
        ]
    )


def travel(motion: str, depth: int, axis: int, speed: float = 0.6) -> float:
    path = track(motion, speed)[:, depth, axis]
    return float(path[-1] - path[0])


def test_there_are_the_twelve_of_the_product():
    assert set(MOTIONS) == {
        "orbit", "dolly-in", "follow", "handheld", "static", "dolly-out",
        "pan-left", "pan-right", "tilt-up", "tilt-down", "crane-up", "zoom-in",
    }  # fmt: skip


def test_an_unknown_motion_is_answered_with_the_twelve():
    with pytest.raises(ValueError, match="dolly-zoom") as refused:
        framing("dolly-zoom", 0.5, 0.0, "scene-1", DEPTHS)
    assert all(motion in str(refused.value) for motion in MOTIONS)


@pytest.mark.parametrize("speed", [0.0, 0.09, 1.01, -1.0, float("nan")])
def test_a_speed_outside_the_documents_range_is_refused(speed: float):
    with pytest.raises(ValueError, match=r"0\.1 to 1\.0"):
        framing("orbit", speed, 0.5, "scene-1", DEPTHS)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_two_moves_look_alike(one: str, other: str):
    apart = np.abs(track(one) - track(other))
    assert apart[..., :3].max() > 0.02, "less than 2 % of the picture tells them apart"


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_two_moves_draw_alike(one: str, other: str, filmstrips: dict[str, np.ndarray]):
    difference = np.abs(filmstrips[one] - filmstrips[other]).mean(axis=(1, 2, 3))
    assert difference.max() > 2.0


@pytest.fixture(scope="module")
def filmstrips() -> dict[str, np.ndarray]:
    strips = {}
    for motion in MOTIONS:
        shot = ShotPlan("s", 1, "A woman in a neon city street", 4000, Camera(motion, 0.8))
        footage = Footage(shot, (160, 90))
        frames = [np.asarray(footage.frame(t), dtype=np.float32) for t in (0.0, 0.4, 0.7, 1.0)]
        strips[motion] = np.stack(frames)
    return strips


@pytest.mark.parametrize("motion", [m for m in MOTIONS if m != "static"])
def test_speed_scales_the_move(motion: str):
    reach = [np.ptp(track(motion, k / 10)[..., :3], axis=0).max() for k in range(1, 11)]
    assert all(slower < faster for slower, faster in pairwise(reach))
    assert reach[-1] > 2 * reach[1] > 0


def test_static_stays():
    assert np.ptp(track("static"), axis=0).max() == 0


def test_turning_the_camera_moves_all_depths_alike():
    for motion in ("pan-left", "pan-right", "tilt-up", "tilt-down", "zoom-in"):
        views = track(motion)
        assert np.ptp(views, axis=1).max() == 0


def test_directions():
    assert travel("pan-left", 1, 0) < 0 < travel("pan-right", 1, 0)
    assert travel("tilt-up", 1, 1) < 0 < travel("tilt-down", 1, 1)
    assert travel("crane-up", 1, 1) < 0
    assert travel("zoom-in", 1, 2) < 0


def test_carrying_the_camera_moves_the_near_more_than_the_far():
    assert travel("dolly-in", 3, 2) < travel("dolly-in", 0, 2) < 0
    assert travel("dolly-out", 3, 2) > travel("dolly-out", 0, 2) > 0
    assert travel("crane-up", 3, 1) < travel("crane-up", 0, 1) < 0
    assert travel("follow", 3, 0) > travel("follow", 0, 0) > 0


def test_orbit_slides_what_is_before_and_behind_the_subject_apart():
    views = track("orbit")
    far, subject, near = views[:, 0, 0] - 0.5, views[:, 2, 0] - 0.5, views[:, 3, 0] - 0.5
    assert (far * near <= 1e-12).all()
    assert np.abs(far).max() > 0.02
    assert np.abs(subject).max() < 1e-9


def test_follow_holds_its_subject_while_the_world_goes_by():
    subject, world = track("follow")[:, 2], track("follow")[:, 1]
    assert np.ptp(subject, axis=0).max() == 0
    assert np.ptp(world[:, 0]) > 0.08


def test_a_subject_on_one_sheet_with_the_world_is_held_too():
    far, there, near = (
        [framing("follow", 0.6, t, "s", (d,), is_subject_apart=False)[0].x for t in MOMENTS]
        for d in (0.1, SUBJECT_DEPTH, 0.9)
    )
    assert np.ptp(there) == 0
    assert far[-1] - far[0] > 0.04
    assert (far[-1] - far[0]) * (near[-1] - near[0]) < 0


def test_handheld_is_noise_of_its_shot_alone():
    assert (track("handheld") == track("handheld")).all()
    assert np.abs(track("handheld") - track("handheld", shot_id="scene-2")).max() > 0.003


def test_handheld_has_no_frequency_that_an_arm_cannot_make():
    duration_s, rate = 16.0, 32
    times = np.arange(int(duration_s * rate)) / (duration_s * rate)
    sway = np.array(
        [framing("handheld", 1.0, t, "s", (0.5,), duration_s=duration_s)[0].x for t in times]
    )
    power = np.abs(np.fft.rfft((sway - sway.mean()) * np.hanning(len(sway)))) ** 2
    hertz = np.fft.rfftfreq(len(sway), 1 / rate)
    assert power[hertz > 3.0].sum() < 0.01 * power.sum()
    assert power[(hertz > 0.2) & (hertz < 2.6)].sum() > 0.9 * power.sum()


@given(
    st.sampled_from(MOTIONS),
    st.floats(0.1, 1.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.floats(0.5, 60.0),
    st.booleans(),
    st.text(max_size=20),
)
def test_no_depth_is_ever_seen_past_the_picture(
    motion, speed, t, depth, subject, duration_s, is_subject_apart, shot_id
):
    (view,) = framing(
        motion, speed, t, shot_id, (depth,),
        duration_s=duration_s, subject=subject, is_subject_apart=is_subject_apart,
    )  # fmt: skip
    left, top, right, bottom = view.box
    assert -1e-9 <= left < right <= 1 + 1e-9
    assert -1e-9 <= top < bottom <= 1 + 1e-9


@pytest.mark.parametrize("motion", ["dolly-in", "dolly-out", "zoom-in"])
@pytest.mark.parametrize("subject", [(0.0, 0.0), (0.2, 0.7), (1.0, 0.5)])
def test_a_push_goes_towards_the_subject(motion: str, subject: tuple[float, float]):
    """The subject keeps its place in the frame, at every depth."""
    for t in MOMENTS:
        for view in framing(motion, 0.8, t, "s", DEPTHS, subject=subject):
            left, top, _, _ = view.box
            at = (subject[0] - left) / view.scale, (subject[1] - top) / view.scale
            assert at == pytest.approx(subject)


@pytest.mark.parametrize("motion", ["orbit", "follow"])
@pytest.mark.parametrize("subject", [(0.0, 0.0), (0.2, 0.7), (1.0, 0.5)])
def test_the_subject_is_held_where_it_is_set(motion: str, subject: tuple[float, float]):
    for t in MOMENTS:
        (view,) = framing(motion, 0.8, t, "s", (SUBJECT_DEPTH,), subject=subject)
        left, top, _, _ = view.box
        at = (subject[0] - left) / view.scale, (subject[1] - top) / view.scale
        assert at == pytest.approx(subject)


def test_a_view_without_a_move_is_the_whole_picture():
    assert View().box == (0.0, 0.0, 1.0, 1.0)
