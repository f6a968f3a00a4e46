"""Layers through the camera's window: scaled straight to their place in the frame."""

from collections.abc import Sequence
from math import ceil, cos, floor, radians, sin

import numpy as np
from PIL import Image, ImageChops

from studio.pictures.camera.layers import Box, Layer, Size, rimmed
from studio.pictures.camera.motion import View

_SMOOTH = Image.Resampling.BILINEAR
_WITHIN = 0.9999


def _placed(box: Box, view: View, size: Size) -> Box:
    """Where a layer's box lies in a frame of `size` pixels."""
    left, top, _, _ = view.box
    per_x, per_y = size[0] / view.scale, size[1] / view.scale
    return (
        (box[0] - left) * per_x,
        (box[1] - top) * per_y,
        (box[2] - left) * per_x,
        (box[3] - top) * per_y,
    )


def lay(frame: Image.Image, layer: Layer, view: View, bottom: int | None = None) -> None:
    """Draw what `view` sees of the layer over the frame, in place; nothing from row `bottom` on."""
    x0, y0, x1, y1 = _placed(layer.box, view, frame.size)
    left, top = max(0, ceil(x0 - 1e-6)), max(0, ceil(y0 - 1e-6))
    right = min(frame.width, floor(x1 + 1e-6))
    low = min(frame.height if bottom is None else bottom, floor(y1 + 1e-6))
    if left >= right or top >= low:
        return
    image = layer.image
    across, down = image.width / (x1 - x0), image.height / (y1 - y0)
    seen = (
        max(0.0, (left - x0) * across),
        max(0.0, (top - y0) * down),
        min(float(image.width), (right - x0) * across),
        min(float(image.height), (low - y0) * down),
    )
    size = right - left, low - top
    part = image.resize(size, _SMOOTH, box=seen)
    matte = layer.matte and layer.matte.resize(size, _SMOOTH, box=seen)
    blend_in(frame, part, matte, (left, top))


def blend_in(
    frame: Image.Image, part: Image.Image, matte: Image.Image | None, at: tuple[int, int]
) -> None:
    """Lay a layer's pixels over the frame, in place: RGBa shows by its alpha, a plane by its matte,
    and anything else hides what was there."""
    if matte is None:
        frame.paste(part, at, part if part.mode == "RGBa" else None)
        return
    box = (*at, at[0] + part.width, at[1] + part.height)
    frame.paste(ImageChops.add(ImageChops.multiply(frame.crop(box), matte), part), box)


def lay_rolled(frame: Image.Image, layer: Layer, view: View) -> None:
    """The same for a window that is rolled, and a layer that hides all behind it. A window that
    would reach past the layer's edge is drawn in until it does not."""
    width, height = frame.size
    left, top, right, bottom = layer.box
    across = layer.image.width / (right - left)
    down = layer.image.height / (bottom - top)
    turn = cos(radians(view.roll)), sin(radians(view.roll))
    half_x = view.scale / 2 * (turn[0] + abs(turn[1]) * height / width)
    half_y = view.scale / 2 * (turn[0] + abs(turn[1]) * width / height)
    room_x, room_y = min(view.x - left, right - view.x), min(view.y - top, bottom - view.y)
    scale = view.scale * min(1.0, room_x / half_x, room_y / half_y) * _WITHIN
    per_x, per_y = scale * across / width, scale * down / height
    a, b, d, e = turn[0] * per_x, -turn[1] * per_x, turn[1] * per_y, turn[0] * per_y
    x = (view.x - left) * across - a * width / 2 - b * height / 2
    y = (view.y - top) * down - d * width / 2 - e * height / 2
    affine = Image.Transform.AFFINE
    drawn = layer.image.transform(frame.size, affine, (a, b, x, d, e, y), _SMOOTH)
    frame.paste(drawn)


def covered_from(layer: Layer, view: View, size: Size) -> int:
    """The first row of the frame from which the layer hides everything behind it."""
    x0, y0, x1, y1 = _placed(layer.box, view, size)
    if x0 > 0 or x1 < size[0] or y1 < size[1] or layer.solid_from >= 1:
        return size[1]
    return min(size[1], max(0, ceil(y0 + (y1 - y0) * layer.solid_from) + 2))


def fall_over(frame: Image.Image, layer: Layer, at_s: float) -> None:
    """Draw a falling layer pixel by pixel: it is as fine as the frame, and no camera's concern."""
    left, top, right, bottom = layer.box
    half = layer.image.height // 2
    x = round(-left / (right - left) * layer.image.width)
    y = round(half - (layer.fall * at_s % 1.0) * half)
    seen = x, y, x + frame.width, y + frame.height
    blend_in(frame, layer.image.crop(seen), layer.matte and layer.matte.crop(seen), (0, 0))


def merged(layers: Sequence[Layer]) -> Layer:
    """Neighbouring layers of one pixel density as a single layer at the first one's depth."""
    if len(layers) == 1:
        return layers[0]
    left, top = min(x.box[0] for x in layers), min(x.box[1] for x in layers)
    right, bottom = max(x.box[2] for x in layers), max(x.box[3] for x in layers)
    first = layers[0]
    per_x = first.image.width / (first.box[2] - first.box[0])
    per_y = first.image.height / (first.box[3] - first.box[1])
    size = round((right - left) * per_x), round((bottom - top) * per_y)
    whole = Image.new("RGBa", size) if first.image.mode == "RGBa" else Image.new("RGB", size)
    for layer in layers:
        at = round((layer.box[0] - left) * per_x), round((layer.box[1] - top) * per_y)
        whole.paste(layer.image, at, layer.image if layer.image.mode == "RGBa" else None)
    return Layer(whole, first.depth, (left, top, right, bottom))


_GAP = 0.12


def parts_of(layer: Layer) -> list[Layer]:
    """The layer cut along wide empty stretches, so that nothing empty is scaled: two walls at the
    sides of a street are two parts."""
    if layer.image.mode != "RGBa":
        return [_measured(layer)]
    image, (left, top, right, bottom) = layer.image, layer.box
    full = np.flatnonzero(np.asarray(image.getchannel("a")).any(axis=0))
    breaks = np.flatnonzero(np.diff(full) > _GAP * image.width)
    starts = [int(full[0]), *(int(full[i + 1]) for i in breaks)] if len(full) else []
    ends = [*(int(full[i]) + 1 for i in breaks), int(full[-1]) + 1] if len(full) else []
    wide = (right - left) / image.width
    return [
        _measured(
            Layer(
                image.crop((start, 0, end, image.height)),
                layer.depth,
                (left + start * wide, top, left + end * wide, bottom),
            )
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _measured(layer: Layer) -> Layer:
    """With `solid_from` set from its pixels, and a rim where it hides nothing whole."""
    if layer.image.mode != "RGBa":
        return Layer(layer.image, layer.depth, layer.box, solid_from=0.0)
    alpha = np.asarray(layer.image.getchannel("a"))
    open_rows = np.flatnonzero(alpha.min(axis=1) < 255)
    solid_from = (int(open_rows[-1]) + 1) / len(alpha) if len(open_rows) else 0.0
    measured = Layer(layer.image, layer.depth, layer.box, solid_from=solid_from)
    return measured if solid_from < 1 else rimmed(measured)
