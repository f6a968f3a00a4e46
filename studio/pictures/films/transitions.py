"""What lies between two pictures on the way from one to the other."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from studio.pictures.camera.layers import Size

Picture = Callable[[], Image.Image]

_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
_SOFT_EDGE = 1 / 64


def mixed(kind: str, before: Picture, after: Picture | None, progress: float) -> Image.Image:
    """The RGB picture at `progress`, 0 to 1, of a transition: at 0.5 a crossfade is the mean of
    both, a dip is all of its colour, and a wipe shows the left half of what comes. Without
    `after` it leads to its colour, or to black. Pictures are drawn only where they are seen."""
    colour = _WHITE if kind == "dip-to-white" else _BLACK
    if after is None:
        shown = before()
        onto = Image.new("RGB", shown.size, colour)
        return _wiped(shown, onto, progress) if kind == "wipe" else _faded(shown, onto, progress)
    if kind == "crossfade":
        return _faded(before(), after(), progress)
    if kind == "wipe":
        return _wiped(before(), after(), progress)
    shown = before() if progress < 0.5 else after()
    return _faded(shown, Image.new("RGB", shown.size, colour), 1 - abs(2 * progress - 1))


def _faded(before: Image.Image, after: Image.Image, progress: float) -> Image.Image:
    return Image.blend(before, after, progress)


def _wiped(before: Image.Image, after: Image.Image, progress: float) -> Image.Image:
    """From the left, with an edge that is soft for a few pixels; in `before`'s own memory."""
    before.paste(after, (0, 0), _edge(before.size, progress))
    return before


def _edge(size: Size, progress: float) -> Image.Image:
    soft = max(2.0, size[0] * _SOFT_EDGE)
    # The edge comes in and goes out wholly: nothing of it shows at 0 or at 1.
    at = progress * (size[0] + soft) - soft / 2
    row = np.clip((at - np.arange(size[0]) - 0.5) / soft + 0.5, 0, 1) * 255
    return Image.fromarray(np.rint(row).astype(np.uint8)[None, :]).resize(size)
