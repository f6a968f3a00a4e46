"""Distrust: what comes from outside is looked at in a child process with little to its name.

The child has limits on memory, CPU and open files, an empty environment, and a clock over it. A
file that is refused, and one that kills the child, end alike: in `Unacceptable`. A full disk of
ours is none of the file's doing: that is OSError.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.pictures.distrust.limits import (
    AUDIO_LIMITS,
    MARKING_LIMITS,
    STILL_LIMITS,
    AudioFacts,
    FilmFacts,
    FilmstripFacts,
    GifFacts,
    Limits,
    SoundFacts,
    StillFacts,
    VideoFacts,
)
from studio.pictures.environment import bare_environment
from studio.pictures.errors import Unacceptable
from studio.pictures.likeness.films import (
    COMPARING_LIMITS,
    Film,
    ShotDifference,
    as_order,
)

__all__ = [
    "AudioFacts",
    "FilmFacts",
    "Film",
    "FilmstripFacts",
    "GifFacts",
    "Limits",
    "SoundFacts",
    "ShotDifference",
    "StillFacts",
    "Unacceptable",
    "VideoFacts",
    "film_strip",
    "first_frame",
    "measure_film",
    "probe_gif",
    "probe_mp4",
    "redraw_audio",
    "redraw_still",
    "shot_differences",
    "watermarked",
]

_DEFAULT = Limits()


def probe_gif(path: Path, limits: Limits = _DEFAULT) -> GifFacts:
    """Check every byte of a GIF, by structure first and then by decoding each frame. Raises
    Unacceptable."""
    return GifFacts(**_ask("gif", path, limits))


def probe_mp4(path: Path, limits: Limits = _DEFAULT) -> VideoFacts:
    """Check an MP4's structure, codec and packets, and decode its first frame. Raises
    Unacceptable."""
    return VideoFacts(**_ask("mp4", path, limits))


def measure_film(path: Path, limits: Limits = _DEFAULT) -> FilmFacts:
    """The technical facts of an MP4 that `probe_mp4` found sound, with how loud it is; decodes the
    whole sound. Raises Unacceptable."""
    facts = _ask("film", path, limits)
    sound = facts.pop("sound")
    return FilmFacts(**facts, sound=SoundFacts(**sound) if sound else None)


def first_frame(
    path: Path, out: Path, *, size: tuple[int, int] | None = None, limits: Limits = _DEFAULT
) -> None:
    """Write the first frame of a GIF or MP4 as a poster, PNG or JPEG by the suffix of `out`, fitted
    within `size` when given. Raises Unacceptable."""
    if out.suffix.lower() not in {".png", ".jpg", ".jpeg"}:
        raise ValueError("A poster is written as .png, .jpg or .jpeg.")
    _have_drawn("poster", path, out, limits, size=size)


def film_strip(
    path: Path, out: Path, *, frames: int = 12, frame_width: int = 160, limits: Limits = _DEFAULT
) -> FilmstripFacts:
    """Write frames of a GIF at even spacing, side by side in one row, as a JPEG: `frames` of them,
    or all where it has fewer, each `frame_width` pixels wide. Raises Unacceptable."""
    shape = {"count": frames, "tile_width": frame_width}
    return FilmstripFacts(**_have_drawn("filmstrip", path, out, limits, **shape))


def watermarked(
    path: Path, out: Path, lines: tuple[str, ...], limits: Limits = MARKING_LIMITS
) -> None:
    """Do `watermark_gif` in the child: a sound GIF, too, may take more memory than a worker has.
    Raises Unacceptable."""
    _have_drawn("watermark", path, out, limits, lines=lines)


def redraw_still(path: Path, out: Path, limits: Limits = STILL_LIMITS) -> StillFacts:
    """Draw a still from outside (PNG, JPEG, WebP, GIF, AVIF or BMP) anew at `out`, within
    1920 × 1080, upright, in sRGB, with nothing of the sender's but the pixels; JPEG or PNG as the
    facts say. Raises Unacceptable."""
    return StillFacts(**_ask("still", path, limits, out=str(out.resolve())))


def redraw_audio(path: Path, out: Path, limits: Limits = AUDIO_LIMITS) -> AudioFacts:
    """Write a sound from outside (WAV, AIFF, MP3, M4A, AAC, Ogg, Opus, FLAC, or a video's) anew at
    `out`: AAC in M4A, mono or stereo at 48 kHz, at most the 60 s that a film can last, with nothing
    of the sender's but what is heard. Nothing is written at `out` where it raises Unacceptable."""
    return AudioFacts(**_have_drawn("sound", path, out, limits))


def shot_differences(
    former: Film,
    later: Film,
    pairs: Sequence[tuple[int, int]],
    limits: Limits = COMPARING_LIMITS,
) -> list[ShotDifference]:
    """How much the shots of two GIFs look different: of each pair, a shot of the former and one of
    the later, by their places from 0. Raises Unacceptable."""
    films = {"former": as_order(former), "later": as_order(later)}
    answer = _ask("differences", former.path, limits, pairs=list(pairs), **films)
    return [ShotDifference(**found) for found in answer["differences"]]


def _have_drawn(task: str, path: Path, out: Path, limits: Limits, **more: Any) -> dict[str, Any]:
    """Have the child write `out`; nothing else of it is left, whatever becomes of the child."""
    with tempfile.TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent) as folder:
        drawn = Path(folder) / f"drawn{out.suffix.lower()}"
        facts = _ask(task, path, limits, out=str(drawn.resolve()), **more)
        os.replace(drawn, out)
    return facts


def _ask(task: str, path: Path, limits: Limits, **more: Any) -> dict[str, Any]:
    order = {"task": task, "path": str(path.resolve()), "limits": asdict(limits), **more}
    try:
        # The interpreter and the arguments are ours; the order, with the path, goes by stdin.
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "studio.pictures.distrust.probe_child"],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=bare_environment(),
            timeout=limits.wall_s,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise Unacceptable("The file takes too long to look at, so it was set aside.") from error
    return _answer(child)


def _answer(child: "subprocess.CompletedProcess[bytes]") -> dict[str, Any]:
    try:
        answer = json.loads(child.stdout)
    except ValueError:
        answer = None
    if child.returncode == 0 and isinstance(answer, dict) and "facts" in answer:
        return dict(answer["facts"])
    if isinstance(answer, dict) and "no_room" in answer:
        raise OSError(answer["no_room"], os.strerror(answer["no_room"]))
    if isinstance(answer, dict) and "refusal" in answer:
        raise Unacceptable(str(answer["refusal"]))
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unacceptable("The file takes too much work to look at, so it was set aside.")
    raise Unacceptable("The file is damaged in a way that breaks players, so it was set aside.")
