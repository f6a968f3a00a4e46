"""A still in relief stays one sheet: nothing tears, bends, folds, smears or shows twice."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from studio.pictures.camera.footage import Footage
from studio.pictures.camera.motion import CARRIED
from studio.pictures.camera.sketch import sketch_layers
from studio.pictures.plan import Light
from tests.pictures.flow import shot

SIZE, FRAME = (960, 540), (480, 270)
TIMES = (0.0, 0.3, 0.7, 1.0)
MOVES = pytest.mark.parametrize("motion", sorted(CARRIED))
SKY, HILLS, COAT, FACE, SUN = (
    (120, 140, 180), (60, 70, 95), (120, 50, 40), (200, 150, 120), (255, 220, 150)
)  # fmt: skip


def street(path: Path) -> Path:
    """A stick figure on a ground line that also carries houses and posts: one thing, all joined."""
    sheet = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(sheet)
    pen.line((0, 370, 960, 370), "black", 5)
    for left, top in ((60, 190), (200, 120), (690, 140), (830, 200)):
        pen.rectangle((left, top, left + 96, 370), outline="black", width=4)
    pen.ellipse((456, 228, 504, 276), outline="black", width=4)
    limbs = ((480, 276, 480, 384), (480, 312, 438, 350), (480, 312, 528, 350))
    for limb in (*limbs, (480, 384, 450, 468), (480, 384, 516, 468)):
        pen.line(limb, "black", 4)
    sheet.save(path)
    return path


def posts(path: Path) -> Path:
    """Three blue posts from the picture's head to the ground, and a red figure between them."""
    sheet = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(sheet)
    for x in (180, 340, 660):
        pen.line((x, 0, x, 380), "blue", 6)
    pen.rectangle((430, 160, 530, 400), (190, 40, 30))
    sheet.save(path)
    return path


def evening(path: Path) -> Path:
    """A person before hills and a sun, in flat colours, as round and as soft as in a photo."""
    across = np.arange(SIZE[0])
    ridge = 300 + 45 * np.sin(across / 85) + 20 * np.sin(across / 30)
    sheet = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((640, 110, 720, 190), SUN)
    edge = [(float(x), float(y)) for x, y in zip(across, ridge, strict=True)]
    pen.polygon([(0.0, 540.0), *edge, (960.0, 540.0)], HILLS)
    pen.rectangle((410, 260, 505, 480), COAT)
    pen.ellipse((425, 210, 490, 275), FACE)
    sheet.filter(ImageFilter.GaussianBlur(1)).save(path)
    return path


def frames(motion: str, still: Path, speed: float = 1.0) -> list[npt.NDArray[np.float64]]:
    footage = Footage(shot(motion, speed, still, subject=(0.5, 0.6)), FRAME)
    return [np.asarray(footage.frame(t), dtype=np.float64) for t in TIMES]


@MOVES
def test_a_line_behind_the_subject_stays_in_one_piece_and_level(tmp_path, motion):
    for frame in frames(motion, street(tmp_path / "street.png")):
        ink = 255 - frame.mean(axis=2)
        row = int(ink.sum(axis=1).argmax())
        assert ink[row].min() > 100, "the line has a gap, or is not level"


@MOVES
def test_what_is_upright_stays_upright(tmp_path, motion):
    for frame in frames(motion, posts(tmp_path / "posts.png")):
        blue = (frame[..., 2] - frame[..., 0]).clip(0)
        seen = np.flatnonzero(blue.max(axis=0) > 60)
        for columns in np.split(seen, np.flatnonzero(np.diff(seen) > 4) + 1):
            if columns[0] < 4 or columns[-1] > FRAME[0] - 5:
                continue  # leaving the frame
            post = blue[:, columns[0] - 2 : columns[-1] + 3]
            rows = np.flatnonzero(post.max(axis=1) > 60)[:-2]
            at = post[rows] @ np.arange(post.shape[1]) / post[rows].sum(axis=1)
            assert len(rows) > 60
            assert np.ptp(at) < 1.5


