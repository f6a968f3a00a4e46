"""How pictures move, measured on their pixels: nothing is asked of the camera."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from studio.pictures.camera.footage import Footage
from studio.pictures.plan import CENTRE, Camera, ShotPlan

Pixels = npt.NDArray[np.float64]
Size = tuple[int, int]


def texture(
    size: Size, seed: int, *, low: int = 60, high: int = 200, grain: int = 3
) -> Image.Image:
    """Grey noise that every place of can be told from every other."""
    chance = np.random.default_rng(seed)
    noise = Image.fromarray(chance.integers(0, 255, size[::-1], dtype=np.uint8))
    soft = np.asarray(noise.filter(ImageFilter.GaussianBlur(grain)), dtype=np.float32)
    spread = (soft - soft.min()) / (np.ptp(soft) + 1e-6)
    return Image.fromarray((low + spread * (high - low)).astype(np.uint8))


def staged(
    path: Path, at: tuple[float, float] = CENTRE, size: Size = (960, 540), *, wide: float = 0.22
) -> Path:
    """A still of a blue-grey wall full of pattern, and a red figure before it, as full of it."""
    wall = Image.merge("RGB", [texture(size, n, low=20, high=70 + 50 * n) for n in range(3)])
    figure = Image.merge(
        "RGB",
        (
            texture(size, 7, low=170, high=255),
            texture(size, 8, low=10, high=90),
            texture(size, 9, low=0, high=40),
        ),
    )
    mask, across = Image.new("L", size), wide * size[0]
    x, y = at[0] * size[0], at[1] * size[1]
    box = (x - across / 2, y - 0.3 * size[1], x + across / 2, y + 0.3 * size[1])
    ImageDraw.Draw(mask).rounded_rectangle(box, across / 4, fill=255)
    wall.paste(figure, mask=mask.filter(ImageFilter.GaussianBlur(1)))
    wall.save(path, quality=95)
    return path


def shot(
    motion: str,
    speed: float = 0.6,
    still: Path | None = None,
    *,
    subject: tuple[float, float] = CENTRE,
    shot_id: str = "s",
    ms: int = 4000,
) -> ShotPlan:
    camera = Camera(motion, speed)
    return ShotPlan(shot_id, 1, "A woman in a neon city", ms, camera, still=still, subject=subject)


def filmed(plan: ShotPlan, times: npt.ArrayLike, size: Size = (240, 136)) -> list[Pixels]:
    """The greys of the frames at these times."""
    footage = Footage(plan, size)
    return [
        np.asarray(footage.frame(float(t)).convert("L"), dtype=np.float64)
        for t in np.atleast_1d(times)
    ]


def patch(frame: Pixels, at: tuple[float, float], side: int = 40) -> Pixels:
    """A square around a place given in fractions of the frame."""
    top = round(at[1] * frame.shape[0] - side / 2)
    left = round(at[0] * frame.shape[1] - side / 2)
    assert top >= 0
    assert left >= 0
    return frame[top : top + side, left : left + side]


def shift(one: Pixels, other: Pixels) -> tuple[float, float]:
    """How far what `one` shows has moved in `other`, x and y in pixels, by phase correlation."""
    window = np.outer(np.hanning(len(one)), np.hanning(one.shape[1]))
    spectra = [np.fft.fft2((part - part.mean()) * window) for part in (other, one)]
    cross = spectra[0] * np.conj(spectra[1])
    peak = np.fft.fftshift(np.fft.ifft2(cross / (np.abs(cross) + 1e-3 * np.abs(cross).max())).real)
    y, x = np.unravel_index(int(peak.argmax()), peak.shape)
    return (
        _vertex(peak[y, :], int(x)) - peak.shape[1] // 2,
        _vertex(peak[:, x], int(y)) - peak.shape[0] // 2,
    )


def _vertex(values: Pixels, top: int) -> float:
    if not 0 < top < len(values) - 1:
        return float(top)
    before, at, after = values[top - 1 : top + 2]
    bend = before - 2 * at + after
    return top + (0.5 * (before - after) / bend if bend else 0.0)


def path(frames: list[Pixels], at: tuple[float, float], side: int = 40) -> Pixels:
    """Where what is first at a place goes from frame to frame: n × 2 pixels, summed up."""
    steps = [
        shift(patch(one, at, side), patch(other, at, side))
        for one, other in zip(frames, frames[1:], strict=False)
    ]
    return np.cumsum([(0.0, 0.0), *steps], axis=0)
