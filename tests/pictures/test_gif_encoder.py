"""GIFs are exact in time, keep the colours that matter, and hold ten frames at most."""

import itertools
import tracemalloc
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.pictures.gifs.encoder import GifEncoder
from tests.pictures.gif_films import (
    composed,
    encoded,
    frames_of,
    panned,
    photograph,
    psnr,
    shown_by_pillow,
)


def flat(colour: tuple[int, int, int], size: tuple[int, int] = (60, 34)) -> np.ndarray:
    return np.full((size[1], size[0], 3), colour, dtype=np.uint8)


def delays_of(data: bytes) -> list[int]:
    return [frame.delay_cs for frame in frames_of(data)]


@pytest.mark.parametrize("fps", [3, 7, 11, 12, 15, 23.976, 24, 29.97, 30, 40, 48, 50])
def test_what_does_not_fit_a_hundredth_is_carried_on(fps):
    count = 90
    ends = [round((n + 1) * 100 / fps) for n in range(count)]
    delays = delays_of(encoded([flat((9, 9, 9), (4, 4))] * count, ends))
    assert len(delays) == count
    assert list(np.cumsum(delays)) == ends
    assert max(delays) - min(delays) <= 1
    assert min(delays) >= 2


def test_a_frame_too_short_for_players_takes_its_time_from_the_next():
    delays = delays_of(encoded([flat((n, 0, 0)) for n in range(5)], [1, 10, 11, 12, 20]))
    assert delays == [2, 8, 2, 2, 6]


def test_frames_that_are_alike_keep_their_own_blocks_and_the_loop_is_endless():
    data = encoded([flat((80, 120, 40))] * 23)
    assert delays_of(data) == [10] * 23
    with Image.open(BytesIO(data)) as opened:
        assert (opened.info["loop"], opened.n_frames) == (0, 23)
    assert len(data) < 2_000, "a frame without news costs next to nothing"


def test_a_frame_of_another_size_is_refused():
    encoder = GifEncoder(BytesIO(), (60, 34))
    with pytest.raises(ValueError, match="size"):
        encoder.add(Image.new("RGB", (60, 33)), 10)


def test_a_film_without_frames_is_still_a_gif_file():
    out = BytesIO()
    GifEncoder(out, (8, 8)).close()
    assert out.getvalue()[:6] == b"GIF89a"
    assert out.getvalue()[-1:] == b"\x3b"


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (37, 1), (3, 2), (63, 65), (129, 31)])
def test_odd_sizes(size):
    drawn = panned(photograph(1, (200, 120))[: size[1], : size[0]], 4, step=1)
    data = encoded([np.ascontiguousarray(picture) for picture in drawn])
    for source, own, pillows in zip(drawn, composed(data), shown_by_pillow(data), strict=True):
        assert (own == pillows).all()
        assert psnr(source, own) > 30


@pytest.mark.parametrize("count", [1, 2, 3, 16, 64, 200])
def test_a_few_colours_are_kept(count):
    """Fields of one colour each, as drawn pictures have; the palette has room for all."""
    dice = np.random.default_rng(count)
    inks = dice.permutation(512)[:count]
    colours = np.stack([inks >> 6, (inks >> 3) & 7, inks & 7], axis=1) * 36
    fields = colours[np.arange(24 * 18).reshape(18, 24) % count].astype(np.uint8)
    source = fields.repeat(8, axis=0).repeat(8, axis=1)
    assert np.abs(composed(encoded([source]))[0].astype(int) - source).max() <= 3


@pytest.mark.parametrize(("count", "floor_db"), [(512, 36), (4096, 34)])
def test_more_colours_than_a_palette_has_are_mixed(count, floor_db):
    x = np.linspace(0, 1, 160)
    y = np.linspace(0, 1, 90)
    steps = round(count**0.5) - 1
    a, b = np.rint(x * steps)[None, :] / steps, np.rint(y * steps)[:, None] / steps
    source = np.stack([40 + 120 * a + 0 * b, 60 + 120 * b + 0 * a, 90 + 40 * (a + b)], axis=2)
    source = source.astype(np.uint8)
    assert psnr(composed(encoded([source]))[0], source) > floor_db