@MOVES
def test_nothing_is_seen_that_was_never_drawn(tmp_path, motion):
    """All that is of none of the five colours is as thin as the edge between two of them."""
    for frame in frames(motion, evening(tmp_path / "evening.png")):
        far = [np.abs(frame - colour).max(axis=2) for colour in (SKY, HILLS, COAT, FACE, SUN)]
        off = Image.fromarray(((np.min(far, axis=0) > 12) * 255).astype(np.uint8))
        assert off.filter(ImageFilter.MinFilter(7)).getbbox() is None


@MOVES
def test_each_colour_stays_in_one_place(tmp_path, motion):
    """No coat beside the coat, no face behind the face, no second sun."""
    for frame in frames(motion, evening(tmp_path / "evening.png")):
        for colour in (COAT, FACE, SUN):
            seen = np.abs(frame - colour).max(axis=2) < 12
            for axis in (0, 1):
                along = np.flatnonzero(seen.any(axis=axis))
                assert len(along) == 0 or np.ptp(along) == len(along) - 1


@MOVES
def test_round_things_stay_round_about(tmp_path, motion):
    for frame in frames(motion, evening(tmp_path / "evening.png")):
        seen = np.abs(frame - SUN).max(axis=2) < 30
        columns, rows = np.flatnonzero(seen.any(axis=0)), np.flatnonzero(seen.any(axis=1))
        is_cut = len(rows) == 0 or rows[0] == 0 or columns[-1] == FRAME[0] - 1
        assert is_cut or 0.75 < len(columns) / len(rows) < 1.3


@pytest.fixture(scope="module")
def slopes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Stills that only ever get lighter, to the right and towards the foot."""
    folder = tmp_path_factory.mktemp("slopes")
    across = np.broadcast_to(np.linspace(0, 255, 480), (270, 480)).astype(np.uint8)
    down = np.broadcast_to(np.linspace(0, 255, 270)[:, None], (270, 480)).astype(np.uint8)
    for name, pixels in (("across", across), ("down", down)):
        Image.fromarray(pixels).convert("RGB").save(folder / f"{name}.png")
    return folder / "across.png", folder / "down.png"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    motion=st.sampled_from(sorted(CARRIED)),
    speed=st.floats(0.1, 1.0),
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    t=st.floats(0, 1),
)
def test_nothing_ever_folds_or_is_stretched_out_of_shape(slopes, motion, speed, x, y, t):
    for still, axis in zip(slopes, (1, 0), strict=True):
        footage = Footage(shot(motion, speed, still, subject=(x, y)), (160, 90))
        grey = np.asarray(footage.frame(t), dtype=np.float64)[..., 0]
        steps = np.diff(grey, axis=axis)
        assert steps.min() >= 0
        # Over a few pixels, for greys are whole numbers: at most twice as wide here as there.
        length = grey.shape[axis]
        marks = [np.take(grey, i, axis=axis) for i in range(2, length - 2, length // 8)]
        spans = np.array([after - before for before, after in pairwise(marks)])
        assert (spans.max(axis=0) < 2.0 * spans.min(axis=0) + 3).all()


def test_a_street_of_houses_on_one_line_is_not_taken_for_its_subject(tmp_path):
    (sheet,) = sketch_layers(street(tmp_path / "s.png"), FRAME, Light(), (0.5, 0.6))
    assert sheet.relief is not None
    left, _, right, foot = sheet.relief.box
    assert left < 0.5 < right
    assert right - left < 0.3
    assert foot > 0.7


def test_a_person_is_taken_whole(tmp_path):
    (sheet,) = sketch_layers(evening(tmp_path / "e.png"), FRAME, Light(), (0.48, 0.6))
    assert sheet.relief is not None
    assert sheet.relief.box == pytest.approx((410 / 960, 210 / 540, 505 / 960, 480 / 540), abs=0.05)
