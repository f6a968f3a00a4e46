"""Palettes for GIF frames: built from a few frames, kept steady from one to the next, and applied
through a lookup table that is filled only where colours occur."""

import heapq

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_CELLS = 1 << 18
# The eye weighs green over red over blue; distances are taken in this stretched space.
_EYE = np.array([1.0, 1.3, 0.8], dtype=np.float32)


def cells_of(pixels: Pixels) -> npt.NDArray[np.int32]:
    """The 18-bit cell (6 bits a channel) of each pixel."""
    six = (pixels >> 2).astype(np.int32)
    cells: npt.NDArray[np.int32] = (six[..., 0] << 12) | (six[..., 1] << 6) | six[..., 2]
    return cells


def _colours_of(cells: npt.NDArray[np.intp]) -> Floats:
    channels = np.stack([cells >> 12, (cells >> 6) & 63, cells & 63], axis=-1)
    return (channels * 4 + 2).astype(np.float32)


def _histogram(frames: list[Pixels]) -> tuple[Floats, Floats]:
    counts = np.zeros(_CELLS, dtype=np.int64)
    for frame in frames:
        counts += np.bincount(cells_of(frame[::2, ::2]).ravel(), minlength=_CELLS)
    used = np.flatnonzero(counts)
    # A root keeps a small neon sign from losing all its colours to a large dull sky.
    weights = np.sqrt(counts[used]).astype(np.float32)
    return _colours_of(used) * _EYE, weights


def _spread(colours: Floats, weights: Floats) -> float:
    mean = np.average(colours, axis=0, weights=weights)
    return float((((colours - mean) ** 2).sum(axis=1) * weights).sum())


def _split(colours: Floats, weights: Floats, size: int) -> Floats:
    """Halve the group that spreads most, at its mean along its widest axis, until `size`."""
    groups = {0: np.arange(len(colours))}
    heap = [(-_spread(colours, weights), 0)]
    while heap and len(groups) < size:
        _, key = heapq.heappop(heap)
        members = groups[key]
        if len(members) < 2:
            continue
        own, load = colours[members], weights[members]
        mean = np.average(own, axis=0, weights=load)
        axis = int(((own - mean) ** 2 * load[:, None]).sum(axis=0).argmax())
        low = own[:, axis] <= mean[axis]
        if low.all() or not low.any():
            continue
        for new_key, half in ((key, members[low]), (len(groups), members[~low])):
            groups[new_key] = half
            heapq.heappush(heap, (-_spread(colours[half], weights[half]), new_key))
    return np.stack(
        [np.average(colours[m], axis=0, weights=weights[m]) for m in groups.values()]
    ).astype(np.float32)


def _nearest(colours: Floats, centres: Floats) -> npt.NDArray[np.intp]:
    scores = colours @ centres.T
    scores *= -2
    scores += (centres**2).sum(axis=1)
    nearest: npt.NDArray[np.intp] = scores.argmin(axis=1)
    return nearest


def _settle(colours: Floats, weights: Floats, centres: Floats, steps: int) -> Floats:
    """Lloyd's steps; a centre that nothing is near to moves to the worst served colour."""
    for _ in range(steps):
        owner = _nearest(colours, centres)
        load = np.bincount(owner, weights, minlength=len(centres))
        sums = np.stack(
            [np.bincount(owner, weights * colours[:, c], minlength=len(centres)) for c in range(3)],
            axis=1,
        )
        idle = np.flatnonzero(load == 0)
        centres = np.where(
            load[:, None] > 0, sums / np.maximum(load, 1e-9)[:, None], centres
        ).astype(np.float32)
        if len(idle):
            error = ((colours - centres[owner]) ** 2).sum(axis=1) * weights
            worst = np.argsort(error)[::-1][: len(idle)]
            centres[idle[: len(worst)]] = colours[worst]
    return centres


class Palette:
    """Up to 255 colours for a run of frames, and the mapping of pixels to them."""

    def __init__(self, frames: list[Pixels], before: "Palette | None" = None, size: int = 255):
        colours, weights = _histogram(frames)
        if before is not None and len(before.centres) == size:
            centres = _settle(colours, weights, before.centres, steps=1)
        else:
            centres = _settle(colours, weights, _split(colours, weights, size), steps=2)
        self.centres: Floats = centres
        self._indices = np.full(_CELLS, -1, dtype=np.int16)
        self.colours: Pixels = np.clip(np.rint(centres / _EYE), 0, 255).astype(np.uint8)

    def map(self, pixels: Pixels) -> Pixels:
        """The palette index of each pixel."""
        cells = cells_of(pixels)
        indices = self._indices[cells]
        if (indices < 0).any():
            wanted = np.zeros(_CELLS, dtype=np.bool_)
            wanted[cells[indices < 0]] = True
            missing = np.flatnonzero(wanted)
            self._indices[missing] = _nearest(_colours_of(missing) * _EYE, self.centres)
            indices = self._indices[cells]
        return indices.astype(np.uint8)
