"""The frames of one shot: its layers, seen through its camera."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from studio.pictures import looks
from studio.pictures.camera.layers import Layer, Size
from studio.pictures.camera.motion import CARRIED, SUBJECT_DEPTH, View, framing
from studio.pictures.camera.projection import (
    blend_in,
    covered_from,
    fall_over,
    lay,
    lay_rolled,
    merged,
    parts_of,
)
from studio.pictures.camera.relief import lay_in_relief
from studio.pictures.camera.sketch import sheet_layer, sketch_layers
from studio.pictures.light import lens_shade
from studio.pictures.plan import ShotPlan
from studio.pictures.scenery.scene import scene_layers

_SAMPLES = 25
_UNSEEN_PX = 1.0
# Work copies, in their pixels for each pixel of the frame: finer than the frame, so that thin lines
# keep their weight as they glide, yet not so fine that they drop out between samples.
_FLAT_FINENESS, _DEEP_FINENESS, _FINEST = 1.5, 1.45, 2.4
_WIDEST_WORK_PX = 1600


@dataclass(frozen=True)
class Stage:
    """What stands before the camera, the farthest first, in one mode of pixels; what falls through
    the frame; and over it the shade of the lens: RGB to multiply by, or a plane's with a matte."""

    stack: Sequence[Layer]
    falling: Sequence[Layer]
    shade: Image.Image | Layer | None


class Footage:
    """A shot ready to be filmed at one frame size. Holds work copies of its layers only, and may
    be filmed by several threads at once.

    `is_still` says that every frame equals the first. Raises OSError when its still cannot be read,
    ValueError for a motion or a speed that there is not.
    """

    def __init__(self, shot: ShotPlan, size: Size):
        self._shot, self.size = shot, size
        self._is_subject_apart = True
        layers = self._layers()
        deep = [layer for layer in layers if not layer.fall]
        falling = [layer for layer in layers if layer.fall]
        # One sheet in relief: the subject is a place on it.
        self._is_subject_apart = deep[0].relief is None
        stack = self._grouped(deep) if self._is_subject_apart else deep
        self._own = threading.local()
        is_drawn = shot.still is None
        shade = lens_shade(size) if is_drawn else looks.vignette(shot.light, size)
        self.stage = Stage(stack, falling, shade)
        self.is_still = shot.camera.motion == "static" and not falling
        self._only = self._drawn(0.0) if self.is_still else None

    def frame(self, t: float) -> Image.Image:
        """The RGB frame at `t`, 0 to 1 through the shot; the caller's own to draw on."""
        return self._only.copy() if self._only else self._drawn(t)

    def _layers(self) -> tuple[Layer, ...]:
        shot = self._shot
        if shot.still is None:
            return scene_layers(shot.prompt, shot.light, self.size)
        still, size = Path(shot.still), self._work_size()
        if shot.camera.motion not in CARRIED:
            return (sheet_layer(still, size, shot.light),)
        return sketch_layers(still, size, shot.light, shot.subject)

    def _work_size(self) -> Size:
        views = [self._views(i / (_SAMPLES - 1), (SUBJECT_DEPTH,))[0] for i in range(_SAMPLES)]
        if self._shot.camera.motion in CARRIED:
            fineness = _DEEP_FINENESS / max(view.scale for view in views)
        else:
            fineness = _FLAT_FINENESS / min(view.scale for view in views)
        width, height = self.size
        most = max(1.0, _WIDEST_WORK_PX / max(width, height))
        fineness = min(fineness, _FINEST, most)
        return round(width * fineness), round(height * fineness)

    def _views(self, t: float, depths: Sequence[float]) -> tuple[View, ...]:
        shot = self._shot
        return framing(
            shot.camera.motion,
            shot.camera.speed,
            t,
            shot.id,
            depths,
            duration_s=shot.duration_ms / 1000,
            subject=shot.subject,
            is_subject_apart=self._is_subject_apart,
        )

    def _grouped(self, layers: list[Layer]) -> list[Layer]:
        """Layers that this camera never tells apart by a pixel, made one: fewer to scale."""
        depths = [layer.depth for layer in layers]
        tracks = [self._views(i / (_SAMPLES - 1), depths) for i in range(_SAMPLES)]
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
        return (shift + abs(one.scale - other.scale) / 2) * self.size[0] / one.scale

    def _canvas(self) -> Image.Image:
        """One canvas a thread: fresh memory for each frame would cost as much as a layer."""
        if not hasattr(self._own, "canvas"):
            self._own.canvas = Image.new("RGB", self.size)
        canvas: Image.Image = self._own.canvas
        return canvas

    def _drawn(self, t: float) -> Image.Image:
        frame = self.draw(self._canvas(), self.stage, t)
        return frame.copy() if self.stage.shade is None else frame

    def draw(self, frame: Image.Image, stage: Stage, t: float) -> Image.Image:
        """The frame at `t`, 0 to 1 through the shot, from the stage in the mode of `frame`, which
        is drawn upon and may be what is returned."""
        views = self._views(t, [layer.depth for layer in stage.stack])
        needed = frame.height
        parts = []
        for layer, view in zip(reversed(stage.stack), reversed(views), strict=True):
            parts.append((layer, view, needed))
            needed = min(needed, covered_from(layer, view, frame.size))
        for layer, view, bottom in reversed(parts):
            if layer.relief:
                lay_in_relief(frame, layer, layer.relief, lambda depths: self._views(t, depths))
            elif view.roll:
                lay_rolled(frame, layer, view)
            else:
                lay(frame, layer, view, bottom)
        for layer in stage.falling:
            fall_over(frame, layer, t * self._shot.duration_ms / 1000)
        if isinstance(stage.shade, Layer):
            blend_in(frame, stage.shade.image, stage.shade.matte, (0, 0))
        elif stage.shade is not None:
            return ImageChops.multiply(frame, stage.shade)
        return frame
