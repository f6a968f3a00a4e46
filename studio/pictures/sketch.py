"""A person's own still as layers: the whole sheet, and its middle lifted a little towards us."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from studio.pictures.layers import Layer, Size

_WORK_SCALE = 1.5
_PAPER = (0.0, 0.0, 1.0, 1.0)


def sketch_layers(still: Path, size: Size) -> tuple[Layer, ...]:
    """Cover the frame's shape with the still, centred. Raises OSError when it cannot be read."""
    work = round(size[0] * _WORK_SCALE), round(size[1] * _WORK_SCALE)
    with Image.open(still, formats=["PNG", "JPEG", "WEBP", "GIF"]) as opened:
        opened.draft("RGB", work)
        sheet = ImageOps.fit(opened.convert("RGB"), work, Image.Resampling.LANCZOS)
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
