"""The bar under an animatic's picture: shot number, what happens, and the time."""

from functools import lru_cache

import numpy as np
from PIL import Image

from studio.pictures.lettering.lines import fit, line_mask
from studio.pictures.plan import ShotPlan

_INK = (255, 255, 255)
_CHIP = (255, 196, 84)
_CHIP_INK = (24, 20, 12)


def timecode(at_ms: int) -> str:
    """Minutes, seconds and tenths: `0:12.4`."""
    minutes, rest = divmod(at_ms, 60_000)
    return f"{minutes}:{rest // 1000:02}.{rest % 1000 // 100}"


class Caption:
    """The bar for one shot at one frame size; the time is set anew in each frame."""

    def __init__(self, shot: ShotPlan, size: tuple[int, int]):
        self._width, self._height = size
        self._type = max(9, round(self._height * 0.042))
        self._bar = self._compose(shot)

    def _compose(self, shot: ShotPlan) -> Image.Image:
        height = round(self._type * 3.0)
        shade = np.linspace(0, 1, height, dtype=np.float32) ** 0.7 * 205
        alpha = np.repeat(shade.astype(np.uint8)[:, None], self._width, axis=1)
        bar = Image.new("RGBA", (self._width, height), (8, 9, 14, 0))
        bar.putalpha(Image.fromarray(alpha))
        number = line_mask(str(shot.number), self._type, bold=True)
        margin, y = round(self._type * 0.9), height - round(self._type * 1.85)
        chip = (number.width + round(self._type * 0.9), number.height)
        bar.paste((*_CHIP, 255), (margin, y, margin + chip[0], y + chip[1]))
        bar.paste((*_CHIP_INK, 255), (margin + (chip[0] - number.width) // 2, y), number)
        x = margin + chip[0] + round(self._type * 0.7)
        room = self._width - x - margin - line_mask("00:00.0", self._type).width - self._type
        words = line_mask(fit(shot.prompt, self._type, room), self._type)
        bar.paste((*_INK, 255), (x, y), words)
        return bar

    def draw(self, frame: Image.Image, at_ms: int) -> None:
        """Lay the bar over the foot of an RGB frame, in place; `at_ms` is the film's time."""
        top = self._height - self._bar.height
        frame.paste(self._bar, (0, top), self._bar)
        clock = _clock(timecode(at_ms), self._type)
        right = self._width - round(self._type * 0.9)
        frame.paste(_INK, (right - clock.width, self._height - round(self._type * 1.85)), clock)


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
