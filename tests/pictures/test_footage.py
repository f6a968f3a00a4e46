"""The twelve moves on a person's own still, measured on the frames: which way, how near, how fast,
how smoothly, and never past an edge."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from studio.pictures.camera.footage import Footage
from studio.pictures.camera.motion import MOTIONS
from studio.pictures.plan import Camera, Light, ShotPlan
from tests.pictures.flow import Pixels, filmed, patch, path, shift, shot, staged

MIDDLE, FAR_LEFT, FAR_RIGHT = (0.5, 0.5), (0.16, 0.22), (0.84, 0.22)
NEAR_LEFT, NEAR_RIGHT = (0.16, 0.84), (0.84, 0.84)
CORNERS = (FAR_LEFT, FAR_RIGHT, NEAR_LEFT, NEAR_RIGHT)
MOMENTS = np.linspace(0, 1, 25)
MOVING = [motion for motion in MOTIONS if motion != "static"]


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return staged(tmp_path_factory.mktemp("stills") / "still.jpg")


def went(frames: list[Pixels], at: tuple[float, float]) -> Pixels:
    """How far what is seen at this place goes, x and y in pixels, from first frame to last."""
    travelled: Pixels = path(frames, at)[-1]
    return travelled


def test_the_flow_is_measured_to_a_tenth_of_a_pixel():
    chance = np.random.default_rng(3)
    picture = Image.fromarray(chance.integers(0, 255, (120, 120), dtype=np.uint8))
    wide = picture.resize((480, 480), Image.Resampling.BICUBIC)
    one, other = (
        np.asarray(wide.resize((60, 60), box=(x, 40, x + 240, 280)), dtype=float) for x in (80, 94)
    )
    assert shift(one, other) == pytest.approx((-3.5, 0), abs=0.1)


@pytest.mark.parametrize(
    ("motion", "x", "y"),
    [("pan-left", 1, 0), ("pan-right", -1, 0), ("tilt-up", 0, 1), ("tilt-down", 0, -1)],
)
def test_turning_the_camera_moves_near_and_far_alike_the_other_way(still, motion, x, y):
    frames = filmed(shot(motion, 0.4, still), MOMENTS)
    moved = np.array([went(frames, at) for at in (MIDDLE, *CORNERS)])
    assert np.ptp(moved, axis=0).max() < 1.0
    along = moved.mean(axis=0)
    assert along @ (x, y) > 15
    assert abs(along @ (y, x)) < 0.5


def growth(frames: list[Pixels], left: tuple[float, float], right: tuple[float, float]) -> float:
    """By what factor two places drift apart."""
    apart_px = (right[0] - left[0]) * frames[0].shape[1]
    return float(1 + (went(frames, right)[0] - went(frames, left)[0]) / apart_px)


def test_a_dolly_in_brings_the_subject_nearer_than_the_far_and_a_zoom_does_not(still):
    dolly, zoom = (
        filmed(shot(m, 0.9, still), MOMENTS, (320, 180)) for m in ("dolly-in", "zoom-in")
    )
    subject, far = ((0.4, 0.5), (0.6, 0.5)), ((0.16, 0.5), (0.84, 0.5))
    assert growth(dolly, *subject) - 1 > 1.18 * (growth(dolly, *far) - 1) > 0.2
    assert growth(zoom, *subject) - 1 == pytest.approx(growth(zoom, *far) - 1, rel=0.1)


def test_a_dolly_in_brings_the_ground_nearer_than_the_sky_and_a_zoom_does_not(still):
    """Places as far above the middle as below it."""
    dolly, zoom = (
        filmed(shot(m, 0.9, still), MOMENTS, (320, 180)) for m in ("dolly-in", "zoom-in")
    )
    for x in (0.16, 0.84):
        assert went(dolly, (x, 0.8))[1] > -1.25 * went(dolly, (x, 0.2))[1] > 10
        assert went(zoom, (x, 0.8))[1] == pytest.approx(-went(zoom, (x, 0.2))[1], rel=0.05)


def test_a_dolly_out_is_a_dolly_in_turned_back(still):
    into = filmed(shot("dolly-in", 0.5, still), [0.0, 0.5, 1.0])
    out = filmed(shot("dolly-out", 0.5, still), [1.0, 0.5, 0.0])
    assert all((one == other).all() for one, other in zip(into, out, strict=True))


@pytest.mark.parametrize("at", [(0.5, 0.5), (0.3, 0.55), (0.7, 0.45)])
def test_follow_holds_its_subject_to_a_pixel_while_the_world_goes_by(tmp_path, at):
    plan = shot("follow", 0.5, staged(tmp_path / "still.png", at, wide=0.26), subject=at)
    frames = filmed(plan, MOMENTS, (320, 180))
    # Against the first frame, lest small errors add up or hide.
    held = [shift(patch(frames[0], at), patch(frame, at)) for frame in frames[1:]]
    assert np.abs(held).max() < 1.0
    behind = (0.85, 0.25) if at[0] < 0.6 else (0.15, 0.25)
    assert went(frames, behind)[0] < -4


def test_a_place_that_is_no_thing_of_its_own_is_held_too(tmp_path):
    still = tmp_path / "still.png"
    chance = np.random.default_rng(5)
    noise = Image.fromarray(chance.integers(0, 255, (135, 240, 3), dtype=np.uint8))
    noise.resize((960, 540), Image.Resampling.BICUBIC).save(still)
    frames = filmed(shot("follow", 0.6, still), MOMENTS)
    assert np.abs(went(frames, MIDDLE)).max() < 1.0
    assert all(went(frames, (x, 0.2))[0] < -4 for x in (0.15, 0.85))


def test_an_orbit_slides_what_is_behind_the_subject_past_it(still):
    frames = filmed(shot("orbit", 0.5, still), np.linspace(0, 1, 33), (320, 180))
    assert abs(went(frames, MIDDLE)[0]) < 1.0
    assert min(went(frames, at)[0] for at in (FAR_LEFT, FAR_RIGHT)) > 5


def test_a_crane_sinks_the_near_faster_than_the_far(still):
    frames = filmed(shot("crane-up", 0.5, still), MOMENTS)
    far, near = went(frames, FAR_LEFT)[1], went(frames, NEAR_LEFT)[1]
    assert near > 1.15 * far > 10


def test_static_is_one_frame_and_says_so(still):
    footage = Footage(shot("static", 0.7, still), (160, 90))
    frames = {footage.frame(t).tobytes() for t in (0.0, 0.3, 1.0)}
    assert footage.is_still
    assert len(frames) == 1


def test_a_still_frame_is_the_callers_own_to_draw_on(still):
    footage = Footage(shot("static", 0.7, still), (160, 90))
    before = footage.frame(0.5).tobytes()
    ImageDraw.Draw(footage.frame(0.0)).rectangle((0, 0, 160, 90), fill="red")
    assert footage.frame(0.5).tobytes() == before


def test_what_moves_does_not_say_that_it_is_still(still):
    assert not any(Footage(shot(m, 0.1, still), FRAME).is_still for m in ("orbit", "handheld"))
    rain = ShotPlan("s", 1, "Rain on a city street", 4000, Camera("static", 0.5))
    assert not Footage(rain, FRAME).is_still


def test_handheld_sways_as_an_arm_does_and_as_its_shot_alone(still):
    times = np.linspace(0, 1, 161)
    first, again, other = (
        filmed(shot("handheld", 0.6, still, shot_id=shot_id, ms=8000), times[:count])
        for shot_id, count in (("a", 161), ("a", 9), ("b", 33))
    )
    assert all((one == two).all() for one, two in zip(first, again, strict=False))
    assert max(np.abs(one - two).mean() for one, two in zip(first, other, strict=False)) > 3
    sway = path(first, MIDDLE)[:, 0]
    power = np.abs(np.fft.rfft((sway - sway.mean()) * np.hanning(len(sway)))) ** 2
    hertz = np.fft.rfftfreq(len(sway), 8 / 160)
    assert power[hertz > 3.0].sum() < 0.01 * power.sum()
    assert np.ptp(sway) > 4


def test_handheld_rolls(still):
    frames = filmed(shot("handheld", 1.0, still, ms=6000), np.linspace(0, 1, 49))
    left, right = (path(frames, at)[:, 1] for at in ((0.16, 0.5), (0.84, 0.5)))
    assert np.ptp(right - left) > 2


@pytest.mark.parametrize("motion", MOVING)
def test_the_faster_the_further(still, motion):
    def furthest(speed: float) -> float:
        frames = filmed(shot(motion, speed, still), np.linspace(0, 1, 17), (200, 112))
        return max(np.abs(path(frames, at)).max() for at in (FAR_LEFT, NEAR_RIGHT))

    slow, middle, fast = (furthest(speed) for speed in (0.1, 0.3, 0.5))
    assert slow < middle < fast


@pytest.mark.parametrize("motion", MOVING)
def test_moves_glide_between_pixels(still, motion):
    """Slow moves of a tenth of a pixel a frame, with no step of a whole one."""
    seconds, fps = (3, 20) if motion == "handheld" else (6, 10)
    frames = filmed(shot(motion, 0.1, still, ms=seconds * 1000), np.linspace(0, 1, seconds * fps))
    for at in (MIDDLE, FAR_LEFT, NEAR_RIGHT):
        bends = np.diff(path(frames, at), 2, axis=0)
        assert np.abs(bends).max() < (0.45 if motion == "handheld" else 0.2)


def test_layers_inside_the_frame_glide_too(tmp_path):
    """A sheet before a backdrop: its edges are seen to move."""
    still = tmp_path / "tall.png"
    Image.new("RGB", (360, 640), (250, 250, 245)).save(still)
    frames = filmed(shot("pan-right", 0.1, still, ms=10_000), np.linspace(0, 1, 100), (240, 136))
    edge = np.array([np.abs(np.diff(frame[68, :120])) @ np.arange(119) for frame in frames])
    height = np.array([np.abs(np.diff(frame[68, :120])).sum() for frame in frames])
    assert np.abs(np.diff(edge / height, 2)).max() < 0.1


FRAME = (96, 54)


@pytest.fixture(scope="module")
def lit_paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Light all over, so that a border of nothing would show as black."""
    still = tmp_path_factory.mktemp("paper") / "paper.png"
    sheet = Image.new("RGB", (480, 270), (236, 232, 224))
    ImageDraw.Draw(sheet).ellipse((190, 70, 290, 240), (240, 180, 170), (210, 150, 150), 4)
    sheet.save(still)
    return still


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    motion=st.sampled_from(MOTIONS),
    speed=st.floats(0.1, 1.0),
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    seconds=st.floats(0.5, 60),
    t=st.floats(0, 1),
    size=st.sampled_from([FRAME, (54, 96), (64, 64), (160, 40)]),
    shot_id=st.text(max_size=5),
)
@example("orbit", 1.0, 0.0, 0.0, 60.0, 0.0, FRAME, "s")
@example("handheld", 1.0, 1.0, 1.0, 60.0, 0.7, (160, 40), "s")
@example("follow", 1.0, 1.0, 0.0, 0.5, 1.0, FRAME, "s")
def test_no_move_ever_shows_an_edge(lit_paper, motion, speed, x, y, seconds, t, size, shot_id):
    plan = shot(motion, speed, lit_paper, subject=(x, y), ms=round(seconds * 1000), shot_id=shot_id)
    frame = np.asarray(Footage(plan, size).frame(t))
    # The backdrop of a sheet that does not fill the frame is a dim blur of it, and no black.
    is_filled = 0.7 < size[0] / size[1] / (480 / 270) < 1.4
    assert frame.min() > (110 if is_filled else 50)


