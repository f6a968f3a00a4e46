"""A person's own still: framed in the film's shape, and as layers for the camera."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from studio.pictures.camera.layers import Layer, Size

_WORK_SCALE = 1.5
_PAPER = (0.0, 0.0, 1.0, 1.0)
_MOST_CUT = 0.3
_BACKDROP_LIGHT = 0.45
_BACKDROP_SHRINK = 8


def framed(still: Path, size: Size) -> Image.Image:
    """The still as an RGB picture of `size`. What is nearly of that shape covers it, centred;
    anything else is shown whole, before a dim blur of itself. Raises OSError when it cannot be
    read."""
    with Image.open(still, formats=["PNG", "JPEG", "WEBP", "GIF"]) as opened:
        opened.draft("RGB", size)
        sheet = opened.convert("RGB")
    ratio = (sheet.width / sheet.height) / (size[0] / size[1])
    if 1 - min(ratio, 1 / ratio) <= _MOST_CUT:
        return ImageOps.fit(sheet, size, Image.Resampling.LANCZOS)
    frame, whole = _backdrop(sheet, size), ImageOps.contain(sheet, size, Image.Resampling.LANCZOS)
    frame.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return frame


def _backdrop(sheet: Image.Image, size: Size) -> Image.Image:
    # Blurred small: a blur has no detail to lose.
    small = max(2, size[0] // _BACKDROP_SHRINK), max(2, size[1] // _BACKDROP_SHRINK)
    blurred = ImageOps.fit(sheet, small).filter(ImageFilter.GaussianBlur(small[0] / 16))
    return blurred.point(lambda value: value * _BACKDROP_LIGHT).resize(size)


def sketch_layers(still: Path, size: Size) -> tuple[Layer, ...]:
    """The framed still, and its middle lifted a little towards us. Raises OSError when it cannot be
    read."""
    sheet = framed(still, (round(size[0] * _WORK_SCALE), round(size[1] * _WORK_SCALE)))
    return (Layer(sheet, 0.45, _PAPER), Layer(_lifted(sheet), 0.6, _PAPER))


def _lifted(sheet: Image.Image) -> Image.Image:
    """The middle of the sheet, fading out so gently that its edge is never seen to slide."""
    width, height = sheet.size
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    near = np.clip(1.35 - 1.5 * np.sqrt((x / 0.85) ** 2 + ((y - 0.1) / 0.95) ** 2), 0, 1)
    alpha = (near * near * (3 - 2 * near) * 255).astype(np.uint8)
    lifted = sheet.convert("RGBA")
    lifted.putalpha(Image.fromarray(alpha))
    return lifted.convert("RGBa")