def line_drawing(paper: tuple[int, int, int], shift: int = 0) -> np.ndarray:
    large = Image.new("RGB", (960, 540), paper)
    draw = ImageDraw.Draw(large)
    for n in range(6):
        left = 60 + 130 * n + shift
        draw.ellipse((left, 120, left + 180, 360), outline=(40, 40, 44), width=6)
        draw.line((left, 500, left + 90, 40), fill=(70, 66, 60), width=4)
    return np.asarray(large.resize((480, 270), Image.Resampling.LANCZOS))


@pytest.mark.parametrize("paper", [(255, 255, 255), (247, 243, 233), (201, 202, 203), (0, 0, 0)])
def test_paper_stays_one_exact_colour(paper):
    source = line_drawing(paper)
    seen = composed(encoded([source]))[0]
    is_paper = (source == paper).all(axis=2)
    assert is_paper.mean() > 0.5
    assert (seen[is_paper] == paper).all()


def test_black_and_white_stay_so_beside_a_photograph():
    drawn = [photograph(n) for n in range(3)]
    for picture in drawn:
        picture[:30, :30], picture[:30, 30:60] = 0, 255
    for seen in composed(encoded(drawn)):
        assert (seen[:30, :30] == 0).all()
        assert (seen[:30, 30:60] == 255).all()


@pytest.mark.parametrize("lit_from", [0, 4, 17])
def test_a_small_red_lamp_on_grey_stays_red(lit_from):
    """Also one that is lit long after the palette was made, in a group that hardly changes."""
    dice = np.random.default_rng(2)
    y = np.linspace(90, 170, 136)[:, None, None]
    grey = np.clip(y + dice.normal(0, 4, (136, 240, 1)) + np.zeros(3), 0, 255).astype(np.uint8)
    drawn = []
    for number in range(25):
        picture = grey.copy()
        if number >= lit_from:
            picture[60:63, 100:103] = (230, 20, 25)
        drawn.append(picture)
    for seen in composed(encoded(drawn))[lit_from:]:
        red, green, blue = seen[60:63, 100:103].reshape(-1, 3).mean(axis=0)
        assert red > 190
        assert max(green, blue) < 70


def test_a_single_odd_frame_among_ten_has_its_colours():
    drawn = [photograph(1)] * 10
    drawn[5] = photograph(9)[:, :, ::-1]
    assert psnr(composed(encoded(drawn))[5], drawn[5]) > 32


def test_the_same_film_gives_the_same_bytes():
    drawn = panned(photograph(3), 14)
    assert encoded(drawn) == encoded(drawn)


class _Nowhere(BytesIO):
    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]


def test_memory_is_bounded_and_does_not_grow():
    stills = [Image.fromarray(p) for p in panned(photograph(2, (480, 270)), 12, step=5)]

    def peak_bytes(count: int) -> int:
        tracemalloc.start()
        encoder = GifEncoder(_Nowhere(), (480, 270))
        for number in range(count):
            encoder.add(stills[number % 12], (number + 1) * 10, is_cut=number % 50 == 0)
        encoder.close()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    short = peak_bytes(25)
    assert short < 20_000_000
    assert peak_bytes(100) < short + 500_000


def test_a_second_of_frames_shares_one_palette():
    """To make one costs as much as to encode several frames, and a new one repaints everything."""
    moving = panned(photograph(2, (120, 68)), 60, step=1)
    frames = frames_of(encoded(moving, [10 * (n + 1) for n in range(60)]))
    tables = [frame.palette for frame in frames if len(frame.palette) > 6]
    changes = sum(one != other for one, other in itertools.pairwise(tables))
    assert changes <= 5
