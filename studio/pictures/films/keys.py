"""What a drawing depends on, as a hash: the same key, the same bytes.

A segment with captions shows the film's running time, so where it begins in the film is part of
its key: when a shot's length changes, what comes after it is drawn again. To write the time
afterwards would mean to decode and encode each frame anew, which is most of the work. Without
captions a segment does not know its place, and serves wherever it goes.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from studio.pictures.films.cutting import Segment, Take
from studio.pictures.films.order import GIF, Order, Style
from studio.pictures.plan import ShotPlan

_PICTURES = Path(__file__).parents[1]
_NOT_DRAWING = ("distrust", "likeness", "playable", "printing")
_LIBRARIES = ("pillow", "numpy", "av")


def keys_of(order: Order) -> list[str]:
    """The key of each segment. Raises ValueError when a shot's still cannot be read."""
    return [_key(segment, order.style) for segment in order.segments]


def film_key(order: Order, soundtrack: Path | None) -> str:
    """The key of the whole film. Raises ValueError as `keys_of`, and for the soundtrack."""
    heard = None if soundtrack is None else _content(soundtrack, "The soundtrack is missing.")
    return _hash([keys_of(order), heard])


def _key(segment: Segment, style: Style) -> str:
    takes = [_seen(take, segment, style) for take in segment.takes]
    times = segment.ends_cs() if style.media_type == GIF else segment.count
    course = segment.kind, segment.steps, times
    return _hash([_drawing_version(), asdict(style), takes, course])


def _seen(take: Take, segment: Segment, style: Style) -> dict[str, Any]:
    """All of a take that shows in the segment, and nothing else."""
    shot = take.shot
    seen: dict[str, Any] = asdict(shot) | {"still": _still(shot)}
    del seen["transition"]
    if style.captions:
        seen["begun_ms"] = take.begun_ms
    else:
        del seen["number"]
        if shot.still is not None:
            del seen["prompt"]
    places = take.first - segment.begin, take.last - segment.begin, take.lead, take.tail
    return seen | {"places": places}


def _still(shot: ShotPlan) -> str | None:
    missing = f"The picture of shot {shot.number} is missing. Choose it again, or take it off."
    return None if shot.still is None else _content(shot.still, missing)


def _content(path: Path, missing: str) -> str:
    try:
        facts = path.stat()
        return _content_as_of(path, facts.st_mtime_ns, facts.st_size)
    except OSError as error:
        raise ValueError(missing) from error


@lru_cache(maxsize=1024)
def _content_as_of(path: Path, mtime_ns: int, size_bytes: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=1)
def _drawing_version() -> str:
    """The hash of the code that draws, so that no changed line leaves an old picture in use."""
    sources = sorted(
        path
        for path in _PICTURES.rglob("*.py")
        if path.relative_to(_PICTURES).parts[0] not in _NOT_DRAWING
    )
    return _hash([*(path.read_text() for path in sources), *map(version, _LIBRARIES)])


def _hash(parts: Iterable[Any]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()
