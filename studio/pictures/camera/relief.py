"""A sheet in relief through the camera's window: its subject near, what is beside it far.

Each place of the sheet is seen at the depth it has, and depths go over into each other without a
step: the sheet is stretched a little here and pressed a little there, but it stays one sheet, so
that nothing can tear, show twice, or be seen that was never drawn. Rows are mixed first, then
pixels within them, a few rows at a time: in whole numbers, and while they are in the processor's
cache, that is several times as fast as Pillow's mesh.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.camera.layers import Band, Field, Layer, Relief, Size
from studio.pictures.camera.motion import View

_DEPTHS = tuple(i / 8 for i in range(9))
_ALONG = np.linspace(0, 1, 257, dtype=np.float32)
# Positions between two pixels are so many steps apart; at most 8 bits, for products of 16.
_STEP_BITS = 7
_STEPS, _HALF_STEP = 1 << _STEP_BITS, 1 << (_STEP_BITS - 1)
_INSIDE_PX = 1 / _STEPS
_ROWS_AT_ONCE = 32

Places = npt.NDArray[np.int32]
Shares = npt.NDArray[np.uint16]
Views = Callable[[Sequence[float]], Sequence[View]]


def lay_in_relief(frame: Image.Image, layer: Layer, relief: Relief, views: Views) -> None:
    """Draw the sheet over the whole frame, in place; `views` says what is seen at each depth."""
    lefts, tops, rights, bottoms = np.array([view.box for view in views(_DEPTHS)], np.float32).T
    rows = _seen(frame.height, relief.down(_ALONG), tops, bottoms)
    columns, nearest = relief.across(_ALONG), relief.leaning(np.ones(1, np.float32))
    level = _seen(frame.width, columns, lefts, rights)
    nearer = _seen(frame.width, columns + nearest, lefts, rights)
    share = np.divide(relief.leaning(rows), np.maximum(nearest, 1e-6), dtype=np.float32)
    frame.paste(_drawn(layer, frame.size, rows, level, nearer - level, share))


def _seen(count: int, depths: Field, starts: Field, ends: Field) -> Field:
    """Which places along the sheet, 0 to 1, are seen at the middles of so many pixels, where the
    sheet has these depths, and the window at each of `_DEPTHS` these edges."""
    start, end = np.interp(depths, _DEPTHS, starts), np.interp(depths, _DEPTHS, ends)
    landing = np.maximum.accumulate((_ALONG - start) / (end - start))
    return np.interp((np.arange(count) + 0.5) / count, landing, _ALONG).astype(np.float32)


def _drawn(
    layer: Layer, size: Size, rows: Field, columns: Field, lean: Field, share: Field
) -> Image.Image:
    """What is seen of the sheet in a frame of `size`, which shows these rows of it, and in each row
    the columns and so much of the lean as its share."""
    width, height = layer.image.size
    y = np.clip(rows * height - 0.5, 0, height - 1 - _INSIDE_PX)
    level = np.clip(columns * width - 0.5, 0, width - 1 - _INSIDE_PX) * _STEPS
    leant = np.clip((columns + lean) * width - 0.5, 0, width - 1 - _INSIDE_PX) * _STEPS
    bands = np.empty((len(layer.bands), size[1], size[0]), np.uint8)
    for top in range(0, size[1], _ROWS_AT_ONCE):
        some = slice(top, top + _ROWS_AT_ONCE)
        at, between = _places(width, level, leant - level, share[some])
        for sheet, band in zip(layer.bands, bands, strict=True):
            _sample(_mixed_rows(sheet, y[some]), at, between, band[some])
    drawn = [Image.fromarray(band) for band in bands]
    return drawn[0] if len(drawn) == 1 else Image.merge("RGB", drawn)


def _places(width: int, x: Field, lean: Field, share: Field) -> tuple[Places, Shares]:
    """Where the pixels of some rows lie in those rows of the sheet, one after the other: the pixel
    to the left of each, and how far it lies beyond that. All of it in steps."""
    along = lean * share[:, None]
    along += x
    at = along.astype(np.int32)
    between = (at & (_STEPS - 1)).astype(np.uint16)
    at >>= _STEP_BITS
    at += np.arange(len(share), dtype=np.int32)[:, None] * width
    return at, between


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
