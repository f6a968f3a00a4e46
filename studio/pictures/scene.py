"""A picture for a shot that has none: drawn from the prompt's words, its light and a hash."""

import hashlib

import numpy as np
from PIL import Image, ImageDraw

from studio.pictures.layers import WHOLE, Layer, Size, overscanned
from studio.pictures.light import graded
from studio.pictures.motion import View
from studio.pictures.plan import Light


def scene_layers(prompt: str, light: Light, size: Size) -> tuple[Layer, ...]:
    """The picture in layers from far to near, each larger than the frame by `OVERSCAN`."""
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:8]))
    w, h = overscanned(size)
    ramp = np.linspace(0, 1, h)[:, None, None]
    top, low = rng.integers(10, 90, 3), rng.integers(60, 220, 3)
    sky = (top * (1 - ramp) + low * ramp + np.zeros((1, w, 1))).astype(np.uint8)
    layers = [Layer(graded(Image.fromarray(sky), light), 0.0)]
    for depth in (0.3, 0.6, 1.0):
        image = Image.new("RGBA", (w, h))
        draw = ImageDraw.Draw(image)
        x = 0
        while x < w:
            step = int(rng.integers(w // 30, w // 12) * (0.6 + depth))
            up = int(h * (0.75 - rng.random() * 0.35 * (1.2 - depth)))
            tone = tuple(int(v * (1 - depth) * 0.5) + 8 for v in low)
            draw.rectangle((x, up, x + step, h), fill=(*tone, 255))
            x += step
        layers.append(Layer(graded(image.convert("RGBa"), light), depth, WHOLE))
    return tuple(layers)


def still_for(prompt: str, light: Light, size: Size) -> Image.Image:
    """The same picture, flat, as an RGB image of `size`: what a card shows."""
    from studio.pictures.footage import _lay

    frame = Image.new("RGB", size)
    for layer in scene_layers(prompt, light, size):
        _lay(frame, layer, View(), 0.0)
    return frame
