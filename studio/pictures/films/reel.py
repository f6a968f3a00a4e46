"""A film's frames, drawn segment by segment, with the layers of the shots at hand only."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from PIL import Image

from studio.pictures.camera.footage import Footage
from studio.pictures.films.cutting import Segment, Take
from studio.pictures.films.imprint import Imprint
from studio.pictures.films.order import Style
from studio.pictures.films.transitions import mixed
from studio.pictures.plan import ShotPlan

if TYPE_CHECKING:
    from studio.pictures.camera.planes import PlanarFootage, Planes

T = TypeVar("T")

_AHEAD = 4


class _Shot:
    """A take ready to be filmed and printed."""

    def __init__(self, take: Take, style: Style):
        self._take, self._footage = take, _footage(take.seen, style)
        self.imprint = Imprint(take.shot, style)

    def picture(self, frame: int) -> Image.Image:
        return self._footage.frame(self._take.t(frame))

    @cached_property
    def _planar(self) -> "PlanarFootage":
        # Loads PyAV, which a GIF does without.
        from studio.pictures.camera.planes import PlanarFootage

        return PlanarFootage(self._footage)

    def planes(self, frame: int) -> "Planes":
        return self._planar.frame(self._take.t(frame))


def _footage(shot: ShotPlan, style: Style) -> Footage:
    try:
        return Footage(shot, style.size)
    except OSError as error:
        raise ValueError(
            f"The picture of shot {shot.number} cannot be read. "
            "Put another in its place, or take it off the shot."
        ) from error


def still_of(shot: ShotPlan, style: Style) -> Image.Image:
    """The middle of a shot, as an RGB picture without the time. Raises ValueError as `Reel`."""
    picture = _footage(shot, style).frame(0.5)
    Imprint(shot, style).lay(picture)
    return picture


class Reel:
    """`cameras` threads draw ahead of who takes the frames; without any, frames are drawn as they
    are taken. Pillow scales without Python's lock."""

    def __init__(self, style: Style, *, cameras: int = 2):
        self._style, self._cameras = style, cameras
        self._shots: dict[Take, _Shot] = {}

    def frames(
        self,
        segment: Segment,
        finish: Callable[[Image.Image], T],
        finish_planes: "Callable[[Planes], T] | None" = None,
    ) -> Iterator[T]:
        """Its RGB frames in order, each finished where it was drawn; with `finish_planes`, what is
        no transition is drawn as planes at once. Raises ValueError for an unknown motion and for a
        still that cannot be read."""
        kept = {take: self._shots.get(take) for take in segment.takes}
        self._shots.clear()  # before others are made: only two shots' layers fit at a time
        shots = {take: shot or _Shot(take, self._style) for take, shot in kept.items()}
        self._shots = shots

        def draw(frame: int) -> T:
            image = _picture(segment, shots, frame)
            imprint = shots[segment.told(frame)].imprint
            imprint.lay(image)
            imprint.tell(image, round(segment.span_ms(frame)[0]))
            return finish(image)

        def draw_planes(frame: int, finish_planes: "Callable[[Planes], T]") -> T:
            shot = shots[segment.take]
            planes = shot.planes(frame)
            shot.imprint.lay_on_planes(planes)
            shot.imprint.tell_on_planes(planes, round(segment.span_ms(frame)[0]))
            return finish_planes(planes)

        frames = range(segment.begin, segment.end)
        work: Callable[[int], T] = draw
        if finish_planes is not None and segment.kind == "cut":
            work = partial(draw_planes, finish_planes=finish_planes)
        return _drawn_ahead(work, frames, self._cameras) if self._cameras else map(work, frames)


def _picture(segment: Segment, shots: dict[Take, _Shot], frame: int) -> Image.Image:
    before, after = shots[segment.take], segment.into and shots[segment.into]
    if segment.kind == "cut":
        return before.picture(frame)
    return mixed(
        segment.kind,
        lambda: before.picture(frame),
        (lambda: after.picture(frame)) if after else None,
        segment.progress(frame),
    )


def _drawn_ahead(draw: Callable[[int], T], frames: range, cameras: int) -> Iterator[T]:
    with ThreadPoolExecutor(cameras, thread_name_prefix="camera") as pool:
        ahead: deque[Future[T]] = deque()
        try:
            for frame in frames:
                ahead.append(pool.submit(draw, frame))
                if len(ahead) > _AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for waiting in ahead:
                waiting.cancel()
