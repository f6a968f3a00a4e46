"""A sheet that leans through the camera's window: near at its foot, far at its head.

Each row of the frame shows a line of the sheet at a scale of its own, which goes over into the
next row's, so that depth has no step in it: nothing can tear or show twice where one layer would
end and the next begin. Rows are mixed first, then pixels within them, a few rows at a time: in
whole numbers, and while they are in the processor's cache, that is several times as fast as
Pillow's mesh.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.camera.layers import Band, Field, Ground, Layer, Size
from studio.pictures.camera.motion import View

_DEPTHS = tuple(i / 8 for i in range(9))
_ROWS = np.linspace(0, 1, 65, dtype=np.float32)
_STRIPS = 14
_INSIDE_PX = 1e-3
# Positions between two pixels are so many steps apart; at most 8 bits, for products of 16.
_STEP_BITS = 7
_STEPS, _HALF_STEP = 1 << _STEP_BITS, 1 << (_STEP_BITS - 1)
_ROWS_AT_ONCE = 32

Places = npt.NDArray[np.int32]
Shares = npt.NDArray[np.uint16]
Views = Callable[[Sequence[float]], Sequence[View]]


def lay_leaning(frame: Image.Image, layer: Layer, ground: Ground, views: Views) -> None:
    """Draw the sheet over the whole frame, in place; `views` says what is seen at each depth."""
    seen = np.array([view.box for view in views(_DEPTHS)])
    lefts, tops, rights, bottoms = (_Along(side) for side in seen.T)
    depths = ground.depth_at(_ROWS)
    landing = (_ROWS - tops(depths)) / (bottoms(depths) - tops(depths)) * frame.height
    ends = np.linspace(0, frame.height, min(_STRIPS, frame.height) + 1).round().astype(int)
    rows = np.interp(ends, np.maximum.accumulate(landing), _ROWS)
    left, right = lefts(ground.depth_at(rows)), rights(ground.depth_at(rows))
    middles = np.arange(frame.height) + 0.5
    lines = [np.interp(middles, ends, values).astype(np.float32) for values in (rows, left, right)]
    frame.paste(_drawn(layer, frame.size, *lines))


def _drawn(layer: Layer, size: Size, rows: Field, left: Field, right: Field) -> Image.Image:
    """What is seen of the sheet in a frame of `size`, whose rows show these lines of it, from left
    to right."""
    width, height = layer.image.size
    y = np.clip(rows * height - 0.5, 0, height - 1 - _INSIDE_PX)
    step = (right - left) * (width / size[0])
    x = np.maximum(left * width - 0.5 + step / 2, 0)
    step = np.minimum(step, (width - 1 - 1 / _STEPS - x) / size[0])
    bands = np.empty((len(layer.bands), size[1], size[0]), np.uint8)
    for top in range(0, size[1], _ROWS_AT_ONCE):
        some = slice(top, top + _ROWS_AT_ONCE)
        at, share = _places(size[0], width, x[some] * _STEPS, step[some] * _STEPS)
        for sheet, band in zip(layer.bands, bands, strict=True):
            _sample(_mixed_rows(sheet, y[some]), at, share, band[some])
    drawn = [Image.fromarray(band) for band in bands]
    return drawn[0] if len(drawn) == 1 else Image.merge("RGB", drawn)


def _places(count: int, width: int, x: Field, step: Field) -> tuple[Places, Shares]:
    """Where the pixels of some rows lie in those rows of the sheet, one after the other: the pixel
    to the left of each, and how far it lies beyond that. All of it in steps."""
    along = np.arange(count, dtype=np.float32) * step[:, None]
    along += x[:, None]
    at = along.astype(np.int32)
    share = (at & (_STEPS - 1)).astype(np.uint16)
    at >>= _STEP_BITS
    at += np.arange(len(x), dtype=np.int32)[:, None] * width
    return at, share


def _mixed_rows(sheet: Band, y: Field) -> Band:
    above = y.astype(np.intp)
    share = ((y - above) * _STEPS).astype(np.uint16)[:, None]
    mixed = sheet[above] * (_STEPS - share)
    mixed += sheet[np.minimum(above + 1, len(sheet) - 1)] * share
    mixed += _HALF_STEP
    mixed >>= _STEP_BITS
    return mixed.astype(np.uint8)


def _sample(rows: Band, at: Places, share: Shares, out: Band) -> None:
    # A pixel and its right neighbour in one number: one look-up for both.
    pairs = rows.astype(np.uint16)
    pairs[:, :-1] |= pairs[:, 1:] << 8
    found = pairs.ravel().take(at)
    left = found & 255
    found >>= 8
    # left + (right - left) × share; what is below nothing wraps round, and back again.
    found -= left
    found *= share
    left <<= _STEP_BITS
    left += found
    left += _HALF_STEP
    left >>= _STEP_BITS
    out[:] = left


class _Along:
    """A side of the window by depth."""

    def __init__(self, values: Field):
        self._values = values

    def __call__(self, depths: Field) -> Field:
        return np.interp(depths, _DEPTHS, self._values).astype(np.float32)
