"""Stills from outside: each ends in a picture of ours or in a sentence, whatever it is."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from studio.pictures.distrust.limits import STILL_LIMITS, Limits
from studio.pictures.distrust.still import WITHIN
from studio.pictures.probe import Unacceptable, redraw_still
from tests.pictures.odd_stills import (
    REFUSED,
    SOUND,
    deep_png,
    exif,
    jpeg,
    picture,
    png,
    saved,
    swapped_srgb,
)
from tests.pictures.test_probe import assert_sentence

SENDERS = (b"SecretCam", b"script", b"Exif", b"GPS", b"ICC", b"PK\3\4", b"tEXt", b"eXIf", b"alert")


@pytest.fixture
def redrawn(tmp_path):
    def redraw(data: bytes, limits: Limits = STILL_LIMITS):
        source, out = tmp_path / "sent.png", tmp_path / "ours"
        source.write_bytes(data)
        facts = redraw_still(source, out, limits)
        return facts, Image.open(BytesIO(out.read_bytes()))

    return redraw


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_or_odd_still_becomes_a_picture_of_ours(name, redrawn, tmp_path):
    build, size = SOUND[name]
    facts, image = redrawn(build())
    assert (facts.width, facts.height) == image.size == size
    assert facts.media_type == Image.MIME[image.format]
    assert facts.media_type in ("image/jpeg", "image/png")
    assert image.mode == "RGB"
    image.load()
    ours = (tmp_path / "ours").read_bytes()
    assert not [word for word in SENDERS if word in ours]
    assert not image.getexif()
    assert "icc_profile" not in image.info


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_or_broken_still_ends_in_a_sentence(name, redrawn, tmp_path):
    build, speaks_of = REFUSED[name]
    data = build()
    with pytest.raises(Unacceptable, match=speaks_of) as refused:
        redrawn(data)
    assert_sentence(str(refused.value))
    assert not (tmp_path / "ours").exists()


def test_the_tables_are_long_enough():
    assert len(SOUND) >= 25
    assert len(REFUSED) >= 25


# In a process of its own: a child counts what its parent held when it was begun.
PEAK = """
import resource, sys
from pathlib import Path
from studio.pictures.probe import redraw_still
for sent in sys.argv[1:]:
    redraw_still(Path(sent), Path(sent + ".out"))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_none_of_them_took_more_memory_than_a_child_may(tmp_path):
    sent = [tmp_path / "large.png", tmp_path / "large.jpg"]
    sent[0].write_bytes(saved(Image.new("RGBA", (7_000, 7_000), "teal"), "PNG"))
    sent[1].write_bytes(jpeg((7_000, 7_000)))
    told = subprocess.run(
        [sys.executable, "-c", PEAK, *sent], capture_output=True, text=True, check=True
    )
    assert 10_000_000 < int(told.stdout) * 1024 < STILL_LIMITS.memory_bytes


def test_a_child_without_memory_says_so(redrawn):
    with pytest.raises(Unacceptable) as refused:
        redrawn(png((4000, 4000)), Limits(memory_bytes=130_000_000))
    assert_sentence(str(refused.value))


def test_too_many_bytes_are_not_looked_at(redrawn):
    with pytest.raises(Unacceptable, match="20 MB"):
        redrawn(jpeg() + bytes(20_000_001))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_a_camera_is_turned_upright(redrawn, orientation):
    upright = Image.new("RGB", (320, 180))
    upright.paste((255, 0, 0), (0, 0, 160, 90))
    upright.paste((0, 0, 255), (160, 90, 320, 180))
    undone = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)
    stored = upright if undone is None else upright.transpose(Image.Transpose(undone))
    facts, image = redrawn(saved(stored, "JPEG", exif=exif(orientation), quality=95))
    assert (facts.width, facts.height) == (320, 180)
    red, blue = image.getpixel((40, 40)), image.getpixel((280, 140))
    assert red[0] > 200 > 60 > red[2]
    assert blue[2] > 200 > 60 > blue[0]


def test_16_bits_keep_their_shades(redrawn):
    _, image = redrawn(deep_png())
    assert [image.getpixel((x, 90))[0] // 10 for x in (0, 160, 319)] == [0, 12, 25]


def test_cmyk_keeps_its_colours(redrawn):
    _, image = redrawn(saved(Image.new("RGB", (64, 36), (200, 40, 60)).convert("CMYK"), "JPEG"))
    assert all(abs(a - b) < 12 for a, b in zip(image.getpixel((9, 9)), (200, 40, 60), strict=True))


def test_the_numbers_of_another_colour_space_are_translated(redrawn):
    """Under a profile with red and blue swapped, the same numbers are another colour."""
    sent = saved(Image.new("RGB", (64, 36), (200, 40, 60)), "PNG", icc_profile=swapped_srgb())
    shown = redrawn(sent)[1].getpixel((9, 9))
    assert shown == pytest.approx((60, 40, 200), abs=25)


def test_what_shines_through_is_dark_and_dark_ink_lies_on_paper(redrawn):
    bright = Image.new("RGBA", (64, 36))
    bright.paste((255, 230, 120, 255), (0, 0, 20, 36))
    assert max(redrawn(saved(bright, "PNG"))[1].getpixel((50, 18))) < 40
    ink = Image.new("RGBA", (64, 36))
    ink.paste((10, 10, 10, 255), (0, 0, 20, 36))
    assert min(redrawn(saved(ink, "PNG"))[1].getpixel((50, 18))) > 220


def test_a_drawing_stays_sharp_and_a_photograph_small(redrawn):
    drawing = Image.new("RGB", (1280, 720), (244, 242, 236))
    drawing.paste((20, 20, 20), (100, 100, 900, 110))
    assert redrawn(saved(drawing, "PNG"))[0].media_type == "image/png"
    assert redrawn(saved(picture((1280, 720)), "PNG"))[0].media_type == "image/jpeg"
    grain = Image.effect_noise((1920, 1080), 60)
    assert redrawn(saved(grain, "JPEG"))[0].media_type == "image/jpeg"


def test_the_same_picture_gives_the_same_bytes(redrawn, tmp_path):
    redrawn(png())
    first = (tmp_path / "ours").read_bytes()
    redrawn(png(pnginfo=None, compress_level=1))
    assert (tmp_path / "ours").read_bytes() == first


def test_nothing_of_it_is_larger_than_the_screen(redrawn):
    for size in ((5_000, 400), (400, 5_000), (2_400, 1_350)):
        _, image = redrawn(jpeg(size))
        assert image.width <= WITHIN[0]
        assert image.height <= WITHIN[1]


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(Unacceptable, match="no file"):
        redraw_still(Path(tmp_path / "nothing"), tmp_path / "ours")
