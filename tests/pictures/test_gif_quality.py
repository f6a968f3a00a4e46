"""GIFs look like what was drawn: floors for likeness and bands, nothing stale, nothing flickers."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pictures.gif_films import (
    blurred_psnr,
    composed,
    encoded,
    frames_of,
    panned,
    photograph,
    psnr,
    shown_by_pillow,
    sky,
    ssim,
)


def mean_of(measure, films) -> float:
    return float(np.mean([measure(one, other) for one, other in films]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_moving_photograph_stays_one(seed):
    drawn = panned(photograph(seed), 12)
    pairs = list(zip(drawn, composed(encoded(drawn)), strict=True))
    assert mean_of(ssim, pairs) > 0.97
    assert mean_of(psnr, pairs) > 37
    assert mean_of(blurred_psnr, pairs) > 46


@pytest.mark.parametrize("dark", [False, True])
def test_a_sky_has_no_bands(dark):
    drawn = panned(sky(dark=dark), 6)
    for source, seen in zip(drawn, composed(encoded(drawn)), strict=True):
        assert blurred_psnr(source, seen) > 47
        assert ssim(source, seen) > 0.97


def test_a_dark_gradient_keeps_its_steps():
    source = sky(dark=True)
    seen = composed(encoded([source]))[0]
    rows = np.abs(seen.mean(axis=1) - source.mean(axis=1))
    assert rows.max() < 1.8, "a whole row is lighter or darker than it was drawn"


def test_what_stands_still_never_flickers_even_when_the_palette_changes():
    """The right half boils in ever other colours, so that no palette lasts; the left stands."""
    still, dice = photograph(4), np.random.default_rng(0)
    drawn = []
    for _ in range(35):
        picture = still.copy()
        base = dice.integers(0, 256, 3)
        noise = dice.integers(-40, 40, (136, 120, 3))
        picture[:, 120:] = np.clip(base + noise, 0, 255)
        drawn.append(picture)
    data = encoded(drawn)
    assert len(set(palettes_of(data))) > 1
    for before, now in pairwise(composed(data)):
        assert (before[:, :120] == now[:, :120]).all()


def palettes_of(data: bytes) -> list[bytes]:
    return [frame.palette for frame in frames_of(data) if frame.transparent != 0]


def test_grain_below_what_is_seen_is_not_written_again():
    dice, base = np.random.default_rng(1), photograph(5)
    drawn = [np.clip(base + dice.integers(-1, 2, base.shape), 0, 255) for _ in range(15)]
    seen = composed(encoded([picture.astype(np.uint8) for picture in drawn]))
    assert all((picture == seen[0]).all() for picture in seen)


def test_dither_is_fixed_to_the_screen():
    """A sky that only gets lighter keeps its pattern: no pixel moves but with its place."""
    source = sky()
    lighter = np.clip(source.astype(int) + 16, 0, 255).astype(np.uint8)
    one, other = composed(encoded([source, lighter]))
    apart = (other.astype(int) - one) - (lighter.astype(int) - source)
    assert np.abs(apart.mean(axis=(0, 1))).max() < 1


def test_a_slow_fade_leaves_no_trail():
    """Each step is too small to be written by itself; together they must not be forgotten."""
    base = photograph(6).astype(float)
    drawn = [np.rint(base * (1 - number / 40)).astype(np.uint8) for number in range(41)]
    for source, seen in zip(drawn, composed(encoded(drawn)), strict=True):
        assert np.abs(source.astype(float).mean() - seen.mean()) < 2
        assert psnr(source, seen) > 33
    assert composed(encoded(drawn))[-1].max() <= 6


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_small_film_is_shown_as_it_was_drawn(data):
    """Blocks of few colours appear, move and vanish on noise or paper; all composed frames are
    near their source, and two independent readers see the same."""
    width, height = data.draw(st.integers(1, 33)), data.draw(st.integers(1, 21))
    dice = np.random.default_rng(data.draw(st.integers(0, 1 << 30)))
    ink = dice.integers(0, 256, (6, 3), dtype=np.uint8)
    picture = np.full((height, width, 3), ink[0])
    drawn = []
    for _ in range(data.draw(st.integers(1, 24))):
        for _ in range(data.draw(st.integers(0, 3))):
            y, x = int(dice.integers(0, height)), int(dice.integers(0, width))
            picture[y : y + 5, x : x + 7] = ink[dice.integers(0, len(ink))]
        drawn.append(picture.copy())
    made = encoded(drawn)
    seen = composed(made)
    assert len(seen) == len(drawn)
    for source, own, pillows in zip(drawn, seen, shown_by_pillow(made), strict=True):
        assert (own == pillows).all()
        assert np.abs(own.astype(int) - source).max() <= 12, "a stale or a wrong pixel"
