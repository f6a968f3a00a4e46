"""Patterns fixed to the screen that decide between neighbouring colours. Nothing crawls: a place
has its own value in every frame."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from studio.pictures.gifs.cells import Packed

CHOICES = 16

_SIDE = 64
_ROUNDS = 24
_FINEST = 0.28


@dataclass(frozen=True)
class Grain:
    """For each pixel of a screen, `shift`: 0 to 3 in each channel, to be added before a colour is
    put into its cell; and `choice`: 0 to 15, what the share of a second colour must exceed."""

    shift: Packed
    choice: Packed

    def at(self, places: npt.NDArray[np.intp]) -> "Grain":
        """The patterns at these places of the screen, counted row by row."""
        return Grain(self.shift.take(places), self.choice.take(places))


@lru_cache(maxsize=4)
def grain_for(size: tuple[int, int]) -> Grain:
    """The patterns of a screen of `size`, row by row."""
    shift = _tiled(4, 1, size)
    # Green goes up where red and blue go down: the eye sees brightness, and that hardly changes.
    channels: Packed = shift * np.uint32(0x010001) + (3 - shift) * np.uint32(0x000100)
    return Grain(channels, _tiled(CHOICES, 2, size))


def _tiled(levels: int, seed: int, size: tuple[int, int]) -> Packed:
    width, height = size
    tile = (_blue_noise(seed) * levels).astype(np.uint32)
    screen = np.tile(tile, (-(-height // _SIDE), -(-width // _SIDE)))[:height, :width]
    flat = screen.ravel()
    flat.setflags(write=False)
    return flat


@lru_cache(maxsize=2)
def _blue_noise(seed: int) -> npt.NDArray[np.float64]:
    """Values in [0, 1), each as frequent as any other, whose neighbours differ: white noise that
    has its coarse part taken away, and is spread evenly again, a few times."""
    values = np.random.default_rng(seed).random((_SIDE, _SIDE))
    waves = np.fft.fftfreq(_SIDE)
    kept = 1 - np.exp(-((waves[:, None] ** 2 + waves[None, :] ** 2) / _FINEST**2))
    even = np.arange(_SIDE * _SIDE) / (_SIDE * _SIDE)
    for _ in range(_ROUNDS):
        fine = np.fft.ifft2(np.fft.fft2(values) * kept).real
        values = np.empty(_SIDE * _SIDE)
        values[np.argsort(fine, axis=None, kind="stable")] = even
        values = values.reshape(_SIDE, _SIDE)
    return values
