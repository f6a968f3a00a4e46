"""What colours there are in a run of frames: flat ones that cover areas, and all the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.pictures.gifs.cells import (
    CELLS,
    Floats,
    Packed,
    cells_of,
    channels_of,
)

# The eye weighs green over red over blue; distances are taken in this stretched space.
EYE = np.array([1.0, 1.3, 0.8], dtype=np.float32)

_EACH_NTH = 4
_FLAT_FROM_SHARE, _FLAT_FROM_COUNT = 1 / 300, 8
_MOST_FLAT = 64
_BESIDE = 5
# Less than its share keeps a small neon sign from losing all its colours to a large dull sky.
_WEIGHT = 0.7
_SLOTS = 1 << 12
_SCATTER = np.uint32(2654435761)


class FlatColours:
    """A few exact colours, the most frequent first, and a quick way to find them among pixels."""

    def __init__(self, colours: Packed):
        self.colours = colours
        self._colour_in = np.zeros(_SLOTS, dtype=np.uint32)
        self._number_in = np.zeros(_SLOTS, dtype=np.uint8)
        # Should two share a slot, the more frequent has it.
        slots = _slots_of(colours)[::-1]
        self._colour_in[slots] = colours[::-1]
        self._number_in[slots] = np.arange(len(colours))[::-1]

    def __len__(self) -> int:
        return len(self.colours)

    def among(self, pixels: Packed) -> npt.NDArray[np.bool_]:
        """Which of the pixels have one of these colours."""
        hits: npt.NDArray[np.bool_] = self._colour_in.take(_slots_of(pixels)) == pixels
        return hits

    def number(self, pixels: Packed, numbers: npt.NDArray[np.uint8]) -> None:
        """Write the numbers of these colours into `numbers` wherever a pixel has one."""
        slots = _slots_of(pixels)
        hits = self._colour_in.take(slots) == pixels
        np.copyto(numbers, self._number_in.take(slots), where=hits)


def _slots_of(colours: Packed) -> npt.NDArray[np.intp]:
    scattered = colours * _SCATTER
    scattered >>= 20
    return scattered.astype(np.intp)


@dataclass(frozen=True)
class Tones:
    """`flat`; and for each cell of six bits a channel that the others lie in, their mean in
    `colours`, n × 3, as the eye takes it, and how much it counts in `weights`."""

    flat: FlatColours
    colours: Floats
    weights: Floats


def tones_of(samples: Sequence[Packed]) -> Tones:
    """The tones of these pixels."""
    pixels = np.concatenate([sample.ravel() for sample in samples])
    flat = FlatColours(_flat_among(pixels[::_EACH_NTH]))
    others = pixels[~flat.among(pixels)] if len(flat) else pixels
    cells = cells_of(others)
    counts = np.bincount(cells, minlength=CELLS)
    used = np.flatnonzero(counts)
    numbers = np.empty(CELLS, dtype=np.intp)
    numbers[used] = np.arange(len(used))
    own = numbers[cells]
    sums = [np.bincount(own, channel, len(used)) for channel in channels_of(others).T]
    means = np.stack(sums, axis=1) / counts[used, None]
    return Tones(flat, means.astype(np.float32) * EYE, (counts[used] ** _WEIGHT).astype(np.float32))


def _flat_among(pixels: Packed) -> Packed:
    """The most frequent colours, but not those beside a more frequent one: they shade it."""
    exact, counts = np.unique(pixels, return_counts=True)
    most = np.argsort(-counts, kind="stable")[:_MOST_FLAT]
    is_flat = counts[most] >= max(_FLAT_FROM_COUNT, len(pixels) * _FLAT_FROM_SHARE)
    colours: Packed = exact[most[is_flat]]
    channels = channels_of(colours).astype(np.int16)
    is_beside = np.abs(channels[:, None] - channels).max(axis=2, initial=0) <= _BESIDE
    kept: list[int] = []
    for number, beside in enumerate(is_beside):
        if not beside[kept].any():
            kept.append(number)
    return colours[kept]
