"""A PNG in strips is the picture that was cut into them."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.pictures.printing.png_strips import PngStrips


def picture(width: int, height: int, seed: int) -> Image.Image:
    """Flat, smooth and noisy parts, so that each filter is the best for some row."""
    dice = np.random.default_rng(seed)
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[height // 3 :] = np.linspace(0, 255, width)[None, :, None].astype(np.uint8)
    pixels[height // 2 :] += np.linspace(0, 90, height - height // 2)[:, None, None].astype("u1")
    pixels[height * 3 // 4 :] += dice.integers(0, 256, 3, dtype=np.uint8)
    pixels[height * 5 // 6 :] = dice.integers(0, 256, (height - height * 5 // 6, width, 3))
    return Image.fromarray(pixels)


def stripped(whole: Image.Image, cuts: list[int]) -> bytes:
    file = BytesIO()
    png = PngStrips(file, whole.width, whole.height)
    edges = sorted({0, whole.height, *(cut for cut in cuts if cut < whole.height)})
    for top, low in zip(edges, edges[1:], strict=False):
        png.add(whole.crop((0, top, whole.width, low)))
    png.close()
    return file.getvalue()


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(1, 60),
    height=st.integers(1, 120),
    seed=st.integers(0, 99),
    cuts=st.lists(st.integers(1, 119), max_size=5),
)
def test_it_reads_back_whatever_the_strips(width, height, seed, cuts):
    whole = picture(width, height, seed)
    with Image.open(BytesIO(stripped(whole, cuts)), formats=["PNG"]) as read:
        read.load()
        assert read.mode == "RGB"
        assert read.tobytes() == whole.tobytes()


def test_it_is_about_as_small_as_pillow_makes_it():
    whole = picture(640, 480, 1)
    file = BytesIO()
    whole.save(file, "PNG")
    assert len(stripped(whole, [100, 200])) < 1.1 * len(file.getvalue())


@pytest.mark.parametrize(("mode", "size"), [("RGB", (9, 4)), ("RGB", (8, 11)), ("L", (8, 4))])
def test_a_strip_of_something_else_is_refused(mode, size):
    png = PngStrips(BytesIO(), 8, 10)
    with pytest.raises(ValueError, match="does not fit"):
        png.add(Image.new(mode, size))


def test_a_picture_without_its_foot_is_refused():
    png = PngStrips(BytesIO(), 8, 10)
    png.add(Image.new("RGB", (8, 7)))
    with pytest.raises(ValueError, match="lacks 3 rows"):
        png.close()
