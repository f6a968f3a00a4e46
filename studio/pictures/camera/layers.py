"""A picture in depth: layers that the camera sees each through its own window."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PIL import Image

Size = tuple[int, int]
Box = tuple[float, float, float, float]
Field = npt.NDArray[np.float32]
Band = npt.NDArray[np.uint8]

OVERSCAN = 0.13
"""How far layers reach past the picture on each side, so that a camera move finds no edge."""

WHOLE = (-OVERSCAN, -OVERSCAN, 1 + OVERSCAN, 1 + OVERSCAN)
PAPER = (0.0, 0.0, 1.0, 1.0)
"""Where a person's own still lies: nothing is known of what was past its edges."""


@dataclass(frozen=True)
class Ground:
    """How a sheet leans: it has `depth` at the height `row` (a share of the picture, from the top),
    above that `slope` less for each picture height, down to `least`, and below that `nearer` more,
    up to `most`."""

    row: float
    depth: float
    slope: float
    nearer: float
    least: float = 0.12
    most: float = 0.96

    def depth_at(self, rows: Field) -> Field:
        """The depths at these heights."""
        below = rows - self.row
        leaning = self.depth + np.where(below > 0, self.nearer, self.slope) * below
        return np.asarray(np.clip(leaning, self.least, self.most), dtype=np.float32)


@dataclass(frozen=True)
class Layer:
    """`image` is RGB when it hides all behind it, else premultiplied RGBa, which Pillow scales and
    pastes without a detour; `box` is where it lies, in fractions of the picture; `depth` as in
    `motion`, and with a `ground`, which only an RGB sheet over `PAPER` has, it is not one depth but
    leans. With `fall` its two halves are alike and it falls, so many halves a second. Below
    `solid_from`, a share of its height, it hides everything behind it. A single plane of a layer
    has mode L, and where it lets through what is behind it a `matte` of its size that says how
    much, beside an `image` that is premultiplied."""

    image: Image.Image
    depth: float
    box: Box = WHOLE
    fall: float = 0.0
    solid_from: float = 1.0
    ground: Ground | None = None
    matte: Image.Image | None = None

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """The image's bands, each a field of bytes; made once."""
        return tuple(np.asarray(band) for band in self.image.split())


def overscanned(size: Size) -> Size:
    """The pixel size of a layer over `WHOLE` for a picture of `size`."""
    return round(size[0] * (1 + 2 * OVERSCAN)), round(size[1] * (1 + 2 * OVERSCAN))


def rimmed(layer: Layer) -> Layer:
    """An RGBa layer with a clear pixel around it, so that its edges move as smoothly as what is on
    it, and not from pixel to pixel."""
    width, height = layer.image.size
    image = Image.new("RGBa", (width + 2, height + 2))
    image.paste(layer.image, (1, 1))
    left, top, right, bottom = layer.box
    x, y = (right - left) / width, (bottom - top) / height
    return replace(layer, image=image, box=(left - x, top - y, right + x, bottom + y))
