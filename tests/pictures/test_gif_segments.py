"""Parts of a film that are encoded apart and laid one after the other are one GIF."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from studio.pictures.gifs.blocks import TRAILER, Frame, read_blocks, read_screen, write_screen
from studio.pictures.gifs.encoder import GifEncoder

SIZE = (48, 28)


def scene(seed: int, count: int) -> list[Image.Image]:
    noise = np.random.default_rng(seed).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    return [Image.fromarray(np.roll(noise, n, axis=1)) for n in range(count)]


def segment(images: list[Image.Image], ends_cs: list[int]) -> bytes:
    out = BytesIO()
    encoder = GifEncoder(out, SIZE, is_segment=True)
    for image, end_cs in zip(images, ends_cs, strict=True):
        encoder.add(image, end_cs)
    encoder.close()
    return out.getvalue()


def frames_of(data: bytes) -> list[Frame]:
    source = BytesIO(data)
    read_screen(source)
    return [block for block in read_blocks(source) if isinstance(block, Frame)]


@pytest.fixture
def film() -> tuple[bytes, list[Image.Image]]:
    out = BytesIO()
    write_screen(out, *SIZE)
    drawn = []
    for seed, count in ((1, 13), (2, 1), (3, 4)):
        images = scene(seed, count)
        out.write(segment(images, [round((n + 1) * 6.67) for n in range(count)]))
        drawn += images
    out.write(TRAILER)
    return out.getvalue(), drawn


def test_segments_between_header_and_end_mark_are_one_gif(film):
    data, drawn = film
    with Image.open(BytesIO(data)) as opened:
        assert (opened.n_frames, opened.info["loop"], opened.size) == (18, 0, SIZE)
        for number, source in enumerate(drawn):
            opened.seek(number)
            apart = np.asarray(opened.convert("RGB"), dtype=float) - np.asarray(source)
            assert np.sqrt((apart**2).mean()) < 25, "a segment shows what the one before left"


def test_a_segment_has_its_own_exact_time(film):
    delays = [frame.delay_cs for frame in frames_of(film[0])]
    assert sum(delays) == 87 + 7 + 27
    assert set(delays) == {6, 7}


def test_a_segment_begins_with_a_whole_picture(film):
    frames = frames_of(film[0])
    for number in (0, 13, 14):
        first = frames[number]
        assert (first.left, first.top, first.width, first.height) == (0, 0, *SIZE)
        assert first.transparent is None


def test_a_segment_is_the_blocks_of_the_film_alone():
    images, ends = scene(5, 12), [10 * (n + 1) for n in range(12)]
    whole = BytesIO()
    encoder = GifEncoder(whole, SIZE)
    for image, end_cs in zip(images, ends, strict=True):
        encoder.add(image, end_cs)
    encoder.close()
    header = BytesIO()
    write_screen(header, *SIZE)
    assert whole.getvalue() == header.getvalue() + segment(images, ends) + TRAILER


def test_a_segment_without_frames_is_nothing():
    assert segment([], []) == b""
