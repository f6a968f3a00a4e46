"""Rain and snow before the lens, which fall while the camera looks, and mist that lies."""

import numpy as np
from PIL import Image, ImageDraw

from studio.pictures.camera.layers import Layer, Size
from studio.pictures.scenery.brush import Chance, Sheet
from studio.pictures.scenery.mood import Mood, mix

_DEPTH = 0.85
_LEFT, _RIGHT = -0.35, 1.35


def weather_layer(kind: str | None, mood: Mood, size: Size, seed: int) -> Layer | None:
    """The layer for `rain`, `snow` or `mist`; None in clear weather."""
    if kind == "rain":
        return _falling(mood, size, seed, count=150, fall=1.7, is_rain=True)
    if kind == "snow":
        return _falling(mood, size, seed, count=170, fall=0.16, is_rain=False)
    return _mist(mood, size) if kind == "mist" else None


def _falling(mood: Mood, size: Size, seed: int, *, count: int, fall: float, is_rain: bool) -> Layer:
    """Twice as high as the frame and more, its halves alike, so that it can fall for ever."""
    width, half = round(size[0] * (_RIGHT - _LEFT)), round(size[1] * 1.7)
    tile = Image.new("RGBA", (width, half))
    draw, generator = ImageDraw.Draw(tile), Chance(seed, "falling").generator()
    colour = mix(mood.lamp, (214, 228, 250), 0.7)
    for x, y, grow in generator.random((count, 3)):
        opacity = round(34 + 84 * grow)
        if is_rain:
            length, thick = size[1] * (0.05 + 0.1 * grow), max(1, round(size[0] * 0.0014))
            for wrap in (0, -half):
                at = (x * width, y * half + wrap)
                draw.line((*at, at[0] - length * 0.12, at[1] + length), (*colour, opacity), thick)
        else:
            radius = size[0] * (0.0012 + 0.0034 * grow)
            draw.ellipse(
                (
                    x * width - radius,
                    y * (half - 2 * radius),
                    x * width + radius,
                    y * (half - 2 * radius) + 2 * radius,
                ),
                fill=(255, 255, 255, opacity + 90),
            )
    image = Image.new("RGBA", (width, half * 2))
    for top in (0, half):
        image.paste(tile, (0, top))
    return Layer(image.convert("RGBa"), _DEPTH, (_LEFT, 0.0, _RIGHT, 3.4), fall)


def _mist(mood: Mood, size: Size) -> Layer:
    sheet = Sheet(size)
    sheet.rectangle(-0.2, -0.2, 1.2, 1.2, mood.sky[2])
    flat = sheet.layer(0.5).image
    y = np.linspace(-0.13, 1.13, flat.height, dtype=np.float32)[:, None, None]
    share = 0.5 * np.exp(-(((y - 0.68) / 0.2) ** 2))
    pixels = (np.asarray(flat) * share).astype(np.uint8)
    return Layer(Image.frombytes("RGBa", flat.size, pixels.tobytes()), 0.5)
