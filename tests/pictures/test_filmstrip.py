"""A row of frames at even spacing, and the mark burned in: both in the bounded child."""

import errno
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from studio.pictures.distrust.limits import Limits
from studio.pictures.probe import Unacceptable, film_strip, probe_gif, watermarked
from studio.pictures.watermark import Mark, watermark_gif
from tests.pictures.films import pillow_gif
from tests.pictures.hostile import GIFS, gif

RED, GREEN, BLUE = (230, 0, 0), (0, 200, 0), (0, 0, 240)


def kept(folder: Path, data: bytes) -> Path:
    path = folder / "film.gif"
    path.write_bytes(data)
    return path


def coloured(*frames: tuple[tuple[int, int, int], int], size: tuple[int, int] = (64, 36)) -> bytes:
    """A GIF of plain frames, each (colour, milliseconds)."""
    pictures = [Image.new("RGB", size, colour) for colour, _ in frames]
    return pillow_gif(pictures, duration=[lasts for _, lasts in frames])


def tiles(path: Path, width: int) -> list[tuple[int, ...]]:
    with Image.open(path) as strip:
        middles = range(width // 2, strip.width, width)
        return [tuple(strip.getpixel((x, strip.height // 2))) for x in middles]


def assert_alike(found: list[tuple[int, ...]], wanted: list[tuple[int, int, int]]) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert all(abs(a - b) < 12 for a, b in zip(one, other, strict=True)), (found, wanted)


def test_each_frame_is_the_one_on_screen_at_its_moment(tmp_path):
    path = kept(tmp_path, coloured((RED, 100), (GREEN, 500), (BLUE, 200)))
    facts = film_strip(path, tmp_path / "strip.jpg", frames=4)
    assert (facts.frames, facts.frame_width, facts.width, facts.height) == (3, 160, 480, 90)
    assert facts.times_ms == [133, 400, 666]
    assert_alike(tiles(tmp_path / "strip.jpg", 160), [GREEN, GREEN, BLUE])


def test_twelve_frames_of_a_longer_film(tmp_path):
    shades = [((n * 10, 40, 90), 40) for n in range(24)]
    facts = film_strip(kept(tmp_path, coloured(*shades)), tmp_path / "strip.jpg")
    assert facts.times_ms == [40 + 80 * n for n in range(12)]
    assert_alike(
        tiles(tmp_path / "strip.jpg", facts.frame_width),
        [(20 * n + 10, 40, 90) for n in range(12)],
    )
    with Image.open(tmp_path / "strip.jpg") as strip:
        assert (strip.format, strip.size) == ("JPEG", (1920, 90))


@pytest.mark.parametrize(
    ("size", "tile"),
    [((1080, 1920), (160, 284)), ((2, 900), (1, 284)), ((900, 2), (160, 1)), ((8, 8), (160, 160))],
)
def test_a_frame_keeps_its_shape_and_never_grows_tall(tmp_path, size, tile):
    path = kept(tmp_path, coloured((RED, 100), (BLUE, 100), size=size))
    facts = film_strip(path, tmp_path / "strip.jpg")
    assert (facts.frame_width, facts.height, facts.width) == (*tile, 2 * tile[0])


@pytest.mark.parametrize("name", ["cut in a frame", "html", "no delays", "no frames", "too wide"])
def test_what_is_no_sound_gif_is_refused(tmp_path, name):
    with pytest.raises(Unacceptable):
        film_strip(kept(tmp_path, GIFS[name][0](tmp_path)), tmp_path / "strip.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["film.gif"]


def test_the_child_burns_the_very_same_mark(tmp_path):
    source = kept(tmp_path, gif(size=(200, 120)))
    lines = ("Kitchen Films", "Neon Tokyo · take 1")
    watermark_gif(source, tmp_path / "here.gif", Mark(lines))
    watermarked(source, tmp_path / "child.gif", lines)
    assert (tmp_path / "child.gif").read_bytes() == (tmp_path / "here.gif").read_bytes()
    assert probe_gif(tmp_path / "child.gif") == probe_gif(source)


def test_a_gif_that_takes_too_much_memory_to_mark_leaves_nothing(tmp_path):
    """Sound, and small on disk: yet each frame drawn anew takes hundreds of megabytes."""
    clear = Image.new("RGBA", (3000, 3000), (0, 0, 0, 0))
    clear.putpixel((0, 0), (255, 0, 0, 255))
    source = kept(tmp_path, pillow_gif([clear, clear.rotate(90)], disposal=2))
    assert probe_gif(source).frames == 2
    bound = Limits(memory_bytes=400 * 1024 * 1024)
    with pytest.raises(Unacceptable):
        watermarked(source, tmp_path / "out.gif", ("Kitchen Films",), bound)
    assert [path.name for path in tmp_path.iterdir()] == ["film.gif"]


def test_a_full_disk_is_no_fault_of_the_file(tmp_path, monkeypatch):
    """As the child tells it: what it drew did not fit."""
    answer = subprocess.CompletedProcess([], 0, b'{"no_room": %d}' % errno.ENOSPC)
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: answer)
    with pytest.raises(OSError, match="No space left") as caught:
        film_strip(kept(tmp_path, gif()), tmp_path / "strip.jpg")
    assert caught.value.errno == errno.ENOSPC
