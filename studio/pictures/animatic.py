"""The free moving picture of a plan, as GIF or MP4.

A film is drawn in segments, one for each shot's own part (a long one in several) and one for each
transition, and then joined. With a folder for `segments` they are kept there, and what did not
change is not drawn twice; see `films.keys` for what counts as a change.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from studio.pictures.films.keys import film_key
from studio.pictures.films.order import GIF, MP4, Order, Size, Style
from studio.pictures.films.production import segments_drawn
from studio.pictures.plan import FilmPlan

if TYPE_CHECKING:
    from studio.pictures.watermark import Mark

OnProgress = Callable[[float], None]

_MOST_PROCESSES = 8


def render_gif(
    plan: FilmPlan,
    out: Path,
    *,
    size: Size = (480, 270),
    fps: int = 10,
    captions: bool = True,
    mark: "Mark | None" = None,
    segments: Path | None = None,
    processes: int = 1,
    on_progress: OnProgress | None = None,
) -> None:
    """Write the plan as a GIF that loops for ever and lasts as long as the plan, to 10 ms.

    `on_progress` gets 0.0 to 1.0; what it raises stops the work and leaves no file. One process is
    this one, more are children; the bytes are the same. Raises ValueError for a plan without
    shots, an unknown motion, a still that cannot be read, or a size or rate GIF cannot show, and
    DrawingFailed when a child died.
    """
    order = _ordered(plan, GIF, size, fps, captions, mark)
    with _drawn(order, out, segments, processes, on_progress) as (paths, temporary):
        from studio.pictures.films.joining import join_gif

        join_gif(paths, temporary, size)


def render_mp4(
    plan: FilmPlan,
    out: Path,
    *,
    size: Size = (1280, 720),
    fps: int = 24,
    captions: bool = True,
    mark: "Mark | None" = None,
    soundtrack: Path | None = None,
    segments: Path | None = None,
    processes: int = 1,
    on_progress: OnProgress | None = None,
) -> None:
    """Write the plan as H.264 in MP4, `round(duration × fps)` frames, index in front, a key frame
    at each cut. The soundtrack is heard from the start until the film's end, or its own.

    Sides must be even and at most 1920 × 1080. The rest, and errors, as in `render_gif`;
    ValueError for a soundtrack that cannot be read, too.
    """
    order = _ordered(plan, MP4, size, fps, captions, mark)
    if soundtrack is not None:
        from studio.pictures.films.sound import check_sound

        check_sound(soundtrack)
    with _drawn(order, out, segments, processes, on_progress) as (paths, temporary):
        from studio.pictures.films.muxing import join_mp4

        frames = order.segments[-1].end
        join_mp4(paths, temporary, fps=fps, frames=frames, soundtrack=soundtrack)


def render_poster(
    plan: FilmPlan, out: Path, *, size: Size = (1280, 720), mark: "Mark | None" = None
) -> None:
    """Write the middle of the first shot as a JPEG. Raises ValueError as `render_gif` does."""
    from studio.pictures.films.reel import still_of

    order = _ordered(plan, GIF, size, 1, False, mark)
    with _whole_or_nothing(out) as temporary:
        still_of(plan.shots[0], order.style).save(temporary, "JPEG", quality=88)


def fingerprint(
    plan: FilmPlan,
    *,
    media_type: str,
    size: Size,
    fps: int,
    captions: bool = True,
    mark: "Mark | None" = None,
    soundtrack: Path | None = None,
) -> str:
    """The hash of all that would be drawn, contents of stills and soundtrack included, as 64 hex
    digits: films with the same one look and sound alike. `media_type` is `image/gif` or
    `video/mp4`. Raises ValueError for what cannot be drawn."""
    return film_key(_ordered(plan, media_type, size, fps, captions, mark), soundtrack)


def _ordered(
    plan: FilmPlan, media_type: str, size: Size, fps: int, captions: bool, mark: "Mark | None"
) -> Order:
    if not plan.shots or any(shot.duration_ms <= 0 for shot in plan.shots):
        raise ValueError("A film needs at least one shot, and each shot a length.")
    if not (16 <= size[0] <= 4096 and 16 <= size[1] <= 4096):
        raise ValueError("A picture's sides must be 16 to 4096 pixels.")
    most_fps = 50 if media_type == GIF else 60
    if not 1 <= fps <= most_fps:
        raise ValueError(f"The frame rate must be 1 to {most_fps} a second.")
    if media_type == MP4 and (size[0] % 2 or size[1] % 2 or size[0] * size[1] > 1920 * 1080):
        raise ValueError("A video's sides must be even, and at most 1920 × 1080 together.")
    lines = () if mark is None else tuple(line for line in mark.lines if line.strip())
    return Order(plan, Style(media_type, size, fps, captions, lines))


@contextmanager
def _drawn(
    order: Order,
    out: Path,
    segments: Path | None,
    processes: int,
    on_progress: OnProgress | None,
) -> Iterator[tuple[list[Path], Path]]:
    """The segments' files and where to join them; with the film whole it goes to `out`."""
    if not 1 <= processes <= _MOST_PROCESSES:
        raise ValueError(f"A film must be drawn by 1 to {_MOST_PROCESSES} processes.")
    report = on_progress or (lambda _done: None)
    with (
        _whole_or_nothing(out) as temporary,
        segments_drawn(
            order, beside=out, shelf_folder=segments, processes=processes, report=report
        ) as paths,
    ):
        yield paths, temporary
        report(1.0)


@contextmanager
def _whole_or_nothing(out: Path) -> Iterator[Path]:
    """A temporary name beside `out`, moved there at the end, removed on any failure."""
    handle, name = tempfile.mkstemp(prefix=f".{out.stem}-", suffix=out.suffix, dir=out.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.replace(temporary, out)
    finally:
        temporary.unlink(missing_ok=True)
