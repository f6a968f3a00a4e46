"""What every peer films: a push or a pan over each still, in turn. Needs Pillow alone."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

REACH = 1.3
"""How much closer a push ends than it begins, and how much wider a pan's still is."""


def frames(
    stills: list[Path], seconds: float, size: tuple[int, int], fps: int
) -> Iterator[Image.Image]:
    """The film's RGB frames: each still once decoded and scaled, then a window of it a frame."""
    work = (round(size[0] * REACH * 1.5), round(size[1] * REACH * 1.5))
    for number, still in enumerate(stills):
        with Image.open(still) as opened:
            opened.draft("RGB", work)
            sheet = opened.convert("RGB").resize(work, Image.Resampling.LANCZOS)
        count = frame_count(number, len(stills), seconds * fps)
        for i in range(count):
            yield sheet.resize(size, Image.Resampling.BICUBIC, box=window(number, i / count, work))


def frame_count(number: int, shots: int, frames: float) -> int:
    """How many of the film's frames are shot `number`'s: cuts fall on the nearest frame."""
    return round((number + 1) * frames / shots) - round(number * frames / shots)


def window(number: int, t: float, work: tuple[int, int]) -> tuple[float, float, float, float]:
    """What shot `number` shows at `t` (0 to 1) of a sheet of `work` pixels."""
    if number % 2 == 0:
        scale, along = 1 / (1 + (REACH - 1) * t), 0.5
    else:
        scale, along = 1 / REACH, t
    left, top = (1 - scale) * along * work[0], (1 - scale) / 2 * work[1]
    return left, top, left + scale * work[0], top + scale * work[1]
