"""A sheet that leans through the camera's window: near at its foot, far at its head.

It is drawn as a mesh of strips across, so that depth has no step in it: nothing can tear or show
twice where one layer would end and the next begin.
"""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from studio.pictures.camera.layers import Field, Ground, Layer, Size
from studio.pictures.camera.motion import View

_DEPTHS = tuple(i / 8 for i in range(9))
_ROWS = np.linspace(0, 1, 65, dtype=np.float32)
_STRIPS = 14
_INSIDE_PX = 1e-3

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
    size = layer.image.size
    corners = [
        (_pixel((left[i], rows[i]), size), _pixel((right[i], rows[i]), size))
        for i in range(len(ends))
    ]
    mesh = [
        (
            (0, int(ends[i]), frame.width, int(ends[i + 1])),
            (*corners[i][0], *corners[i + 1][0], *corners[i + 1][1], *corners[i][1]),
        )
        for i in range(len(ends) - 1)
    ]
    drawn = layer.image.transform(
        frame.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fill=0
    )
    frame.paste(drawn)


class _Along:
    """A side of the window by depth."""

    def __init__(self, values: Field):
        self._values = values

    def __call__(self, depths: Field) -> Field:
        return np.interp(depths, _DEPTHS, self._values).astype(np.float32)


def _pixel(place: tuple[float, float], size: Size) -> tuple[float, float]:
    x, y = place
    return (
        min(max(x * size[0], _INSIDE_PX), size[0] - _INSIDE_PX),
        min(max(y * size[1], _INSIDE_PX), size[1] - _INSIDE_PX),
    )
