"""What is printed over a film's pictures: the watermark, and the caption over it. Both are composed
once for a shot, so that a frame costs one paste and its time."""

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.pictures.camera.layers import Layer, Size
from studio.pictures.camera.projection import blend_in
from studio.pictures.films.caption import Caption
from studio.pictures.films.order import Style
from studio.pictures.marks.stamp import EDGE, FACE, stamp_for
from studio.pictures.plan import ShotPlan

if TYPE_CHECKING:
    from studio.pictures.camera.planes import Planes


class Imprint:
    """The print for one shot in one style."""

    def __init__(self, shot: ShotPlan, style: Style):
        self._caption = Caption(shot, style.size) if style.captions else None
        self._sheet: Image.Image | None = None
        self._top = 0
        if style.mark:
            self._sheet = marked_sheet(style.mark, style.size)
        if self._caption is not None:
            self._lay(self._caption)

    def _lay(self, caption: Caption) -> None:
        if self._sheet is None:
            self._sheet, self._top = caption.bar, caption.top
        else:
            self._sheet = self._sheet.copy()
            self._sheet.paste(caption.bar, (0, caption.top), caption.bar)

    def lay(self, frame: Image.Image) -> None:
        """Print all but the time over an RGB frame, in place."""
        if self._sheet is not None:
            frame.paste(self._sheet, (0, self._top), self._sheet)

    def tell(self, frame: Image.Image, at_ms: int) -> None:
        """Print the film's time, in place."""
        if self._caption is not None:
            self._caption.tell(frame, at_ms)

    @cached_property
    def _split(self) -> "tuple[Layer, Layer, Layer] | None":
        """The print as planes, from an even row on, where a row of chroma begins."""
        if self._sheet is None:
            return None
        from studio.pictures.camera.planes import split

        odd = self._top % 2
        sheet = Image.new("RGBa", (self._sheet.width, self._sheet.height + odd))
        sheet.paste(self._sheet, (0, odd))
        return split(Layer(sheet, 0.0))

    def lay_on_planes(self, planes: "Planes") -> None:
        """Print all but the time over the planes of a video frame, in place."""
        if self._split is None:
            return
        half = self._top // 2
        for plane, layer, top in zip(planes, self._split, (2 * half, half, half), strict=True):
            blend_in(plane, layer.image, layer.matte, (0, top))

    def tell_on_planes(self, planes: "Planes", at_ms: int) -> None:
        """Print the film's time on the planes, in place."""
        if self._caption is not None:
            self._caption.tell_on_planes(planes, at_ms)


@lru_cache(maxsize=2)
def marked_sheet(lines: tuple[str, ...], size: Size) -> Image.Image:
    """The watermark over a whole frame as premultiplied colour: the same look as in previews."""
    stamp = stamp_for(lines, size)
    face, edge = stamp.blends[:, 0], stamp.blends[:, 1]
    grey = np.rint((1 - face) * edge * EDGE + face * FACE).astype(np.uint8)[stamp.classes]
    cover = np.rint((1 - (1 - face) * (1 - edge)) * 255).astype(np.uint8)[stamp.classes]
    bands = np.stack([grey, grey, grey, cover], axis=-1)
    return Image.frombuffer("RGBa", size, bands.tobytes(), "raw", "RGBa", 0, 1)
