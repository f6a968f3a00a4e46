"""The frames of one shot: its layers, seen through its camera."""

from dataclasses import replace
from pathlib import Path

from PIL import Image

from studio.pictures.layers import Layer, Size
from studio.pictures.light import graded
from studio.pictures.motion import framing
from studio.pictures.plan import ShotPlan
from studio.pictures.projection import lay
from studio.pictures.scene import scene_layers
from studio.pictures.sketch import sketch_layers

_MAX_ROLL_MARGIN = 0.05


class Footage:
    """A shot ready to be filmed at one frame size. Holds work copies of its layers only."""

    def __init__(self, shot: ShotPlan, size: Size):
        self._shot, self._size = shot, size
        self._layers = _layers_of(shot, size)
        self._depths = tuple(layer.depth for layer in self._layers)
        self._rolls = shot.camera.motion == "handheld"

    def frame(self, t: float) -> Image.Image:
        """The RGB frame at `t`, 0 to 1 through the shot."""
        duration_s = self._shot.duration_ms / 1000
        camera = self._shot.camera
        views = framing(
            camera.motion, camera.speed, t, self._shot.id, self._depths, duration_s=duration_s
        )
        size = self._size
        if self._rolls:
            size = tuple(round(side * (1 + 2 * _MAX_ROLL_MARGIN)) for side in size)  # type: ignore[assignment]
            views = tuple(
                replace(view, scale=view.scale * (1 + 2 * _MAX_ROLL_MARGIN)) for view in views
            )
        frame = Image.new("RGB", size)
        for layer, view in zip(self._layers, views, strict=True):
            lay(frame, layer, view, t * duration_s)
        return self._rolled(frame, views[0].roll) if self._rolls else frame

    def _rolled(self, frame: Image.Image, roll: float) -> Image.Image:
        left = (frame.width - self._size[0]) // 2
        top = (frame.height - self._size[1]) // 2
        turned = frame.rotate(-roll, Image.Resampling.BICUBIC)
        return turned.crop((left, top, left + self._size[0], top + self._size[1]))


def _layers_of(shot: ShotPlan, size: Size) -> tuple[Layer, ...]:
    if shot.still is not None:
        layers = sketch_layers(Path(shot.still), size)
        return tuple(replace(x, image=graded(x.image, shot.light)) for x in layers)
    return scene_layers(shot.prompt, shot.light, size)
