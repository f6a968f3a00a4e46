"""The child of `probe`: an order by stdin, an answer by stdout, both JSON.

It binds itself before it touches the file. What it imports to look (Pillow, PyAV) it imports
only for the task at hand.
"""

import contextlib
import errno
import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.pictures.distrust.limits import Limits
from studio.pictures.errors import Unacceptable

_DRAWN_BYTES = 64 * 1024 * 1024
# A mark makes a GIF larger, though never by that much.
_MARKED_BYTES = 1024 * 1024 * 1024


def main() -> None:
    """Answer one order: `{"facts": …}`, `{"refusal": "a sentence"}` or `{"no_room": errno}`."""
    order = json.loads(sys.stdin.buffer.read())
    limits = Limits(**order["limits"])
    _bind(limits, _MARKED_BYTES if order["task"] == "watermark" else _DRAWN_BYTES)
    try:
        answer: dict[str, Any] = {"facts": _look(order, limits)}
    except Unacceptable as refusal:
        answer = {"refusal": str(refusal)}
    except MemoryError:
        answer = {"refusal": "The file needs more memory than we give to any file."}
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        answer = {"no_room": problem.errno}
    sys.stdout.write(json.dumps(answer))


def _bind(limits: Limits, written_bytes: int) -> None:
    bounds = [
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, written_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ]
    for kind, bound in bounds:
        # macOS takes no address-space limit; the checks before decoding and the clocks remain.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, bound))


def _look(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    path = Path(order["path"])
    _check_size(path, limits)
    if order["task"] == "gif":
        from studio.pictures.distrust.gif_check import check_gif

        return asdict(check_gif(path, limits))
    if order["task"] == "mp4":
        from studio.pictures.distrust.mp4_check import check_mp4

        return asdict(check_mp4(path, limits))
    if order["task"] == "film":
        from studio.pictures.distrust.measuring import film_facts

        return asdict(film_facts(path, limits))
    if order["task"] == "still":
        from studio.pictures.distrust.still import draw_still

        return asdict(draw_still(path, Path(order["out"]), limits))
    if order["task"] == "sound":
        from studio.pictures.distrust.sound import write_sound

        return asdict(write_sound(path, Path(order["out"]), limits))
    if order["task"] == "watermark":
        from studio.pictures.watermark import Mark, watermark_gif

        watermark_gif(path, Path(order["out"]), Mark(tuple(order["lines"])))
        return {}
    if order["task"] == "filmstrip":
        from studio.pictures.distrust.filmstrip import draw_filmstrip

        shape = order["count"], order["tile_width"]
        return asdict(draw_filmstrip(path, Path(order["out"]), *shape, limits))
    if order["task"] == "differences":
        return _compare(order, limits)
    from studio.pictures.distrust.poster import draw_poster

    draw_poster(path, Path(order["out"]), order["size"], limits)
    return {}


def _compare(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    from studio.pictures.likeness.films import film_from
    from studio.pictures.likeness.measuring import differences

    former, later = film_from(order["former"]), film_from(order["later"])
    _check_size(later.path, limits)
    found = differences(former, later, [(one, other) for one, other in order["pairs"]], limits)
    return {"differences": [asdict(one) for one in found]}


def _check_size(path: Path, limits: Limits) -> None:
    if not path.is_file():
        raise Unacceptable("There is no file to look at.")
    size_bytes = path.stat().st_size
    if size_bytes == 0:
        raise Unacceptable("The file is empty.")
    if size_bytes > limits.max_bytes:
        most = limits.max_bytes / 1_000_000
        raise Unacceptable(f"The file is larger than the {most:,.0f} MB that we accept.")


if __name__ == "__main__":
    main()
