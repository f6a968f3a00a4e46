"""The bar under an animatic's picture: shot number, what happens, and the time."""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.pictures.camera.layers import Size
from studio.pictures.lettering.lines import fit, line_mask
from studio.pictures.lettering.writing import is_right_to_left
from studio.pictures.plan import ShotPlan

if TYPE_CHECKING:
    from studio.pictures.camera.planes import Planes

_INK = (255, 255, 255)
_INK_LUMA, _INK_CHROMA = 235, 128
_BAR = (8, 9, 14)
_CHIP = (255, 196, 84)
_CHIP_INK = (24, 20, 12)
_SMALLEST_TYPE = 9
# The bar behind the letters lets at most a quarter of a white picture through.
_RAMP, _SHADE, _FOOT = 1.0, 0.75, 0.82


def timecode(at_ms: int) -> str:
    """Minutes, seconds and tenths: `0:12.4`."""
    minutes, rest = divmod(at_ms, 60_000)
    return f"{minutes}:{rest // 1000:02}.{rest % 1000 // 100}"


class Caption:
    """The bar for one shot at one frame size. `bar` is premultiplied, and lies at the foot of the
    frame; the time is written anew on each frame."""

    def __init__(self, shot: ShotPlan, size: Size):
        self._width, self._height = size
        self._type = max(_SMALLEST_TYPE, round(self._height * 0.042))
        self._margin = round(self._type * 0.9)
        self.bar = self._compose(shot)
        self.top = self._height - self.bar.height

    def _compose(self, shot: ShotPlan) -> Image.Image:
        bar = _shade(self._width, round(self._type * 3.0), round(self._type * _RAMP))
        number = line_mask(str(shot.number), self._type, bold=True)
        y = bar.height - round(self._type * 1.85)
        chip = (self._margin, y, self._margin + number.width + self._margin, y + number.height)
        bar.paste((*_CHIP, 255), chip)
        bar.paste((*_CHIP_INK, 255), (self._margin + self._margin // 2, y), number)
        left = chip[2] + round(self._type * 0.7)
        right = self._width - self._margin - line_mask("00:00.0", self._type).width - self._type
        words = line_mask(fit(shot.prompt, self._type, right - left), self._type)
        x = right - words.width if is_right_to_left(shot.prompt) else left
        bar.paste((*_INK, 255), (x, y), words)
        return bar.convert("RGBa")

    def tell(self, frame: Image.Image, at_ms: int) -> None:
        """Write the film's time over the bar on an RGB frame, in place."""
        clock = _clock(timecode(at_ms), self._type)
        x = self._width - self._margin - clock.width
        frame.paste(_INK, (x, self._height - round(self._type * 1.85)), clock)

    def tell_on_planes(self, planes: "Planes", at_ms: int) -> None:
        """The same on the planes of a video frame."""
        clock = _clock(timecode(at_ms), self._type)
        x, y = self._width - self._margin - clock.width, self._height - round(self._type * 1.85)
        luma, *chroma = planes
        luma.paste(_INK_LUMA, (x, y), clock)
        half = clock.resize((max(1, clock.width // 2), max(1, clock.height // 2)))
        for plane in chroma:
            plane.paste(_INK_CHROMA, (x // 2, y // 2), half)


def _shade(width: int, height: int, ramp: int) -> Image.Image:
    """Clear at the top edge, dark behind the letters."""
    rows = np.arange(height, dtype=np.float32)
    rise = np.clip(rows / ramp, 0, 1)
    fall = np.clip((rows - ramp) / (height - ramp), 0, 1)
    alpha = (rise * rise * (3 - 2 * rise) * _SHADE + fall * (_FOOT - _SHADE)) * 255
    bar = Image.new("RGBA", (width, height), (*_BAR, 0))
    bar.putalpha(Image.fromarray(np.repeat(alpha.astype(np.uint8)[:, None], width, axis=1)))
    return bar


@lru_cache(maxsize=64)
def _clock(text: str, size: int) -> Image.Image:
    """Digits in cells of one width, so that the running time does not dance."""
    glyphs = [line_mask(character, size) for character in text]
    cell = line_mask("0", size).width - 2
    widths = [
        cell if c.isdigit() else glyph.width - 2 for c, glyph in zip(text, glyphs, strict=True)
    ]
    mask = Image.new("L", (sum(widths) + 1, glyphs[0].height))
    x = 0
    for glyph, width in zip(glyphs, widths, strict=True):
        mask.paste(glyph, (x + (width - glyph.width) // 2, 0))
        x += width
    return mask
