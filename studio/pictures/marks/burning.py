"""The mark burned into the blocks of a GIF, each in its own palette.

What of the mark would look as it does already is left transparent: under a mark that hardly
changes, a moving picture needs fewer bytes than it did bare.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from studio.pictures.gifs.blocks import (
    DISPOSE_BACKGROUND,
    Frame,
    MalformedGif,
    Screen,
    compress,
    decode_indices,
)
from studio.pictures.gifs.cells import Pixels
from studio.pictures.marks.stamp import Inks, Stamp, able_to_show

_ALIKE = 12
_NOT_SHOWN = -1000
_HAS_TRANSPARENCY = 0x01


class Burner:
    """Marks the frames of one GIF, in order. Holds what shows at each pixel of the mark."""

    def __init__(self, screen: Screen, stamp: Stamp):
        self._screen, self._stamp = screen, stamp
        self._rows, self._columns = np.nonzero(stamp.classes)
        # Where a class's row begins in the inks, so that adding a palette index finds the pair.
        self._pairs = stamp.classes[self._rows, self._columns].astype(np.intp) * 256
        self._shown = np.full((3, len(self._rows)), _NOT_SHOWN, dtype=np.int16)

    def burn(self, block: Frame) -> Frame:
        """The block with the mark, its place, timing and disposal as they came. Raises
        MalformedGif."""
        under = self._under(block)
        if not under.any():
            return block
        indices = decode_indices(block).copy()
        palette = _colours(block.palette or self._screen.palette)
        if int(indices.max()) >= len(palette):
            raise MalformedGif("a frame uses colours that it does not have")
        own, remap = able_to_show(indices, palette, block.transparent)
        if own is not palette:
            indices = remap[indices]
        block = _with_transparency(block, indices, len(own))
        places = self._rows[under] - block.top, self._columns[under] - block.left
        inks = self._stamp.inks(own, block.transparent)
        indices[places] = self._marked(block, indices[places], under, own, inks)
        code_size = max(2, (len(own) - 1).bit_length())
        return replace(
            block,
            palette=block.palette if own is palette else _table(own),
            code_size=code_size,
            data=compress(indices, code_size, is_interlaced=block.is_interlaced),
        )

    def _under(self, block: Frame) -> npt.NDArray[np.bool_]:
        """Which pixels of the mark the block covers."""
        below, beside = self._rows - block.top, self._columns - block.left
        covered: npt.NDArray[np.bool_] = (
            (below >= 0) & (below < block.height) & (beside >= 0) & (beside < block.width)
        )
        return covered

    def _marked(
        self, block: Frame, bare: Pixels, under: npt.NDArray[np.bool_], own: Pixels, inks: Inks
    ) -> Pixels:
        on_it = slice(None) if under.all() else np.flatnonzero(under)
        pairs = self._pairs[on_it] + bare
        marked = inks.indices.take(pairs)
        if block.disposal >= DISPOSE_BACKGROUND:
            self._shown[:, on_it] = _NOT_SHOWN  # this frame goes away again
            return marked
        shown, wanted = self._shown[:, on_it], [plane.take(pairs) for plane in inks.wanted]
        if block.transparent is not None:
            alike = _alike(shown[0], wanted[0])
            for channel in (1, 2):
                alike &= _alike(shown[channel], wanted[channel])
            marked[alike] = block.transparent
            fresh = marked != block.transparent
        else:
            fresh = np.ones(len(marked), dtype=np.bool_)
        for channel in range(3):
            written = own[:, channel].take(marked, mode="clip")
            self._shown[channel, on_it] = np.where(fresh, written, shown[channel])
        return marked


def _alike(shown: npt.NDArray[np.int16], wanted: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    near: npt.NDArray[np.bool_] = np.abs(shown - wanted) <= _ALIKE
    return near


def _with_transparency(block: Frame, indices: Pixels, colours: int) -> Frame:
    """A block that stays, with an entry that it does not use as its transparent one."""
    if block.transparent is not None or block.disposal >= DISPOSE_BACKGROUND:
        return block
    unused = np.flatnonzero(np.bincount(indices.ravel(), minlength=colours)[:colours] == 0)
    if not len(unused):
        return block
    flags = (block.control_flags or 0) | _HAS_TRANSPARENCY
    return replace(block, transparent=int(unused[-1]), control_flags=flags)


def _colours(table: bytes) -> Pixels:
    if not table:
        raise MalformedGif("a frame has no colours")
    return np.frombuffer(table, dtype=np.uint8).reshape(-1, 3)


def _table(colours: Pixels) -> bytes:
    size = 1 << max(1, (len(colours) - 1).bit_length())
    return colours.tobytes().ljust(3 * size, b"\x00")
