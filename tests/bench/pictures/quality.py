"""What an encoder made of frames: its likeness to them, its banding, its flicker."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

Floats = npt.NDArray[np.float32]

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_SSIM_SIGMA, _BLUR_SIGMA = 1.5, 2.0
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


@dataclass(frozen=True)
class Quality:
    """Means over the frames looked at. `ssim` is of the luma (1 is alike); `blurred_db` is the
    PSNR in RGB after a blur, which forgives grain and dither but not bands; `flicker` is how much
    more, or less, the luma changed from the frame before than it should have (RMS, in levels of
    255)."""

    ssim: float
    blurred_db: float
    flicker: float


def quality(source: Path, made: Path, size: tuple[int, int], every: int = 4) -> Quality:
    """Compare a GIF with the raw RGB frames that it was made of, at each `every`th frame."""
    pairs = zip(raw_frames(source, size), shown(made), strict=True)
    ssims, errors, flickers = [], [], []
    for number, (before, now) in enumerate(pairwise(pairs)):
        if number % every:
            continue
        wanted, got = (picture.astype(np.float32) for picture in now)
        ssims.append(_ssim(wanted @ _LUMA, got @ _LUMA))
        errors.append(_blurred_error(wanted, got))
        was_off = (before[1].astype(np.float32) - before[0]) @ _LUMA
        is_off = (got - wanted) @ _LUMA
        flickers.append(float(np.sqrt(np.mean((is_off - was_off) ** 2))))
    decibels = 10 * np.log10(255**2 / max(float(np.mean(errors)), 1e-9))
    return Quality(float(np.mean(ssims)), float(decibels), float(np.mean(flickers)))


def raw_frames(source: Path, size: tuple[int, int]) -> Iterator[npt.NDArray[np.uint8]]:
    """The RGB frames of a file that holds nothing else."""
    length = size[0] * size[1] * 3
    with source.open("rb") as file:
        while pixels := file.read(length):
            yield np.frombuffer(pixels, dtype=np.uint8).reshape(size[1], size[0], 3)


def shown(path: Path) -> Iterator[npt.NDArray[np.uint8]]:
    """The frames of a GIF as a viewer sees them, RGB, by Pillow's own compositor."""
    with Image.open(path) as opened:
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            yield np.asarray(opened.convert("RGB"))


def _kernel(sigma: float) -> Floats:
    at = np.arange(-round(3.5 * sigma), round(3.5 * sigma) + 1)
    weights = np.exp(-(at**2) / (2 * sigma**2))
    return (weights / weights.sum()).astype(np.float32)


def _blurred(picture: Floats, sigma: float) -> Floats:
    """By a Gaussian, where the whole of it fits."""
    for axis in (0, 1):
        weights = _kernel(sigma)
        room = picture.shape[axis] - len(weights) + 1
        parts = (picture.take(range(i, i + room), axis) * w for i, w in enumerate(weights))
        picture = np.sum(list(parts), axis=0)
    return picture


def _ssim(one: Floats, other: Floats) -> float:
    """Wang et al. 2004."""
    mean_1, mean_2 = _blurred(one, _SSIM_SIGMA), _blurred(other, _SSIM_SIGMA)
    spread_1 = _blurred(one * one, _SSIM_SIGMA) - mean_1**2
    spread_2 = _blurred(other * other, _SSIM_SIGMA) - mean_2**2
    together = _blurred(one * other, _SSIM_SIGMA) - mean_1 * mean_2
    light = (2 * mean_1 * mean_2 + _C1) / (mean_1**2 + mean_2**2 + _C1)
    shape = (2 * together + _C2) / (spread_1 + spread_2 + _C2)
    return float((light * shape).mean())


def _blurred_error(one: Floats, other: Floats) -> float:
    return float((_blurred(one - other, _BLUR_SIGMA) ** 2).mean())
