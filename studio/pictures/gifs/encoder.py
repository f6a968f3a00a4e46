"""A GIF written frame by frame: a palette for about a second, only what changed in each frame."""

from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.camera.layers import Size
from studio.pictures.gifs.blocks import TRAILER, Frame, compress, write_screen
from studio.pictures.gifs.palette import Palette, Pixels

_GROUP = 10
_UNCHANGED = 255
_STILL_ENOUGH = 3


class GifEncoder:
    """Holds at most ten frames at a time, however long the film is.

    With `is_segment` neither header nor end mark is written and times count from the segment's
    start; its first block covers the whole screen, so that segments of one size, one after the
    other between `write_screen` and `TRAILER`, make one GIF.
    """

    def __init__(self, out: BinaryIO, size: Size, *, is_segment: bool = False):
        self._out, (self._width, self._height) = out, size
        self._is_segment = is_segment
        self._waiting: list[tuple[Pixels, int]] = []
        self._palette: Palette | None = None
        self._written: npt.NDArray[np.int16] | None = None
        self._shown_until_cs = 0
        self._grain = _dither(self._width, self._height)
        if not is_segment:
            write_screen(out, *size)

    def add(self, image: Image.Image, end_cs: int, *, is_cut: bool = False) -> None:
        """Show the RGB `image` until `end_cs` after the film's start, in hundredths of a second."""
        if is_cut or len(self._waiting) == _GROUP:
            self.flush()
        if is_cut:
            self._palette = None
        self._waiting.append((np.asarray(image), end_cs))

    def close(self) -> None:
        """Write what waits and the end mark. The stream stays open."""
        self.flush()
        if not self._is_segment:
            self._out.write(TRAILER)

    def flush(self) -> None:
        """Write what waits now: who watches meanwhile sees it at once."""
        if not self._waiting:
            return
        pictures = [picture for picture, _ in self._waiting]
        samples = [pictures[0], pictures[len(pictures) // 2], pictures[-1]]
        self._palette = Palette(samples, self._palette)
        for picture, end_cs in self._waiting:
            self._write(picture, end_cs, self._palette)
        self._waiting.clear()

    def _write(self, picture: Pixels, end_cs: int, palette: Palette) -> None:
        source = picture.astype(np.int16)
        grained = np.clip(source + self._grain, 0, 255).astype(np.uint8)
        indices = palette.map(grained)
        left, top, right, bottom = 0, 0, self._width, self._height
        transparent: int | None = None
        if self._written is None:
            self._written = source
        else:
            transparent = _UNCHANGED
            moved = (np.abs(source - self._written) > _STILL_ENOUGH).any(axis=2)
            indices[~moved] = _UNCHANGED
            np.copyto(self._written, source, where=moved[..., None])
            left, top, right, bottom = _bounds(moved)
        frame = Frame(
            left, top, right - left, bottom - top, end_cs - self._shown_until_cs, 1, transparent,
            False, _table(palette), 8, compress(indices[top:bottom, left:right].copy(), 8),
            0x04 if transparent is None else 0x05,
        )  # fmt: skip
        self._out.write(frame.encode())
        self._shown_until_cs = end_cs


def _table(palette: Palette) -> bytes:
    return palette.colours.tobytes().ljust(768, b"\x00")


def _bounds(moved: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(moved.any(axis=1)), np.flatnonzero(moved.any(axis=0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _dither(width: int, height: int) -> npt.NDArray[np.int16]:
    """Interleaved gradient noise of ±3 levels, fixed to the screen so that it never crawls."""
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    noise = (52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1.0)) % 1.0
    return np.rint((noise - 0.5) * 6).astype(np.int16)[..., None]
