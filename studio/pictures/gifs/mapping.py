"""Pixels to palette indices, through a table that is filled only where colours occur."""

import numpy as np

from studio.pictures.gifs.cells import (
    CELLS,
    Cells,
    Floats,
    Packed,
    Pixels,
    cells_of,
    channels_of,
    colours_of,
    packed_pixels,
)
from studio.pictures.gifs.grain import CHOICES, Grain
from studio.pictures.gifs.palette import MOST_COLOURS, Palette, nearest
from studio.pictures.gifs.tones import EYE, tones_of

_UNKNOWN = np.uint32(1 << 31)
_CHUNK = 4096
_NEIGHBOURS = 8
# What speckle costs beside a wrong colour: its contrast in brightness, and in all, squared.
_BRIGHTNESS = np.array([0.299, 0.587, 0.114], dtype=np.float32) / EYE
_SPECKLE_BRIGHTNESS, _SPECKLE = 2.0, 0.6
_MOST_CONTRAST = 40.0**2
_FORBIDDEN = 1e9


class Mapping:
    """A palette ready to be applied. A cell's entry holds its nearest colour, a second one (<< 8),
    and the second's share in sixteenths (<< 16): mixed by the grain they look like the cell."""

    def __init__(self, palette: Palette):
        self._palette = palette
        self._entries = np.full(CELLS, _UNKNOWN, dtype=np.uint32)
        seen = palette.seen
        apart = ((seen[:, None] - seen[None]) ** 2).sum(axis=2)
        count = min(_NEIGHBOURS, len(seen) - 1)
        self._near = np.argpartition(apart, count, axis=1)[:, : count + 1]
        self._away: Floats = seen[self._near] - seen[:, None]
        self._reach = np.maximum((self._away**2).sum(axis=2), 1e-3)
        brightness = (self._away @ _BRIGHTNESS) ** 2
        self._speckle = _SPECKLE_BRIGHTNESS * brightness + _SPECKLE * self._reach
        self._speckle[self._reach > _MOST_CONTRAST] = _FORBIDDEN

    def map(self, pixels: Packed, grain: Grain) -> Pixels:
        """The palette index of each of the pixels, n, where this grain lies. Flat colours are
        never mixed."""
        entries = self._entries_of(cells_of(pixels, grain.shift))
        takes_second = (entries >> 16) > grain.choice
        entries >>= takes_second.view(np.uint8) << np.uint8(3)
        indices = entries.astype(np.uint8)
        if len(self._palette.flat):
            self._palette.flat.number(pixels, indices)
        return indices

    def _entries_of(self, cells: Cells) -> Packed:
        entries = self._entries.take(cells)
        unknown = entries == _UNKNOWN
        if unknown.any():
            is_wanted = np.zeros(CELLS, dtype=np.bool_)
            is_wanted[cells[unknown]] = True
            wanted = np.flatnonzero(is_wanted)
            for start in range(0, len(wanted), _CHUNK):
                self._fill(wanted[start : start + _CHUNK])
            entries = self._entries.take(cells)
        return entries

    def _fill(self, cells: Cells) -> None:
        colours = colours_of(cells) * EYE
        first = nearest(colours, self._palette.seen)
        away, reach = self._away[first], self._reach[first]
        along = np.einsum("nkc,nc->nk", away, colours - self._palette.seen[first])
        share = np.rint(np.clip(along / reach, 0, 0.5) * CHOICES) / CHOICES
        # How much nearer the mixture is than the nearest alone, squared, less what it costs.
        gain = share * (2 * along - share * reach - (1 - share) * self._speckle[first])
        rows, best = np.arange(len(cells)), gain.argmax(axis=1)
        sixteenths = np.where(gain[rows, best] > 0, share[rows, best] * CHOICES, 0)
        second = self._near[first, best]
        self._entries[cells] = first | (second << 8) | (sixteenths.astype(np.intp) << 16)


def indexed(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """One picture, height × width × 3, by itself: its indices and its colours, n × 3, exact if
    they are at most 255, else the nearest and without grain."""
    exact, numbers = np.unique(packed_pixels(pixels), return_inverse=True)
    colours = channels_of(exact)
    if len(exact) > MOST_COLOURS:
        palette = Palette(tones_of([exact[numbers]]))
        numbers = nearest(colours.astype(np.float32) * EYE, palette.seen)[numbers]
        colours = palette.colours
    return numbers.reshape(pixels.shape[:2]).astype(np.uint8), colours
