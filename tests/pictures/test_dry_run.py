"""Dry runs: short loops whose first picture is there at once."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from studio.pictures.camera.motion import MOTIONS
from studio.pictures.dry_run import dry_run, still
from studio.pictures.plan import Camera, Light, ShotPlan
from tests.pictures.films import loop_of, shown

SIZE = (160, 90)
MOVING = [motion for motion in MOTIONS if motion != "static"]


def a_shot(motion: str, speed: float = 0.8, **more: object) -> ShotPlan:
    return ShotPlan("a", 1, "A hill by the sea", 12_000, Camera(motion, speed), **more)


def frames_of(tmp_path, shot: ShotPlan) -> list[np.ndarray]:
    path = tmp_path / "run.gif"
    path.write_bytes(b"".join(dry_run(shot, size=SIZE)))
    assert loop_of(path) == [0]
    return [frame[..., :3].astype(np.float32) for frame in shown(path)]


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize("motion", MOVING)
def test_every_move_is_seen_and_goes_farther_the_faster_it_is(tmp_path, motion):
    def reached(speed: float) -> float:
        frames = frames_of(tmp_path, a_shot(motion, speed))
        assert len(frames) == 29
        return max(apart(frames[0], frame) for frame in frames)

    slow, fast = reached(0.2), reached(1.0)
    assert fast > 4
    assert fast > 1.15 * slow


def test_a_static_camera_stands_still(tmp_path):
    frames = frames_of(tmp_path, a_shot("static"))
    assert max(apart(frames[0], frame) for frame in frames) < 1


def test_a_move_that_ends_is_held_for_a_moment(tmp_path):
    path = tmp_path / "run.gif"
    path.write_bytes(b"".join(dry_run(a_shot("dolly-in"), size=SIZE)))
    delays = []
    with Image.open(path) as loop:
        for number in range(loop.n_frames):
            loop.seek(number)
            delays.append(loop.info["duration"])
    assert sum(delays) == 2_800
    assert delays[-1] >= 400 > 100 >= max(delays[:-1])


def test_the_first_chunk_is_a_whole_picture(tmp_path):
    chunks = dry_run(a_shot("orbit"), size=SIZE)
    with Image.open(BytesIO(next(chunks) + b";")) as first:
        at_once = np.asarray(first.convert("RGB"), dtype=np.float32)
    alone = np.asarray(Image.open(BytesIO(still(a_shot("orbit"), size=SIZE))).convert("RGB"))
    assert apart(at_once, alone.astype(np.float32)) < 1
    chunks.close()


def test_the_light_is_seen(tmp_path):
    plain, noir = (
        frames_of(tmp_path, a_shot("orbit", light=Light(style=style)))[0]
        for style in (None, "noir")
    )
    assert np.ptp(noir, axis=-1).mean() < 20 < np.ptp(plain, axis=-1).mean()


def test_a_move_without_a_model_is_refused():
    with pytest.raises(ValueError, match="whip-pan"):
        next(dry_run(a_shot("whip-pan")))
