"""The film of a GIF, made in a child process that can neither outgrow nor outlive us."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from studio.pictures.distrust.limits import Limits
from studio.pictures.environment import bare_environment
from studio.pictures.errors import DrawingFailed, Unacceptable

OnProgress = Callable[[float], None]

LIMITS = Limits(cpu_s=240)


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """Of the three files, each as a dict that JSON can hold; sizes in pixels, times in ms.

    `film`: width, height, duration_ms, and `runs`, the frames as [length, count] pairs. `poster`:
    width, height. `strip`: width, height, and `tiles`, each with left, width, ms and shot.
    """

    film: dict[str, Any]
    poster: dict[str, Any]
    strip: dict[str, Any]


def film_of_gif(
    gif: Path,
    folder: Path,
    cuts_ms: Sequence[int],
    lines: Sequence[str] = (),
    *,
    limits: Limits = LIMITS,
    on_progress: OnProgress | None = None,
) -> FilmFacts:
    """Write `film.mp4`, `poster.jpg` and `strip.jpg` of a GIF into `folder`.

    The film is H.264 with its index in front and the GIF's own frames and timing; where a shot
    begins (`cuts_ms`) and each second there is a key frame. `lines` are burned into a corner.
    `on_progress` gets 0.0 to 1.0; what it raises stops the work. Raises Unacceptable for a GIF
    that is none, OSError for a full disk, DrawingFailed when the child died.
    """
    order = {
        "gif": str(gif.resolve()),
        "folder": str(folder.resolve()),
        "cuts_ms": list(cuts_ms),
        "lines": list(lines),
        "limits": asdict(limits),
    }
    with _child() as child:
        _give(child, order)
        for said in _heard(child, time.monotonic() + limits.wall_s):
            if "done" in said:
                if on_progress is not None:
                    on_progress(said["done"])
            else:
                return _answered(said)
    raise DrawingFailed(
        "The process that makes the film ended before its work was done, perhaps for want of "
        "memory. Try again."
    )


@contextmanager
def _child() -> "Iterator[subprocess.Popen[bytes]]":
    # The interpreter and the arguments are ours; the order goes by stdin.
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "studio.pictures.playable.film_child", str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=bare_environment(),
        start_new_session=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        cast(IO[bytes], child.stdout).close()


def _give(child: "subprocess.Popen[bytes]", order: dict[str, Any]) -> None:
    orders = cast(IO[bytes], child.stdin)
    try:
        with orders:
            orders.write(json.dumps(order).encode())
    except BrokenPipeError:
        return  # it is gone already: nothing is heard of it, either


def _heard(child: "subprocess.Popen[bytes]", deadline: float) -> Iterator[dict[str, Any]]:
    """What the child says, line by line, until it ends. Raises Unacceptable at the deadline."""
    answers, begun = cast(IO[bytes], child.stdout), b""
    with selectors.DefaultSelector() as selector:
        selector.register(answers, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise Unacceptable("The preview takes too long to be made a film.")
            read = os.read(answers.fileno(), 1 << 16)
            if not read:
                return
            *lines, begun = (begun + read).split(b"\n")
            yield from map(json.loads, lines)


def _answered(said: dict[str, Any]) -> FilmFacts:
    if "no_room" in said:
        raise OSError(said["no_room"], os.strerror(said["no_room"]))
    if "refusal" in said:
        raise Unacceptable(said["refusal"])
    return FilmFacts(**said["facts"])
