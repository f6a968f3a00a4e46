"""Depth from a flat still: the subject found, and the sheet in relief about it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio.pictures.camera.footage import Footage
from studio.pictures.camera.matte import Mask, subject_mask
from studio.pictures.camera.motion import CARRIED
from studio.pictures.camera.sketch import framed
from tests.pictures.flow import filmed, path, shot, staged, texture

SIZE = (720, 405)
RED = (200, 40, 30)


def mask_at(mask: Mask, at: tuple[float, float]) -> bool:
    return bool(mask[int(at[1] * len(mask)), int(at[0] * mask.shape[1])])


def sketched() -> Image.Image:
    """A person before a horizon that runs through behind, and a house, in lines on paper."""
    sheet = Image.new("RGB", SIZE, (250, 248, 243))
    pen = ImageDraw.Draw(sheet)
    pen.line((0, 260, 720, 255), "black", 2)
    pen.rectangle((60, 150, 160, 258), outline="black", width=2)
    pen.ellipse((330, 90, 390, 160), (250, 248, 243), "black", 3)
    body = [(335, 170), (385, 170), (410, 270), (390, 370), (330, 370), (310, 270)]
    pen.polygon(body, (250, 248, 243), "black", 3)
    pen.line((360, 160, 360, 170), "black", 4)
    return sheet


def joined() -> Image.Image:
    """The same, and a tree, all joined by a range of hills."""
    sheet = sketched()
    pen = ImageDraw.Draw(sheet)
    pen.line((0, 230, 110, 190, 300, 225, 420, 185, 560, 225, 720, 200), "black", 2)
    pen.ellipse((540, 80, 660, 210), outline="black", width=2)
    pen.rectangle((590, 210, 606, 330), outline="black", width=2)
    return sheet


def coloured(kind: str) -> Image.Image:
    across = np.linspace(0, 255, SIZE[0], dtype=np.uint8)[None].repeat(SIZE[1], 0)
    down = np.linspace(0, 255, SIZE[1], dtype=np.uint8)[:, None].repeat(SIZE[0], 1)
    pictures = {
        "white": Image.new("RGB", SIZE, "white"),
        "black": Image.new("RGB", SIZE),
        "one colour": Image.new("RGB", SIZE, RED),
        "gradient": Image.fromarray(np.dstack([across, down, 255 - across])),
        "noise": Image.merge("RGB", [texture(SIZE, n, low=0, high=255, grain=2) for n in range(3)]),
        "hills": Image.composite(
            Image.new("RGB", SIZE, (60, 110, 50)),
            Image.new("RGB", SIZE, (150, 180, 220)),
            Image.fromarray(((down > 130) * 255).astype(np.uint8)),
        ),
    }
    return pictures[kind]


@pytest.mark.parametrize("at", [(0.5, 0.5), (0.25, 0.5), (0.8, 0.55)])
def test_a_figure_is_told_from_the_wall_behind_it(tmp_path, at):
    picture = Image.open(staged(tmp_path / "still.png", at))
    mask = subject_mask(picture, at)
    assert mask is not None
    red, _, blue = np.moveaxis(np.asarray(picture.resize(mask.shape[::-1]), dtype=int), -1, 0)
    true = red > blue + 60
    assert (mask & true).sum() > 0.95 * true.sum()
    assert (mask & ~true).sum() < 0.15 * true.sum()


def test_a_drawn_outline_holds_what_is_in_it_and_lets_the_horizon_go():
    mask = subject_mask(sketched(), (0.5, 0.5))
    assert mask is not None
    assert mask_at(mask, (0.5, 0.3))
    assert mask_at(mask, (0.5, 0.7))
    assert not mask[:, : int(0.36 * mask.shape[1])].any()
    assert not mask[:, int(0.64 * mask.shape[1]) :].any()


@pytest.mark.parametrize("width", [380, 480, 720, 1280])
def test_a_person_joined_to_others_by_hills_is_taken_alone(width):
    mask = subject_mask(joined().resize((width, width * 9 // 16)), (0.5, 0.5))
    assert mask is not None
    assert all(mask_at(mask, (0.5, y)) for y in (0.3, 0.6, 0.85))
    assert not mask[:, : int(0.25 * mask.shape[1])].any()
    assert not mask[:, int(0.75 * mask.shape[1]) :].any()


def test_a_point_beside_everything_does_not_take_all_of_it():
    for at in ((0.1, 0.9), (0.9, 0.95), (0.5, 0.05)):
        mask = subject_mask(joined(), at)
        assert mask is None or np.ptp(np.flatnonzero(mask.any(axis=0))) < 0.6 * mask.shape[1]


@pytest.mark.parametrize("gap", [0, 10, 20])
@pytest.mark.parametrize("colour", [(60, 40, 30), (225, 180, 150)], ids=["hair", "face"])
def test_a_head_goes_with_its_body(colour, gap):
    """However pale beside the coat, and over a scarf of the ground's own colour."""
    field = coloured("hills")
    pen = ImageDraw.Draw(field)
    pen.rectangle((325, 190, 395, 350), RED)
    pen.ellipse((345, 154 - gap, 375, 190 - gap), colour)
    mask = subject_mask(field, (0.5, 0.5))
    assert mask is not None
    assert all(mask_at(mask, (0.5, y / 405)) for y in (172 - gap, 270))
    assert mask.mean() < 0.1


def test_the_point_says_which_of_two_is_the_subject():
    wall = Image.new("RGB", SIZE, (120, 130, 140))
    for left in (100, 500):
        ImageDraw.Draw(wall).rectangle((left, 130, left + 110, 330), RED)
    for at, other in ((0.2, 0.78), (0.78, 0.2)):
        mask = subject_mask(wall, (at, 0.55))
        assert mask is not None
        assert mask_at(mask, (at, 0.55))
        assert not mask_at(mask, (other, 0.55))


