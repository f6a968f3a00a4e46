"""The free moving picture of a plan, as GIF or MP4: drawn, encoded and written frame by frame."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from studio.pictures.camera.footage import Footage
from studio.pictures.camera.layers import Size
from studio.pictures.films.reel import ReelFrame, frame_count, reel
from studio.pictures.plan import FilmPlan
from studio.pictures.watermark import Mark

OnProgress = Callable[[float], None]


def render_gif(
    plan: FilmPlan,
    out: Path,
    *,
    size: Size = (480, 270),
    fps: int = 10,
    captions: bool = True,
    mark: Mark | None = None,
    segments: Path | None = None,
    processes: int = 1,
    on_progress: OnProgress | None = None,
) -> None:
    """Write the plan as a GIF that loops for ever and lasts as long as the plan, to 10 ms.

    `on_progress` gets 0.0 to 1.0; what it raises stops the work and leaves no file. Raises
    ValueError for a plan without shots, an unknown motion, or a size or rate GIF cannot show.
    """
    from studio.pictures.gifs.encoder import GifEncoder

    _check(plan, size, fps, most_fps=50)
    with _whole_or_nothing(out) as temporary, temporary.open("wb") as file:
        encoder = GifEncoder(file, size)
        for frame in _reported(plan, size, fps, captions, on_progress):
            encoder.add(frame.image, round(frame.end_ms / 10), is_cut=frame.is_cut)
        encoder.close()


def render_mp4(
    plan: FilmPlan,
    out: Path,
    *,
    size: Size = (1280, 720),
    fps: int = 24,
    captions: bool = True,
    mark: Mark | None = None,
    soundtrack: Path | None = None,
    segments: Path | None = None,
    processes: int = 1,
    on_progress: OnProgress | None = None,
) -> None:
    """Write the plan as H.264 in MP4, `round(duration × fps)` frames, index in front.

    Sides must be even and at most 1920 × 1080. Progress and errors as in `render_gif`.
    """
    from studio.pictures.films.video import VideoEncoder

    _check(plan, size, fps, most_fps=60)
    if size[0] % 2 or size[1] % 2 or size[0] * size[1] > 1920 * 1080:
        raise ValueError("A video's sides must be even, and at most 1920 × 1080 together.")
    with _whole_or_nothing(out) as temporary, VideoEncoder(temporary, size, fps) as encoder:
        for frame in _reported(plan, size, fps, captions, on_progress):
            encoder.add(frame.image, is_cut=frame.is_cut)


def render_poster(
    plan: FilmPlan, out: Path, *, size: Size = (1280, 720), mark: Mark | None = None
) -> None:
    """Write the middle of the first shot as a JPEG, as large as the film. Raises ValueError as
    `render_gif` does."""
    _check(plan, size, fps=1, most_fps=60)
    with _whole_or_nothing(out) as temporary:
        Footage(plan.shots[0], size).frame(0.5).save(temporary, "JPEG", quality=88)


def fingerprint(
    plan: FilmPlan,
    *,
    media_type: str,
    size: Size,
    fps: int,
    captions: bool = True,
    mark: Mark | None = None,
    soundtrack: Path | None = None,
) -> str:
    """The hash of all that would be drawn, as 64 hex digits: two films are alike, byte for byte, if
    it is. `media_type` is `image/gif` or `video/mp4`."""
    contents = [
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (*(shot.still for shot in plan.shots), soundtrack)
        if path is not None
    ]
    options = [media_type, size, fps, captions, mark and mark.lines]
    drawn = [asdict(plan), options, contents]
    return hashlib.sha256(json.dumps(drawn, default=str).encode()).hexdigest()


def _check(plan: FilmPlan, size: Size, fps: int, *, most_fps: int) -> None:
    if not plan.shots or any(shot.duration_ms <= 0 for shot in plan.shots):
        raise ValueError("A film needs at least one shot, and each shot a length.")
    if not (16 <= size[0] <= 4096 and 16 <= size[1] <= 4096):
        raise ValueError("A picture's sides must be 16 to 4096 pixels.")
    if not 1 <= fps <= most_fps:
        raise ValueError(f"The frame rate must be 1 to {most_fps} a second.")


def _reported(
    plan: FilmPlan, size: Size, fps: int, captions: bool, on_progress: OnProgress | None
) -> Iterator[ReelFrame]:
    report = on_progress or (lambda _done: None)
    total = max(len(plan.shots), frame_count(plan.duration_ms, fps))
    report(0.0)
    for done, frame in enumerate(reel(plan, size, fps, captions=captions), start=1):
        yield frame
        if done < total:
            report(done / total)
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
