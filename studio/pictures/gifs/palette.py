"""Palettes for GIF frames: built from a few frames' tones, and steady from one to the next."""

import heapq

import numpy as np

from studio.pictures.gifs.cells import Cells, Floats, Pixels, channels_of
from studio.pictures.gifs.tones import EYE, Tones

MOST_COLOURS = 255

_FIRST_STEPS, _NEXT_STEPS = 2, 1
_CHUNK = 1024
_NOWHERE = 1e4
# A colour is given up for a tone that would gain more than if all it serves were so far away.
_GIVEN_UP_FROM = 12.0**2
# An old palette serves while tones are this much farther from it than when it was made.
_FARTHER, _FARTHER_BY = 1.15, 0.5
_FARTHEST = 30.0**2


class Palette:
    """Up to 255 `colours`, n × 3, of which the first are the tones' flat ones, exactly; `seen` is
    the same as the eye takes them."""

    def __init__(self, tones: Tones, before: "Palette | None" = None):
        self.flat = tones.flat
        fixed = channels_of(tones.flat.colours).astype(np.float32) * EYE
        room = MOST_COLOURS - len(fixed)
        if before is None:
            free, steps = _split(tones.colours, tones.weights, room), _FIRST_STEPS
        else:
            free, steps = before._free_for(room), _NEXT_STEPS
        for _ in range(steps):
            free = _settled(tones, fixed, free)
        centres = np.concatenate([fixed, free])
        self.colours: Pixels = np.clip(np.rint(centres / EYE), 0, 255).astype(np.uint8)
        self.seen: Floats = self.colours.astype(np.float32) * EYE
        self._mean, self._farthest = self._apart(tones)

    def _free_for(self, room: int) -> Floats:
        """Its colours but the flat ones; if more are wanted, some that nothing is near to."""
        own = self.seen[len(self.flat) :][:room]
        spare = np.full((room - len(own), 3), _NOWHERE, dtype=np.float32)
        return np.concatenate([own, spare])

    def _apart(self, tones: Tones) -> tuple[float, float]:
        """How far the tones are from their nearest colours, squared: in the mean, and at most."""
        if not len(tones.colours):
            return 0.0, 0.0
        colours = tones.colours
        apart = ((colours - self.seen[nearest(colours, self.seen)]) ** 2).sum(axis=1)
        return float(apart @ tones.weights / tones.weights.sum()), float(apart.max())

    def serves(self, tones: Tones) -> bool:
        """Whether it shows these tones about as well as those it was made for."""
        if not np.isin(tones.flat.colours, self.flat.colours).all():
            return False
        mean, farthest = self._apart(tones)
        return mean <= self._mean * _FARTHER + _FARTHER_BY and farthest <= max(
            self._farthest * _FARTHER, _FARTHEST
        )


def nearest(colours: Floats, centres: Floats) -> Cells:
    """The number of the nearest centre to each colour."""
    # |centre|² - 2 colour · centre, without what is the same for every centre: one product.
    system = np.concatenate([centres.T * -2, (centres**2).sum(axis=1)[None, :]])
    lifted = np.concatenate([colours, np.ones((len(colours), 1), dtype=np.float32)], axis=1)
    found = np.empty(len(colours), dtype=np.intp)
    for start in range(0, len(colours), _CHUNK):
        part = slice(start, start + _CHUNK)
        (lifted[part] @ system).argmin(axis=1, out=found[part])
    return found


def _split(colours: Floats, weights: Floats, size: int) -> Floats:
    """Halve the group that spreads most, at its mean along its widest axis, until `size`."""
    if not len(colours):
        return np.empty((0, 3), dtype=np.float32)
    groups, means = [np.arange(len(colours))], [np.zeros(3, dtype=np.float32)]
    heap: list[tuple[float, int, int]] = []

    def measure(key: int) -> None:
        own, load = colours[groups[key]], weights[groups[key]]
        means[key] = load @ own / load.sum()
        spread = load @ (own - means[key]) ** 2
        heapq.heappush(heap, (-float(spread.sum()), int(spread.argmax()), key))

    measure(0)
    while heap and len(groups) < size:
        _, axis, key = heapq.heappop(heap)
        is_low = colours[groups[key], axis] <= means[key][axis]
        if is_low.all() or not is_low.any():
            continue
        groups.append(groups[key][~is_low])
        means.append(means[key])
        groups[key] = groups[key][is_low]
        measure(key)
        measure(len(groups) - 1)
    return np.stack(means)


def _settled(tones: Tones, fixed: Floats, free: Floats) -> Floats:
    """A step of Lloyd's: each free colour goes to the mean of the tones it is nearest to; those
    that serve little go to where the worst is served, so that what appears in a film is shown."""
    if not len(tones.colours) or not len(free):
        return free
    colours, weights, centres = tones.colours, tones.weights, np.concatenate([fixed, free])
    owner = nearest(colours, centres)
    load = np.bincount(owner, weights, len(centres))[len(fixed) :]
    missed = ((colours - centres[owner]) ** 2).sum(axis=1) * weights
    count = min(len(free), len(colours))
    idlest, worst = np.argsort(load, kind="stable")[:count], np.argsort(-missed)[:count]
    gains = missed[worst] > load[idlest] * _GIVEN_UP_FROM
    # What gets a colour of its own draws no other towards it.
    drawing = weights.copy()
    drawing[worst[gains]] = 0
    load, *sums = (
        np.bincount(owner, drawing * values, len(centres))[len(fixed) :]
        for values in (np.ones_like(weights), *colours.T)
    )
    means = np.stack(sums, axis=1) / np.maximum(load, 1e-9)[:, None]
    settled = np.where(load[:, None] > 0, means, free).astype(np.float32)
    settled[idlest[gains]] = colours[worst[gains]]
    return settled
