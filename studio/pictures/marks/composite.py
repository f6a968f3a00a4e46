"""Frames of a GIF as a viewer sees them, each drawn anew with the mark: for the GIFs whose
background shows through, where a block's own pixels do not cover the mark."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from studio.pictures.gifs.blocks import (
    DISPOSE_BACKGROUND,
    DISPOSE_PREVIOUS,
    Extension,
    Frame,
    MalformedGif,
    Screen,
    compress,
    decode_indices,
)
from studio.pictures.gifs.cells import Pixels
from studio.pictures.gifs.mapping import indexed
from studio.pictures.marks.stamp import EDGE, FACE, Stamp

_CLEAR = 255
_BACKDROP = 40.0
_REPLACED_EACH_TIME = 0x09  # disposal "restore to background", with a transparent index


class _Canvas:
    """Colours (height × width × 3) and which of them were painted."""

    def __init__(self, screen: Screen):
        self.colours = np.zeros((screen.height, screen.width, 3), dtype=np.uint8)
        self.painted = np.zeros((screen.height, screen.width), dtype=np.bool_)
        self._global = screen.palette

    def paint(self, frame: Frame) -> None:
        palette = frame.palette or self._global
        indices = decode_indices(frame)
        if int(indices.max()) * 3 >= len(palette):
            raise MalformedGif("a frame uses colours that it does not have")
        rows, columns = self.area(frame)
        indices = indices[: rows.stop - rows.start, : columns.stop - columns.start]
        shown = indices != (-1 if frame.transparent is None else frame.transparent)
        table = np.frombuffer(palette, dtype=np.uint8).reshape(-1, 3)
        self.colours[rows, columns][shown] = table[indices[shown]]
        self.painted[rows, columns] |= shown

    def area(self, frame: Frame) -> tuple[slice, slice]:
        height, width = self.painted.shape
        return (
            slice(min(frame.top, height), min(frame.top + frame.height, height)),
            slice(min(frame.left, width), min(frame.left + frame.width, width)),
        )


def composited(
    screen: Screen, blocks: Iterable[Extension | Frame], stamp: Stamp
) -> Iterator[Extension | Frame]:
    """The same blocks, each frame whole and marked, with its own timing."""
    canvas = _Canvas(screen)
    for block in blocks:
        if isinstance(block, Extension):
            yield block
            continue
        before = canvas.colours.copy(), canvas.painted.copy()
        canvas.paint(block)
        yield _drawn(canvas, block, stamp)
        if block.disposal == DISPOSE_BACKGROUND:
            canvas.painted[canvas.area(block)] = False
        elif block.disposal == DISPOSE_PREVIOUS:
            canvas.colours, canvas.painted = before


def _drawn(canvas: _Canvas, block: Frame, stamp: Stamp) -> Frame:
    colours, shown = _marked(canvas, stamp)
    indices, palette = indexed(colours)
    indices[~shown] = _CLEAR
    height, width = shown.shape
    return Frame(
        0, 0, width, height, block.delay_cs, DISPOSE_BACKGROUND, _CLEAR, False,
        palette.tobytes().ljust(768, b"\x00"), 8, compress(indices, 8), _REPLACED_EACH_TIME,
    )  # fmt: skip


def _marked(canvas: _Canvas, stamp: Stamp) -> tuple[Pixels, npt.NDArray[np.bool_]]:
    """Where nothing was painted the mark stands on the page itself, face and edge opaque."""
    base = np.where(canvas.painted[..., None], canvas.colours, _BACKDROP)
    face, edge = (stamp.blends[stamp.classes, channel][..., None] for channel in (0, 1))
    under = base * (1 - edge) + EDGE * edge
    colours = np.rint(under * (1 - face) + FACE * face).astype(np.uint8)
    return colours, canvas.painted | (stamp.classes > 0)
