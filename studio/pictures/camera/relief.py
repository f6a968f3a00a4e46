"""A sheet in relief through the camera's window: its subject near, what is beside it far.

Each place of the sheet is seen at the depth it has, and depths go over into each other without a
step: the sheet is stretched a little here and pressed a little there, but it stays one sheet, so
that nothing can tear, show twice, or be seen that was never drawn. Rows are mixed first, then
pixels within them, a few rows at a time: in whole numbers, and while they are in the processor's
cache, that is several times as fast as Pillow's mesh.
"""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from studio.pictures.camera.layers import Band, Field, Layer, Relief
from studio.pictures.camera.motion import View

_DEPTHS = tuple(i / 8 for i in range(9))
_ALONG = np.linspace(0, 1, 257, dtype=np.float32)
# Positions between two pixels are so many steps apart; at most 8 bits, for products of 16.
_STEP_BITS = 7
_STEPS, _HALF_STEP = 1 << _STEP_BITS, 1 << (_STEP_BITS - 1)
_INSIDE_PX = 1 / _STEPS
_ROWS_AT_ONCE = 32

Views = Callable[[Sequence[float]], Sequence[View]]


def lay_in_relief(frame: Image.Image, layer: Layer, relief: Relief, views: Views) -> None:
    """Draw the sheet over the whole frame, in place; `views` says what is seen at each depth."""
    lefts, tops, rights, bottoms = np.array([view.box for view in views(_DEPTHS)], np.float32).T
    width, height = layer.image.size
    x = _seen(frame.width, width, relief.across(_ALONG), lefts, rights)
    y = _seen(frame.height, height, relief.down(_ALONG), tops, bottoms)
    bands = [_drawn(band, x, y) for band in layer.bands]
    frame.paste(bands[0] if len(bands) == 1 else Image.merge("RGB", bands))


def _seen(count: int, length: int, depths: Field, starts: Field, ends: Field) -> Field:
    """Where along the sheet, in its pixels, so many pixels of the frame look, where the sheet has
    these depths, and the window at each of `_DEPTHS` these edges."""
    start, end = np.interp(depths, _DEPTHS, starts), np.interp(depths, _DEPTHS, ends)
    landing = np.maximum.accumulate((_ALONG - start) / (end - start))
    at = np.interp((np.arange(count) + 0.5) / count, landing, _ALONG) * length - 0.5
    return np.clip(at, 0, length - 1 - _INSIDE_PX).astype(np.float32)


def _drawn(sheet: Band, x: Field, y: Field) -> Image.Image:
    """What is seen of the sheet at these columns and rows."""
    band = np.empty((len(y), len(x)), np.uint8)
    left = x.astype(np.intp)
    share = ((x - left) * _STEPS).astype(np.uint16)
    right = np.minimum(left + 1, sheet.shape[1] - 1)
    for top in range(0, len(y), _ROWS_AT_ONCE):
        some = slice(top, top + _ROWS_AT_ONCE)
        rows = _mixed_rows(sheet, y[some])
        mixed = rows.take(left, axis=1) * (_STEPS - share)
        mixed += rows.take(right, axis=1) * share
        mixed += _HALF_STEP
        mixed >>= _STEP_BITS
        band[some] = mixed
    return Image.fromarray(band)


def _mixed_rows(sheet: Band, y: Field) -> Band:
    above = y.astype(np.intp)
    share = ((y - above) * _STEPS).astype(np.uint16)[:, None]
    mixed = sheet[above] * (_STEPS - share)
    mixed += sheet[np.minimum(above + 1, len(sheet) - 1)] * share
    mixed += _HALF_STEP
    mixed >>= _STEP_BITS
    return mixed.astype(np.uint8)
