"""A film's frames in order, with exact times, holding one shot's layers at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from studio.pictures.caption import Caption
from studio.pictures.footage import Footage
from studio.pictures.layers import Size
from studio.pictures.plan import FilmPlan


@dataclass(frozen=True)
class ReelFrame:
    """An RGB frame and when it is shown; `is_cut` on the first of a shot."""

    image: Image.Image
    start_ms: float
    end_ms: float
    is_cut: bool


def frame_count(duration_ms: int, fps: int) -> int:
    """How many frames a film of this length has."""
    return round(duration_ms * fps / 1000)


def reel(plan: FilmPlan, size: Size, fps: int, *, captions: bool) -> Iterator[ReelFrame]:
    """Every frame of the plan; a shot always has at least one. A cut falls on the frame nearest to
    it, while `start_ms` and `end_ms` share out each shot's exact length."""
    begun_ms, first = 0, 0
    for shot in plan.shots:
        ended_ms = begun_ms + shot.duration_ms
        last = max(first + 1, frame_count(ended_ms, fps))
        count, footage, caption = last - first, Footage(shot, size), Caption(shot, size)
        for i in range(count):
            start = begun_ms + shot.duration_ms * i / count
            end = begun_ms + shot.duration_ms * (i + 1) / count
            image = footage.frame(i / max(1, count - 1))
            if captions:
                caption.draw(image, int(start))
            yield ReelFrame(image, start, end, is_cut=i == 0)
        begun_ms, first = ended_ms, last
