"""The card of a shot that has no picture: drawn from its words, framed, and said in letters."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from studio.pictures.lettering.lines import line_mask, wrap
from studio.pictures.lettering.writing import is_right_to_left
from studio.pictures.light import gains
from studio.pictures.plan import Light
from studio.pictures.scenery.mood import Colour, mix
from studio.pictures.scenery.scene import still_for

Size = tuple[int, int]

INVITATION = "Describe this shot"
_WHITE: Colour = (250, 250, 248)
_SCRIM: Colour = (9, 11, 17)
_SCRIM_OPACITY = 0.68
# Shares of the height; a board's card lays its chips above and below these.
_TYPE, _LEADING, _FOOT = 0.076, 1.26, 0.73
_LINES = 2
# Action-safe: what every screen shows.
_SAFE = 0.05
_CHIP: Colour = (255, 196, 84)
_CHIP_INK: Colour = (24, 20, 12)


def card(
    prompt: str, light: Light, size: Size, *, number: int | None = None, words: bool = True
) -> Image.Image:
    """The RGB card, of `size` in pixels: the drawn scene in its light, marks of the frame, the
    beginning of the prompt, and the shot's number where one is given. `words` may be left out
    where they are printed beside it. Without a prompt it invites to write one."""
    is_empty = not prompt.strip()
    frame = still_for(prompt, light, size)
    ink = _lit(light)
    if is_empty:
        frame = frame.filter(ImageFilter.GaussianBlur(size[1] / 14))
    frame.paste(ink, mask=_thirds(size))
    if is_empty or words:
        frame = Image.composite(Image.new("RGB", size, _SCRIM), frame, _shade(size, is_empty))
    frame.paste(ink, mask=_safe_area(size))
    if is_empty:
        _invite(frame, ink)
    elif words:
        _say(frame, prompt, ink)
    if number is not None:
        _stamp(frame, number)
    return frame


def _lit(light: Light) -> Colour:
    """White as this light tints it, never darker."""
    red, green, blue = gains(Light(light.temperature_k))
    brightest = max(red, green, blue)
    tinted = tuple(round(255 * level / brightest) for level in (red, green, blue))
    return mix(_WHITE, (tinted[0], tinted[1], tinted[2]), 0.4)


@lru_cache(maxsize=8)
def _shade(size: Size, is_central: bool) -> Image.Image:
    """How dark the ground of the letters is: from half the height down, or about the middle."""
    width, height = size
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    if is_central:
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        shade = np.clip(1.5 - np.hypot(x, (2 * y - 1) * 1.5), 0.3, 1)
    else:
        shade = np.repeat(np.clip((y - 0.34) / 0.2, 0, 1), width, axis=1)
    smooth = shade * shade * (3 - 2 * shade)
    return Image.fromarray(np.rint(255 * _SCRIM_OPACITY * smooth).astype(np.uint8))


@lru_cache(maxsize=8)
def _safe_area(size: Size) -> Image.Image:
    """The outline of the safe area, as a mask: whatever lies upon a corner covers but a line."""
    width, height = size
    mask = Image.new("L", size)
    draw, thick = ImageDraw.Draw(mask), max(1, round(height / 270))
    left, top = round(width * _SAFE), round(height * _SAFE)
    draw.rectangle((left, top, width - left - 1, height - top - 1), outline=76, width=thick)
    return mask


@lru_cache(maxsize=8)
def _thirds(size: Size) -> Image.Image:
    """Crosses where the thirds meet, as a mask."""
    width, height = size
    mask = Image.new("L", size)
    draw, thick, arm = ImageDraw.Draw(mask), max(1, round(height / 160)), round(height * 0.018)
    for x in (width // 3, width - width // 3):
        for y in (height // 3, height - height // 3):
            _bar(draw, (x - arm, y), (x + arm, y + thick), 110)
            _bar(draw, (x, y - arm), (x + thick, y + arm), 110)
    return mask


def _bar(
    draw: ImageDraw.ImageDraw, one: tuple[int, int], other: tuple[int, int], opacity: int
) -> None:
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    draw.rectangle((left, top, right - 1, bottom - 1), fill=opacity)


def _say(frame: Image.Image, prompt: str, ink: Colour) -> None:
    """The beginning of the prompt, its last line always at the same height."""
    width, height = frame.size
    size, edge = max(8, round(height * _TYPE)), round(width * (_SAFE + 0.025))
    lines = wrap(prompt, size, width - 2 * edge, most=_LINES, bold=True)
    from_right = is_right_to_left(prompt)
    for index, line in enumerate(reversed(lines)):
        mask = line_mask(line, size, bold=True)
        y = round(height * _FOOT - (index + 1) * size * _LEADING)
        frame.paste(ink, (width - edge - mask.width if from_right else edge, y), mask)


def _invite(frame: Image.Image, ink: Colour) -> None:
    """A cross to add something by, and what to do."""
    width, height = frame.size
    size = max(8, round(height * _TYPE))
    mask, middle = line_mask(INVITATION, size, bold=True), width // 2
    frame.paste(ink, (middle - mask.width // 2, round(height * 0.52)), mask)
    draw, arm, y = ImageDraw.Draw(frame), round(height * 0.05), round(height * 0.42)
    thick = max(1, round(height / 90))
    draw.line((middle - arm, y, middle + arm, y), ink, thick)
    draw.line((middle, y - arm, middle, y + arm), ink, thick)


def _stamp(frame: Image.Image, number: int) -> None:
    width, height = frame.size
    size = max(8, round(height * _TYPE))
    x, y = round(width * (_SAFE + 0.025)), round(height * (_SAFE + 0.045))
    mask = line_mask(str(number), size, bold=True)
    box = (x, y, x + mask.width + size, y + mask.height)
    ImageDraw.Draw(frame).rounded_rectangle(box, radius=size // 5, fill=_CHIP)
    frame.paste(_CHIP_INK, (x + size // 2, y), mask)
