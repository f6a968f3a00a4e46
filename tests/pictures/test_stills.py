"""A frame of a film at a moment, against films of which each frame is known."""

from fractions import Fraction
from io import BytesIO

import av
import numpy as np
import pytest
from PIL import Image

from studio.pictures.errors import Unacceptable
from studio.pictures.stills import still_at
from tests.pictures.sounding_films import silence, sounding


@pytest.fixture
def film(tmp_path):
    """Two seconds at 10 frames a second, each frame lighter than the one before."""
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=10, options={"g": "7", "crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 128, 72, "yuv420p"
        for number in range(20):
            grey = np.full((72, 128, 3), 10 + 12 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def number_in(still: bytes) -> int:
    with Image.open(BytesIO(still)) as picture:
        assert picture.format == "JPEG"
        return round((picture.convert("L").getpixel((5, 5)) - 10) / 12)


@pytest.mark.parametrize(
    ("moment_ms", "frame"),
    [(0, 0), (99, 0), (100, 1), (650, 6), (700, 7), (1_950, 19), (9_000, 19)],
)
def test_it_is_the_frame_that_is_seen_then(film, moment_ms, frame):
    assert number_in(still_at(film, moment_ms, width=128)) == frame


def test_it_is_no_wider_than_asked_for(film):
    with Image.open(BytesIO(still_at(film, 0, width=64))) as picture:
        assert picture.size == (64, 36)


@pytest.mark.parametrize("data", [b"", b"no film at all", sounding(silence())[:700]])
def test_what_is_no_film_is_refused(tmp_path, data):
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    with pytest.raises(Unacceptable, match=r"\.$"):
        still_at(path, 0, width=64)
