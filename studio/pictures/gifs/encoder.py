"""A GIF written frame by frame: a palette for about a second, only what changed in each frame."""

import math
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.camera.layers import Size
from studio.pictures.gifs.blocks import TRAILER, Frame, compress, write_screen
from studio.pictures.gifs.cells import Packed, Pixels, packed
from studio.pictures.gifs.grain import grain_for
from studio.pictures.gifs.mapping import Mapping
from studio.pictures.gifs.palette import Palette
from studio.pictures.gifs.tones import tones_of

_GROUP = 10
_CLEAR = 255
# Players take shorter delays for a mistake, and show the frame for ten.
_SHORTEST_CS = 2
# The bits of a difference that are set where a channel moved by more than three levels.
_MOVED = np.uint32(0xFCFCFC)
# Colours are counted in about so many pixels of a group, and at most four apart.
_SAMPLED = 1 << 17
_MOST_APART = 4
_KEPT = 0x04
_KEPT_WITH_CLEAR = 0x05

Places = npt.NDArray[np.intp]


class GifEncoder:
    """Holds at most ten frames at a time, however long the film is.

    With `is_segment` neither header nor end mark is written and times count from the segment's
    start; its first block covers the whole screen, so that segments of one size, one after the
    other between `write_screen` and `TRAILER`, make one GIF.
    """

    def __init__(self, out: BinaryIO, size: Size, *, is_segment: bool = False):
        self._out, self._size, self._is_segment = out, size, is_segment
        self._waiting: list[tuple[Packed, int]] = []
        self._palette: Palette | None = None
        self._canvas = _Canvas(size)
        self._shown_until_cs = 0
        if not is_segment:
            write_screen(out, *size)

    def add(self, image: Image.Image, end_cs: int, *, is_cut: bool = False) -> None:
        """Show the `image`, of the film's size, until `end_cs` hundredths of a second after the
        film's start. A frame is always there for 2 of them; those after it then catch up."""
        if image.size != self._size:
            raise ValueError("Every frame must have the film's size.")
        if is_cut or len(self._waiting) == _GROUP:
            self.flush()
        if is_cut:
            self._palette = None
        self._waiting.append((packed(image), end_cs))

    def close(self) -> None:
        """Write what waits and the end mark. The stream stays open."""
        self.flush()
        if not self._is_segment:
            self._out.write(TRAILER)

    def flush(self) -> None:
        """Write what waits now: who watches meanwhile sees it at once."""
        if not self._waiting:
            return
        tones = tones_of(_samples([picture for picture, _ in self._waiting]))
        if self._palette is None or not self._palette.serves(tones):
            self._palette = Palette(tones, self._palette)
            self._canvas.use(self._palette)
        for picture, end_cs in self._waiting:
            until_cs = max(end_cs, self._shown_until_cs + _SHORTEST_CS)
            frame = self._canvas.painted(picture, until_cs - self._shown_until_cs)
            self._out.write(frame.encode())
            self._shown_until_cs = until_cs
        self._waiting.clear()


def _samples(pictures: Sequence[Packed]) -> list[Packed]:
    """Some pixels of each picture, of each others: what stands still is seen whole."""
    pixels = sum(picture.size for picture in pictures)
    step = min(max(1, round(math.sqrt(pixels / _SAMPLED))), _MOST_APART)
    return [
        picture[n % step :: step, n // step % step :: step] for n, picture in enumerate(pictures)
    ]


class _Canvas:
    """What a viewer sees, and the blocks that change it."""

    def __init__(self, size: Size):
        self._size, self._grain = size, grain_for(size)
        # The sources of all that was written, and its indices where the palette is still in use.
        self._written: Packed | None = None
        self._shown = np.empty(size[0] * size[1], dtype=np.uint8)

    def use(self, palette: Palette) -> None:
        """Paint with this palette from now on."""
        self._table = palette.colours.tobytes().ljust(768, b"\x00")
        self._mapping = Mapping(palette)
        self._shown.fill(_CLEAR)

    def painted(self, picture: Packed, delay_cs: int) -> Frame:
        """The block that shows the `picture`."""
        if self._written is None:
            self._written = picture.copy()
            self._shown = self._mapping.map(picture.ravel(), self._grain)
            return self._block(0, 0, self._shown.reshape(picture.shape), delay_cs, None)
        places = np.flatnonzero(_apart(picture, self._written))
        colours = picture.ravel()[places]
        self._written.ravel()[places] = colours
        indices = self._mapping.map(colours, self._grain.at(places))
        is_new = indices != self._shown[places]
        places, indices = places[is_new], indices[is_new]
        self._shown[places] = indices
        return self._patch(places, indices, delay_cs)

    def _patch(self, places: Places, indices: Pixels, delay_cs: int) -> Frame:
        if not len(places):
            nothing = np.zeros((1, 1), dtype=np.uint8)
            return Frame(
                0, 0, 1, 1, delay_cs, 1, 0, False, bytes(6), 2, compress(nothing, 2),
                _KEPT_WITH_CLEAR,
            )  # fmt: skip
        width, height = self._size
        patch = np.full((height, width), _CLEAR, dtype=np.uint8)
        patch.ravel()[places] = indices
        top, bottom = places[0] // width, places[-1] // width + 1
        columns = np.flatnonzero((patch[top:bottom] != _CLEAR).any(axis=0))
        left, right = columns[0], columns[-1] + 1
        return self._block(left, top, patch[top:bottom, left:right], delay_cs, _CLEAR)

    def _block(
        self, left: int, top: int, indices: Pixels, delay_cs: int, transparent: int | None
    ) -> Frame:
        height, width = indices.shape
        flags = _KEPT if transparent is None else _KEPT_WITH_CLEAR
        return Frame(
            int(left), int(top), width, height, delay_cs, 1, transparent, False, self._table, 8,
            compress(indices, 8), flags,
        )  # fmt: skip


def _apart(one: Packed, other: Packed) -> npt.NDArray[np.bool_]:
    """Where the two differ by more than is seen."""
    bytes_of_one, bytes_of_other = one.view(np.uint8), other.view(np.uint8)
    difference = np.maximum(bytes_of_one, bytes_of_other)
    difference -= np.minimum(bytes_of_one, bytes_of_other)
    moved: npt.NDArray[np.bool_] = (difference.view(np.uint32) & _MOVED) != 0
    return moved
