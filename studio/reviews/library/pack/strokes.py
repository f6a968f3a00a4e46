"""Drawings as paths of SVG, for a file that runs no script."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.reviews.notes.drawings import Stroke

WIDTH = 1600
# Of an arrow's head, as long as its shaft at most.
_HEAD = 46.0
_SPREAD = math.radians(28)


@dataclass(frozen=True, slots=True)
class Path:
    """`d` of one `<path>` that is stroked and not filled; `colour` is one of the drawing's."""

    d: str
    colour: str


def paths_of(drawing: Iterable[Stroke], height: int) -> tuple[Path, ...]:
    """The strokes upon a canvas `WIDTH` wide and `height` high."""
    return tuple(Path(_d(stroke, height), stroke["colour"]) for stroke in drawing)


def _d(stroke: Stroke, height: int) -> str:
    points = [(x * WIDTH, y * height) for x, y in stroke["points"]]
    if stroke["kind"] == "box":
        (left, top), (right, bottom) = points
        return f"M{left:.1f} {top:.1f}H{right:.1f}V{bottom:.1f}H{left:.1f}Z"
    if stroke["kind"] == "arrow":
        return _line(points) + _head(*points)
    # A dot: a line without length is drawn by its round ends.
    return _line(points if len(points) > 1 else points * 2)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _head(begin: tuple[float, float], end: tuple[float, float]) -> str:
    back = math.atan2(begin[1] - end[1], begin[0] - end[0])
    size = min(_HEAD, math.dist(begin, end))
    wings = [
        (end[0] + size * math.cos(back + turn), end[1] + size * math.sin(back + turn))
        for turn in (_SPREAD, -_SPREAD)
    ]
    return _line([wings[0], end, wings[1]])
