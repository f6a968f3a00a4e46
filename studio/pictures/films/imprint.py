"""What is printed over a film's pictures: the watermark, and the caption over it. Both are composed
once for a shot, so that a frame costs one paste and its time."""

from functools import lru_cache

import numpy as np
from PIL import Image

from studio.pictures.camera.layers import Size
from studio.pictures.films.caption import Caption
from studio.pictures.films.order import Style
from studio.pictures.marks.stamp import EDGE, FACE, stamp_for
from studio.pictures.plan import ShotPlan


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


@lru_cache(maxsize=2)
def marked_sheet(lines: tuple[str, ...], size: Size) -> Image.Image:
    """The watermark over a whole frame as premultiplied colour: the same look as in previews."""
    stamp = stamp_for(lines, size)
    face, edge = stamp.blends[:, 0], stamp.blends[:, 1]
    grey = np.rint((1 - face) * edge * EDGE + face * FACE).astype(np.uint8)[stamp.classes]
    cover = np.rint((1 - (1 - face) * (1 - edge)) * 255).astype(np.uint8)[stamp.classes]
    bands = np.stack([grey, grey, grey, cover], axis=-1)
    return Image.frombuffer("RGBa", size, bands.tobytes(), "raw", "RGBa", 0, 1)