@pytest.mark.parametrize("light_on_dark", [False, True])
def test_a_stick_figure_is_one_thing(light_on_dark):
    ink, paper = ("white", "black") if light_on_dark else ("black", "white")
    sheet = Image.new("RGB", SIZE, paper)
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((335, 90, 385, 140), outline=ink, width=2)
    for line in ((360, 140, 360, 260), (310, 190, 410, 180), (360, 260, 320, 340)):
        pen.line((*line,), ink, 2)
    pen.line((360, 260, 400, 340), ink, 2)
    mask = subject_mask(sheet, (0.5, 0.5))
    assert mask is not None
    assert all(mask_at(mask, (x / 720, y / 405)) for x, y in ((360, 115), (360, 200), (330, 320)))


@pytest.mark.parametrize("kind", ["white", "black", "one colour", "gradient", "noise", "hills"])
def test_where_nothing_stands_out_nothing_is_cut(kind):
    for at in ((0.5, 0.5), (0.0, 0.0), (1.0, 1.0), (0.3, 0.9)):
        assert subject_mask(coloured(kind), at) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (7, 5), (30, 4000)])
def test_pictures_of_any_shape_are_looked_at(size):
    subject_mask(texture(size, 1).convert("RGB"), (0.5, 0.5))


@pytest.mark.parametrize("motion", sorted(CARRIED))
def test_a_subject_leaves_no_ghost_and_no_halo(tmp_path, motion):
    """On a plain wall, all that is not the wall's colour stays together in one place."""
    wall = Image.new("RGB", (960, 540), (70, 90, 120))
    figure = Image.new("L", wall.size)
    ImageDraw.Draw(figure).ellipse((400, 130, 560, 450), 255)
    wall.paste(RED, mask=figure.filter(ImageFilter.GaussianBlur(1)))
    wall.save(tmp_path / "still.png")
    footage = Footage(shot(motion, 1.0, tmp_path / "still.png"), (320, 180))
    for t in (0.0, 0.25, 0.5, 0.75, 1.0):
        frame = np.asarray(footage.frame(t), dtype=float)
        off = np.abs(frame - (70, 90, 120)).max(axis=-1)
        red = np.abs(frame - RED).max(axis=-1) < 12
        columns, rows = np.flatnonzero(red.any(axis=0)), np.flatnonzero(red.any(axis=1))
        off[max(0, rows[0] - 5) : rows[-1] + 6, max(0, columns[0] - 5) : columns[-1] + 6] = 0
        assert off.max() < 5, t
        assert np.ptp(np.diff(columns)) == 0, "the figure is torn"


@pytest.mark.parametrize("kind", ["white", "black", "one colour"])
@pytest.mark.parametrize("motion", sorted(CARRIED))
def test_one_colour_stays_one_colour(tmp_path, kind, motion):
    picture = coloured(kind)
    picture.save(tmp_path / "still.png")
    frame = np.asarray(Footage(shot(motion, 1.0, tmp_path / "still.png"), (160, 90)).frame(0.8))
    assert (frame == picture.getpixel((0, 0))).all()


def test_a_ground_without_a_subject_still_shows_depth(tmp_path):
    coloured("noise").save(tmp_path / "still.png")
    frames = filmed(shot("crane-up", 0.6, tmp_path / "still.png"), np.linspace(0, 1, 17))
    far, middle, near = (path(frames, (0.5, y))[-1][1] for y in (0.18, 0.5, 0.82))
    assert near > 1.08 * middle > 1.16 * far > 5


def test_a_sheet_of_another_shape_moves_before_its_backdrop(tmp_path):
    texture((300, 600), 3, low=120, high=255, grain=4).convert("RGB").save(tmp_path / "tall.png")
    footage = Footage(shot("dolly-in", 0.6, tmp_path / "tall.png"), (320, 180))
    first, last = (np.asarray(footage.frame(t).convert("L"), dtype=float) for t in (0.0, 1.0))
    bright = [np.flatnonzero(frame[90] > 110) for frame in (first, last)]
    widths = [np.ptp(columns) for columns in bright]
    assert 1.2 < widths[1] / widths[0] < 1.8


def test_what_is_transparent_is_paper(tmp_path):
    sheet = Image.new("RGBA", (480, 270), (0, 0, 0, 0))
    ImageDraw.Draw(sheet).line((0, 135, 480, 135), (0, 0, 0, 255), 9)
    sheet.save(tmp_path / "clear.png")
    frame = framed(tmp_path / "clear.png", (160, 90))
    assert frame.getpixel((80, 10)) == (255, 255, 255)
    assert frame.getpixel((80, 45)) == (0, 0, 0)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK"])
def test_stills_of_every_mode_are_framed(tmp_path: Path, mode: str):
    still = tmp_path / ("still.jpg" if mode == "CMYK" else "still.png")
    texture((480, 270), 2).convert("RGB").convert(mode).save(still)
    assert framed(still, (160, 90)).mode == "RGB"
    Footage(shot("orbit", 0.5, still), (160, 90)).frame(0.5)


@pytest.mark.parametrize("size", [(1, 1), (900, 1), (1, 900), (3000, 40), (17, 9)])
@pytest.mark.parametrize("frame", [(16, 16), (160, 90), (16, 400)])
def test_stills_of_every_shape_are_filmed(tmp_path: Path, size: tuple[int, int], frame):
    texture(size, 3).convert("RGB").save(tmp_path / "still.png")
    for motion in ("orbit", "handheld", "pan-left"):
        footage = Footage(shot(motion, 1.0, tmp_path / "still.png", subject=(1, 0)), frame)
        assert footage.frame(0.5).size == frame
