"""The farthest layer: sky with its lamp, clouds and stars, or out-of-focus lights."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.camera.layers import OVERSCAN, WHOLE, Layer, Size, overscanned
from studio.pictures.scenery.brush import Chance, Field, noise
from studio.pictures.scenery.mood import Colour, Mood

_HORIZON = 0.66


def _grid(sheet: Size) -> tuple[Field, Field]:
    x = np.linspace(-OVERSCAN, 1 + OVERSCAN, sheet[0], dtype=np.float32)[None, :]
    y = np.linspace(-OVERSCAN, 1 + OVERSCAN, sheet[1], dtype=np.float32)[:, None]
    return x, y


def _blend(pixels: Field, colour: Colour, share: npt.NDArray[np.floating]) -> None:
    pixels += (np.array(colour, dtype=np.float32) - pixels) * share[..., None].astype(np.float32)


def _gradient(mood: Mood, y: Field, width: int) -> Field:
    stops = np.array(mood.sky, dtype=np.float32)
    at = np.clip(y[:, 0] / _HORIZON, 0, 1)
    column = np.stack([np.interp(at, (0.0, 0.55, 1.0), stops[:, c]) for c in range(3)], axis=1)
    return np.repeat(column.astype(np.float32)[:, None, :], width, axis=1)


def sky(mood: Mood, size: Size, seed: int, *, lamp: bool = True) -> Layer:
    """Sky over the whole sheet."""
    sheet, chance = overscanned(size), Chance(seed, "sky")
    x, y = _grid(sheet)
    generator = chance.generator()
    pixels = _gradient(mood, y, sheet[0])
    clouds = noise(Chance(seed, "clouds"), sheet, 5)
    veil = np.clip((clouds - 0.45) * 1.6, 0, 1) * np.clip(1.1 - y / _HORIZON, 0, 1)
    _blend(pixels, mood.sky[2], veil * (0.28 if mood.is_dark else 0.5))
    if mood.is_dark:
        _stars(pixels, generator, size)
    lamp_x = 0.2 + 0.6 * float(generator.random())
    lamp_y = (0.16 if mood.is_dark else 0.3) + 0.16 * float(generator.random())
    if lamp:
        _lamp(pixels, mood, (x - lamp_x) * size[0] / size[1], y - lamp_y)
    glow = np.exp(-(((y - _HORIZON) / 0.22) ** 2)) * np.exp(-(((x - lamp_x) / 0.6) ** 2))
    _blend(pixels, mood.lamp, glow * 0.28)
    return Layer(_finished(pixels, seed), 0.0, WHOLE)


def _lamp(
    pixels: Field, mood: Mood, dx: npt.NDArray[np.floating], dy: npt.NDArray[np.floating]
) -> None:
    radius = 0.055 if mood.is_dark else 0.075
    distance = np.sqrt(dx * dx + dy * dy)
    _blend(pixels, mood.lamp, 0.5 * np.exp(-((distance / (radius * 3.4)) ** 2)))
    _blend(pixels, mood.lamp, 0.95 * np.clip((radius - distance) / 0.006, 0, 1))


def _stars(pixels: Field, generator: np.random.Generator, size: Size) -> None:
    height, width = pixels.shape[:2]
    for _ in range(90):
        across, down, light = generator.random(3)
        if down < 0.5:
            row, column = int(down * height), int(across * width)
            spot = max(1, round(size[0] / 900))
            patch = pixels[row : row + spot, column : column + spot]
            patch += (np.float32(235) - patch) * np.float32(0.25 + 0.5 * light * (0.5 - down) * 2)


def bokeh(mood: Mood, size: Size, seed: int, *, depth: float, count: int, wide: float) -> Layer:
    """Lights out of focus over a dim blur of the mood; the farthest of them is opaque."""
    sheet = overscanned(size)
    x, y = _grid(sheet)
    generator = Chance(seed, f"bokeh{depth}").generator()
    pixels = _gradient(mood, y + 0.15, sheet[0]) * (0.55 if mood.is_dark else 0.85)
    _blend(pixels, mood.shade, 0.5 * noise(Chance(seed, "blur"), sheet, 3, 2))
    for _ in range(count):
        cx, cy, grow, light = generator.random(4)
        colour = mood.accents[int(generator.integers(len(mood.accents)))]
        radius = wide * (0.4 + float(grow))
        dx = (x - np.float32(cx * 1.2 - 0.1)) * np.float32(size[0] / size[1])
        dy = y - np.float32(cy * 0.9 - 0.05)
        here = np.ix_(np.abs(dy[:, 0]) <= radius, np.abs(dx[0]) <= radius)
        distance = np.sqrt(dx[:, here[1][0]] ** 2 + dy[here[0][:, 0]] ** 2)
        disc = np.clip((radius - distance) / 0.012, 0, 1)
        rim = 0.7 + 0.3 * np.clip(distance / radius, 0, 1) ** 4
        spot = pixels[here]
        _blend(spot, colour, disc * rim * np.float32(0.1 + 0.32 * light))
        pixels[here] = spot
    return Layer(_finished(pixels, seed), depth, WHOLE)


def _finished(pixels: Field, seed: int) -> Image.Image:
    """Grain of two levels, which also keeps wide gradients from banding."""
    grain = Chance(seed, "grain").generator().random(pixels.shape[:2], dtype=np.float32)
    noisy = pixels + (grain[..., None] - 0.5) * 4
    return Image.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8))
