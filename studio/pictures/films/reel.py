"""A film's frames in order, with exact times, holding one shot's layers at a time."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image

from studio.pictures.camera.footage import Footage
from studio.pictures.camera.layers import Size
from studio.pictures.films.caption import Caption
from studio.pictures.plan import FilmPlan

_CAMERAS = 2
_AHEAD = 4


@dataclass(frozen=True)
class ReelFrame:
    """An RGB frame and when it is shown; `is_cut` on the first of a shot."""

    image: Image.Image
    start_ms: float
    end_ms: float
    is_cut: bool


@dataclass(frozen=True)
class _Take:
    begun_ms: int
    duration_ms: int
    count: int
    footage: Footage
    caption: Caption | None

    def film(self, i: int) -> ReelFrame:
        start = self.begun_ms + self.duration_ms * i / self.count
        end = self.begun_ms + self.duration_ms * (i + 1) / self.count
        image = self.footage.frame(i / max(1, self.count - 1))
        if self.caption is not None:
            self.caption.draw(image, int(start))
        return ReelFrame(image, start, end, is_cut=i == 0)


def _filmed_ahead(take: _Take) -> Iterator[ReelFrame]:
    """Its frames in order, the next few drawn meanwhile: Pillow scales without Python's lock."""
    with ThreadPoolExecutor(_CAMERAS, thread_name_prefix="camera") as cameras:
        ahead: deque[Future[ReelFrame]] = deque()
        try:
            for i in range(take.count):
                ahead.append(cameras.submit(take.film, i))
                if len(ahead) > _AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for frame in ahead:
                frame.cancel()


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
        take = _Take(begun_ms, shot.duration_ms, count, footage, caption if captions else None)
        yield from _filmed_ahead(take)
        begun_ms, first = ended_ms, last
