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
class Relief:
    """How a sheet comes towards us: most of all the subject, which lies in `box`, and the ground
    before its feet.

    How far things go across depends on their column alone, how far up and down on their row: what
    is upright or level stays so, whatever the camera does. All slopes are gentle, so that nothing
    can tear, fold or leave a hole: across, from `depth` at the subject to `behind` within `flank`
    of the picture's width; down, by `steepness` for each picture height, along the subject and
    beyond it.
    """

    box: Box
    depth: float
    behind: float = 0.36
    flank: float = 0.34
    steepness: tuple[float, float] = (0.45, 1.0)

    def across(self, columns: Field) -> Field:
        """The depths at these columns, shares of the picture from the left."""
        left, _, right, _ = self.box
        beside = np.maximum(left - columns, columns - right) / self.flank
        share = np.clip(1 - beside, 0, 1)
        rise = 0.5 * share + 0.5 * share * share * (3 - 2 * share)
        return np.asarray(self.behind + (self.depth - self.behind) * rise, dtype=np.float32)

    def down(self, rows: Field) -> Field:
        """The depths at these rows, shares of the picture from the top: steeper above the subject
        and below it than along it."""
        _, top, _, foot = self.box
        along, beyond = self.steepness
        above, below = np.minimum(rows - top, 0), np.maximum(rows - foot, 0)
        middle = np.clip(rows, top, foot) - (top + foot) / 2
        depths = self.depth + along * middle + beyond * (above + below)
        return np.asarray(np.clip(depths, 0.1, 0.96), dtype=np.float32)


@dataclass(frozen=True)
class Layer:
    """`image` is RGB when it hides all behind it, else premultiplied RGBa, which Pillow scales and
    pastes without a detour; `box` is where it lies, in fractions of the picture; `depth` as in
    `motion`, and with a `relief`, which only an RGB sheet over `PAPER` has, it is not one
    depth. With `fall` its two halves are alike and it falls, so many halves a second. Below
    `solid_from`, a share of its height, it hides everything behind it. A single plane of a layer
    has mode L, and where it lets through what is behind it a `matte` of its size that says how
    much, beside an `image` that is premultiplied."""

    image: Image.Image
    depth: float
    box: Box = WHOLE
    fall: float = 0.0
    solid_from: float = 1.0
    relief: Relief | None = None
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
