"""The frames of one shot: its layers, seen through its camera."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageChops

from studio.pictures import looks
from studio.pictures.camera.layers import Layer, Size
from studio.pictures.camera.motion import View, framing
from studio.pictures.camera.projection import covered_from, fall_over, lay, merged, parts_of
from studio.pictures.camera.sketch import sketch_layers
from studio.pictures.light import lens_shade
from studio.pictures.plan import ShotPlan
from studio.pictures.scenery.scene import scene_layers

_ROLL_MARGIN = 1.1
_SAMPLES = 25
_UNSEEN_PX = 1.0


class Footage:
    """A shot ready to be filmed at one frame size. Holds work copies of its layers only, and may
    be filmed by several threads at once."""

    def __init__(self, shot: ShotPlan, size: Size):
        self._shot, self._size = shot, size
        layers = _layers_of(shot, size)
        self._falling = [layer for layer in layers if layer.fall]
        self._stack = self._grouped([layer for layer in layers if not layer.fall])
        self._own = threading.local()
        is_drawn = shot.still is None
        self._shade = lens_shade(size) if is_drawn else looks.vignette(shot.light, size)

    def frame(self, t: float) -> Image.Image:
        """The RGB frame at `t`, 0 to 1 through the shot."""
        views = self._views(t, self._stack)
        is_rolling = self._shot.camera.motion == "handheld"
        frame = self._rolled(views) if is_rolling else self._filmed(views)
        for layer in self._falling:
            fall_over(frame, layer, t * self._shot.duration_ms / 1000)
        return ImageChops.multiply(frame, self._shade) if self._shade else frame.copy()

    def _views(self, t: float, layers: Sequence[Layer]) -> tuple[View, ...]:
        camera, depths = self._shot.camera, [layer.depth for layer in layers]
        duration_s = self._shot.duration_ms / 1000
        return framing(camera.motion, camera.speed, t, self._shot.id, depths, duration_s=duration_s)

    def _grouped(self, layers: list[Layer]) -> list[Layer]:
        """Layers that this camera never tells apart by a pixel, made one: fewer to scale."""
        tracks = [self._views(i / (_SAMPLES - 1), layers) for i in range(_SAMPLES)]
        groups = [[0]]
        for i in range(1, len(layers)):
            first = groups[-1][0]
            if all(self._apart_px(track[first], track[i]) < _UNSEEN_PX for track in tracks):
                groups[-1].append(i)
            else:
                groups.append([i])
        return [part for group in groups for part in parts_of(merged([layers[i] for i in group]))]

    def _apart_px(self, one: View, other: View) -> float:
        shift = max(abs(one.x - other.x), abs(one.y - other.y))
        return (shift + abs(one.scale - other.scale) / 2) * self._size[0] / one.scale

    def _canvas(self, size: Size) -> Image.Image:
        """One canvas a thread: fresh memory for each frame would cost as much as a layer."""
        if not hasattr(self._own, "canvas"):
            self._own.canvas = Image.new("RGB", size)
        canvas: Image.Image = self._own.canvas
        return canvas

    def _filmed(self, views: Sequence[View], size: Size | None = None) -> Image.Image:
        frame = self._canvas(size or self._size)
        needed = frame.height
        parts = []
        for layer, view in zip(reversed(self._stack), reversed(views), strict=True):
            parts.append((layer, view, needed))
            needed = min(needed, covered_from(layer, view, frame.size))
        for layer, view, bottom in reversed(parts):
            lay(frame, layer, view, bottom)
        return frame

    def _rolled(self, views: Sequence[View]) -> Image.Image:
        """Filmed a little wider, turned, and cut back to size."""
        wide = round(self._size[0] * _ROLL_MARGIN), round(self._size[1] * _ROLL_MARGIN)
        grown = [replace(view, scale=view.scale * wide[0] / self._size[0]) for view in views]
        turned = self._filmed(grown, wide).rotate(-views[0].roll, Image.Resampling.BILINEAR)
        left, top = (wide[0] - self._size[0]) // 2, (wide[1] - self._size[1]) // 2
        return turned.crop((left, top, left + self._size[0], top + self._size[1]))


def _layers_of(shot: ShotPlan, size: Size) -> tuple[Layer, ...]:
    if shot.still is None:
        return scene_layers(shot.prompt, shot.light, size)
    layers = sketch_layers(Path(shot.still), size)
    return tuple(replace(layer, image=looks.graded(layer.image, shot.light)) for layer in layers)
