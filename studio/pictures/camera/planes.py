"""Footage as a video encoder takes it: a plane of luma, and two of colour at half its size.

Each plane is drawn from layers that were split once: scaling three small planes costs half of what
scaling an RGB picture does, and no frame has to be converted. A layer that lets through what is
behind it is premultiplied and carries a matte.
"""

from dataclasses import replace

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Colorspace, VideoReformatter
from PIL import Image

from studio.pictures.camera.footage import Footage, Stage
from studio.pictures.camera.layers import PAPER, Layer

Planes = tuple[Image.Image, Image.Image, Image.Image]
Pixels = npt.NDArray[np.uint8]

# What black and grey are: BT.709 in the limited range, as video has it.
_ZERO = (16, 128, 128)


class PlanarFootage:
    """The frames of a footage as planes. May be filmed by several threads at once."""

    def __init__(self, footage: Footage):
        self._footage = footage
        width, height = footage.size
        self._sizes = ((width, height), (width // 2, height // 2), (width // 2, height // 2))
        self._stages = _staged(footage.stage)
        self._only = self._drawn(0.0) if footage.is_still else None

    def frame(self, t: float) -> Planes:
        """Luma and both chroma planes at `t`, 0 to 1 through the shot; the caller's own to draw
        on."""
        if self._only is None:
            return self._drawn(t)
        luma, blue, red = self._only
        return luma.copy(), blue.copy(), red.copy()

    def _drawn(self, t: float) -> Planes:
        luma, blue, red = (
            self._footage.draw(Image.new("L", size), stage, t)
            for size, stage in zip(self._sizes, self._stages, strict=True)
        )
        return luma, blue, red


def _staged(stage: Stage) -> tuple[Stage, Stage, Stage]:
    """A stage of RGB and RGBa layers as one for each plane."""
    stack = [split(layer) for layer in stage.stack]
    falling = [split(layer) for layer in stage.falling]
    shade = _split_shade(stage.shade) if isinstance(stage.shade, Image.Image) else None
    luma, blue, red = (
        Stage(
            [layers[plane] for layers in stack],
            [layers[plane] for layers in falling],
            shade and shade[plane],
        )
        for plane in range(3)
    )
    return luma, blue, red


def split(layer: Layer) -> tuple[Layer, Layer, Layer]:
    """A layer of RGB or RGBa as one for each plane, the latter with a matte."""
    pixels = np.asarray(layer.image)
    alpha = pixels[..., 3] if layer.image.mode == "RGBa" else None
    return _layers(layer, _in_planes(np.ascontiguousarray(pixels[..., :3])), alpha)


def _split_shade(shade: Image.Image) -> tuple[Layer, Layer, Layer]:
    """What RGB is multiplied by, as black that covers the planes."""
    matte = np.asarray(shade.getchannel(0))
    black = np.zeros((3, *matte.shape), np.uint8) + np.array(_ZERO, np.uint8)[:, None, None]
    return _layers(Layer(shade, 0.0, PAPER), black, 255 - matte)


def _layers(layer: Layer, planes: Pixels, alpha: Pixels | None) -> tuple[Layer, Layer, Layer]:
    luma, blue, red = (
        _plane(layer, pixels, alpha, zero, is_halved=number > 0)
        for number, (pixels, zero) in enumerate(zip(planes, _ZERO, strict=True))
    )
    return luma, blue, red


def _plane(
    layer: Layer, pixels: Pixels, alpha: Pixels | None, zero: int, *, is_halved: bool
) -> Layer:
    matte = None
    if alpha is not None:
        matte = Image.fromarray(255 - alpha)
        # Premultiplied RGB has black behind it, which in a plane is not nothing.
        black = np.rint((255 - alpha.astype(np.float32)) * (zero / 255))
        pixels = np.clip(pixels - black, 0, 255).astype(np.uint8)
    image = Image.fromarray(pixels)
    if is_halved:
        half = (image.width + 1) // 2, (image.height + 1) // 2
        image = image.resize(half, Image.Resampling.BILINEAR)
        matte = matte and matte.resize(half, Image.Resampling.BILINEAR)
    return replace(layer, image=image, matte=matte)


def _in_planes(rgb: Pixels) -> Pixels:
    """Three planes, all of full size, by the conversion that single pictures get."""
    frame = av.VideoFrame.from_numpy_buffer(rgb, format="rgb24")
    made = VideoReformatter().reformat(frame, format="yuv444p", dst_colorspace=Colorspace.ITU709)
    return np.asarray(made.to_ndarray(), dtype=np.uint8)