@pytest.mark.parametrize("motion", MOTIONS)
def test_all_of_a_move_follows_on(still, motion):
    """No jump anywhere: twice as many frames, half as far apart."""
    few, many = (
        filmed(shot(motion, 0.8, still), np.linspace(0.2, 0.5, count), (160, 90))
        for count in (9, 33)
    )
    steps_few, steps_many = (
        max(np.abs(b - a).mean() for a, b in zip(frames, frames[1:], strict=False))
        for frames in (few, many)
    )
    assert steps_many <= 0.75 * steps_few


def test_light_falls_on_a_still_and_does_not_change_its_depth(still):
    plan = shot("orbit", 0.5, still)
    dim = Footage(ShotPlan(**{**vars(plan), "light": Light(3000, 0.5)}), (160, 90)).frame(0.3)
    plain = Footage(plan, (160, 90)).frame(0.3)
    one, other = (np.asarray(frame, dtype=float) for frame in (plain, dim))
    assert other.mean() < 0.85 * one.mean()
    assert other[..., 2].mean() / other[..., 0].mean() < one[..., 2].mean() / one[..., 0].mean()
    moved = shift(one.mean(axis=2)[20:70, 50:110], other.mean(axis=2)[20:70, 50:110])
    assert np.abs(moved).max() < 0.1


