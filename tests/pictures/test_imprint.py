"""What is printed over a film's pictures: legible on any of them, and the same on each."""

import numpy as np
import pytest
from PIL import Image

from studio.pictures.animatic import render_gif, render_poster
from studio.pictures.films.caption import timecode
from studio.pictures.films.imprint import Imprint
from studio.pictures.films.order import GIF, Style
from studio.pictures.marks.stamp import EDGE, FACE, stamp_for
from studio.pictures.plan import Camera, Light, ShotPlan
from studio.pictures.watermark import Mark
from tests.pictures.films import film, shown

WIDTHS = [320, 480, 1280, 1920]
LONG = "A lighthouse keeper walks down the spiral stairs with a lantern while a storm breaks in"
PROMPTS = [
    LONG,
    "شارع ممطر في طوكيو ليلا",
    "雨の夜の東京、ネオンの光が濡れた道路に映る",
    "גשם בלילה",
]
LINES = ("Acme Studio", "for client@acme.com")


def printed(
    width: int, prompt: str = LONG, *, on: int = 255, at_ms: int = 0, mark: tuple[str, ...] = ()
) -> np.ndarray:
    size = (width, width * 9 // 16)
    shot = ShotPlan("a", 12, prompt, 1000, Camera("static"), Light())
    imprint = Imprint(shot, Style(GIF, size, 10, True, mark))
    frame = Image.new("RGB", size, (on, on, on))
    imprint.lay(frame)
    imprint.tell(frame, at_ms)
    return np.asarray(frame, dtype=np.float32)


def luminance(levels: np.ndarray) -> np.ndarray:
    share = levels / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("on", [0, 255])
@pytest.mark.parametrize("width", WIDTHS)
def test_letters_stand_out_from_black_and_from_white(width, on):
    """White letters against the bar right around them: 4.5 to 1, as WCAG wants of small text."""
    ink = printed(width, on=0)[:, width // 4 :].min(axis=2) > 235
    rows = np.flatnonzero(ink.any(axis=1))
    # The columns left of the number have the bar and nothing on it.
    bar = printed(width, on=on)[rows[0] : rows[-1] + 1, : width // 100]
    assert (1.05 / (luminance(bar) + 0.05)).min() >= 4.5


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_words_keep_clear_of_the_number_and_the_time(width, prompt):
    frame, bare = printed(width, prompt), printed(width, "")
    changed = np.flatnonzero(np.abs(frame - bare).max(axis=(0, 2)) > 20)
    clock = np.flatnonzero(np.abs(bare - printed(width, "", at_ms=611_000)).max(axis=(0, 2)) > 20)
    chip = np.flatnonzero((np.abs(bare - (255, 196, 84)).max(axis=2) < 3).any(axis=0))
    assert len(changed) > width // 15, "the words are there"
    assert chip[-1] < changed[0]
    assert changed[-1] < clock[0]


def test_the_picture_above_the_bar_is_left_alone():
    frame = printed(480)
    assert (frame[: 270 - 40] == 255).all()


def test_running_digits_do_not_dance():
    """Where each digit stands never depends on what the others are."""

    def apart(one_ms: int, other_ms: int) -> set[int]:
        one, other = (printed(480, on=0, at_ms=at_ms) for at_ms in (one_ms, other_ms))
        return set(np.flatnonzero(np.abs(one - other).max(axis=(0, 2))))

    tenths = set.union(*(apart(800, other) for other in (100, 700, 400)))
    seconds = set.union(*(apart(800, other) for other in (1_800, 7_800, 4_800)))
    minutes = set.union(*(apart(800, other) for other in (60_800, 420_800)))
    assert max(minutes) < min(seconds)
    assert max(seconds) < min(tenths)
    assert len(tenths) < 10


@pytest.mark.parametrize(
    ("at_ms", "says"), [(0, "0:00.0"), (999, "0:00.9"), (12_400, "0:12.4"), (600_000, "10:00.0")]
)
def test_time_is_told_in_minutes_seconds_and_tenths(at_ms, says):
    assert timecode(at_ms) == says


@pytest.mark.parametrize("on", [0, 128, 255])
def test_the_mark_looks_as_in_a_preview(on):
    """Face over edge over the picture, as `Stamp` blends them."""
    frame = printed(480, on=on, mark=LINES)[:220]
    stamp = stamp_for(LINES, (480, 270))
    face, edge = (stamp.blends[stamp.classes, channel][:220, :, None] for channel in (0, 1))
    wanted = (on * (1 - edge) + EDGE * edge) * (1 - face) + FACE * face
    assert np.abs(frame - wanted).max() <= 2
    assert np.abs(frame - on).max() > 20


def test_every_frame_and_the_poster_carry_the_mark(tmp_path):
    plan, size, paths = film(600, 500, motion="static"), (320, 180), []
    for mark in (Mark(LINES), None):
        paths.append(tmp_path / f"{len(paths)}.gif")
        render_gif(plan, paths[-1], size=size, fps=10, mark=mark)
    is_face = stamp_for(LINES, size).classes.astype(int) == stamp_for(LINES, size).classes.max()
    is_face[150:] = False
    for one, other in zip(*map(shown, paths), strict=True):
        brighter = (one[..., :3].astype(int) - other[..., :3])[is_face].mean()
        assert brighter > 15
    posters = []
    for mark in (Mark(LINES), None):
        render_poster(plan, tmp_path / "a.jpg", size=size, mark=mark)
        with Image.open(tmp_path / "a.jpg") as poster:
            assert (poster.format, poster.size) == ("JPEG", size)
            posters.append(np.asarray(poster, dtype=int))
    assert (posters[0] - posters[1])[is_face].mean() > 15


def test_a_mark_without_words_marks_nothing(tmp_path):
    one, other = tmp_path / "1.gif", tmp_path / "2.gif"
    render_gif(film(500), one, size=(64, 36), mark=Mark(("", "  ")))
    render_gif(film(500), other, size=(64, 36))
    assert one.read_bytes() == other.read_bytes()
