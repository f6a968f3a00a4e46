"""Seeing one layer through the camera's window."""

from math import ceil, floor

from PIL import Image

from studio.pictures.layers import Layer, Size
from studio.pictures.motion import View


def lay(frame: Image.Image, layer: Layer, view: View, at_s: float) -> None:
    """Scale the part of `layer` that `view` shows straight to its place in the frame."""
    left, top, right, bottom = layer.box
    drift_y = (layer.fall * at_s) % 1.0 * (bottom - top) / 2 if layer.fall else 0.0
    seen = view.box
    per_x, per_y = frame.width / view.scale, frame.height / view.scale
    x0, x1 = (left - seen[0]) * per_x, (right - seen[0]) * per_x
    y0, y1 = (top + drift_y - seen[1]) * per_y, (bottom + drift_y - seen[1]) * per_y
    place = (
        max(0, ceil(x0)),
        max(0, ceil(y0)),
        min(frame.width, floor(x1)),
        min(frame.height, floor(y1)),
    )
    if place[0] >= place[2] or place[1] >= place[3]:
        return
    across, down = layer.image.width / (x1 - x0), layer.image.height / (y1 - y0)
    box = (
        (place[0] - x0) * across,
        (place[1] - y0) * down,
        (place[2] - x0) * across,
        (place[3] - y0) * down,
    )
    part = layer.image.resize(
        (place[2] - place[0], place[3] - place[1]),
        Image.Resampling.BILINEAR,
        box=_within(box, layer.image.size),
    )
    frame.paste(part, place[:2], part if part.mode == "RGBa" else None)


def _within(
    box: tuple[float, float, float, float], size: Size
) -> tuple[float, float, float, float]:
    return max(0.0, box[0]), max(0.0, box[1]), min(size[0], box[2]), min(size[1], box[3])