def test_an_unreadable_still_is_an_oserror(tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG nothing")
    for motion in ("pan-left", "orbit"):
        with pytest.raises(OSError, match=r"cannot identify|truncated"):
            Footage(shot(motion, 0.5, broken), FRAME)


def test_threads_film_the_same_frames(still):
    footage = Footage(shot("orbit", 0.6, still), (160, 90))
    alone = [footage.frame(t).tobytes() for t in MOMENTS]
    with ThreadPoolExecutor(4) as cameras:
        together = list(cameras.map(lambda t: footage.frame(t).tobytes(), MOMENTS))
    assert together == alone


_MANY = """
import sys
from pathlib import Path
from studio.pictures.camera.footage import Footage
from studio.pictures.plan import Camera, ShotPlan

def most_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))

def film(size):
    plan = ShotPlan("s", 1, "", 4000, Camera("orbit", 0.6), still=Path(sys.argv[1]))
    footage = Footage(plan, size)
    for t in (0.0, 0.5, 1.0):
        footage.frame(t)

film((48, 27))
before = most_mb()
film((480, 270))
one = most_mb()
for _ in range(15):
    film((480, 270))
print(one - before, most_mb() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_memory_stays_small_however_many_shots_are_filmed(tmp_path):
    still = staged(tmp_path / "still.jpg", size=(1920, 1080))
    done = subprocess.run(
        [sys.executable, "-c", _MANY, str(still)], capture_output=True, text=True, check=True
    )
    one, many = (float(figure) for figure in done.stdout.split())
    assert one < 25
    assert many < one + 12
