"""A picture in depth: layers that the camera sees each through its own window."""

from dataclasses import dataclass

from PIL import Image

Size = tuple[int, int]

OVERSCAN = 0.13
"""How far layers reach past the picture on each side, so that a camera move finds no edge."""

WHOLE = (-OVERSCAN, -OVERSCAN, 1 + OVERSCAN, 1 + OVERSCAN)


@dataclass(frozen=True)
class Layer:
    """`image` is RGB when it hides all behind it, else premultiplied RGBa, which Pillow scales and
    pastes without a detour; `box` is where it lies, in fractions of the picture; `depth` as in
    `motion`. With `fall` its two halves are alike and it falls, so many halves a second. Below
    `solid_from`, a share of its height, it hides everything behind it."""

    image: Image.Image
    depth: float
    box: tuple[float, float, float, float] = WHOLE
    fall: float = 0.0
    solid_from: float = 1.0


def overscanned(size: Size) -> Size:
    """The pixel size of a layer over `WHOLE` for a picture of `size`."""
    return round(size[0] * (1 + 2 * OVERSCAN)), round(size[1] * (1 + 2 * OVERSCAN))
