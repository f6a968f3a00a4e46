"""Light on a picture: white balance from a colour temperature, exposure, and the lens's shade."""

from functools import lru_cache
from math import log

import numpy as np
from PIL import Image, ImageChops

from studio.pictures.plan import Light

_DAYLIGHT_K = 5600
_LEAST_BLUE = 24.0


def _black_body(kelvin: float) -> tuple[float, float, float]:
    """The colour of a black body, each channel 0–255, by Tanner Helland's published fit."""
    t = kelvin / 100
    red = 255.0 if t <= 66 else 329.7 * (t - 60) ** -0.1332
    green = 99.47 * log(t) - 161.1 if t <= 66 else 288.1 * (t - 60) ** -0.0755
    blue = 255.0 if t >= 66 else 138.5 * log(max(t - 10, 1.0)) - 305.0
    # Below 2,000 K the fit loses all blue, and a picture with it a third of what it shows.
    return red, green, max(blue, _LEAST_BLUE)


def gains(light: Light) -> tuple[float, float, float]:
    """What each channel is multiplied by. Low temperatures warm the picture, high ones cool it;
    temperatures outside 1,500 to 15,000 K and intensities outside 0.3 to 1.7 are held there."""
    exposure = min(max(1.0 if light.intensity is None else light.intensity, 0.3), 1.7) ** 0.6
    if light.temperature_k is None:
        return exposure, exposure, exposure
    kelvin = min(max(light.temperature_k, 1_500), 15_000)
    pairs = zip(_black_body(kelvin), _black_body(_DAYLIGHT_K), strict=True)
    # The eye adapts: half of the shift is what a viewer still sees.
    red, green, blue = ((warm / white) ** 0.5 for warm, white in pairs)
    level = exposure / (0.3 * red + 0.59 * green + 0.11 * blue)
    return red * level, green * level, blue * level


def graded(image: Image.Image, light: Light) -> Image.Image:
    """`image` (RGB or RGBa) in this light."""
    tables = [[min(255, round(value * gain)) for value in range(256)] for gain in gains(light)]
    if len(image.getbands()) == 3:
        return image.point([value for table in tables for value in table])
    *colours, alpha = image.split()
    # A premultiplied channel above its alpha would overflow when it is pasted.
    lit = [
        ImageChops.darker(channel.point(table), alpha)
        for channel, table in zip(colours, tables, strict=True)
    ]
    return Image.merge(image.mode, (*lit, alpha))


@lru_cache(maxsize=8)
def lens_shade(size: tuple[int, int], lost: float = 0.26) -> Image.Image:
    """Corners a little darker, as through a lens: multiply a frame of `size` by it. `lost` is the
    share of the light that the very corners lose."""
    x = np.linspace(-1, 1, size[0], dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None]
    shade = 255 * (1 - lost * np.clip((x * x + y * y) / 2, 0, 1) ** 1.4)
    return Image.merge("RGB", (Image.fromarray(np.rint(shade).astype(np.uint8)),) * 3)
