"""Byte ranges of the finished files, as players and interrupted downloads ask for them."""

import re
from pathlib import Path

from studio.transend.simulator.connection import FilePart, Reply

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def file_reply(path: Path, media_type: str, asked_range: str, only_if: str = "") -> Reply:
    """Return the answer for a file: whole, the stretch of a single Range, or 416. `only_if` is the
    request's If-Range: of another file than that, all is sent."""
    stat = path.stat()
    size, tag = stat.st_size, f'"{stat.st_size:x}-{stat.st_mtime_ns:x}"'
    headers = [("Accept-Ranges", "bytes"), ("ETag", tag)]
    asked = _RANGE.fullmatch(asked_range.strip())
    if only_if.strip() not in ("", tag):
        asked = None
    if asked is None or asked.groups() == ("", ""):
        # Several ranges, or none: the whole file is always a right answer.
        return Reply(200, FilePart(path, 0, size), media_type, headers)
    first, last = _bounds(asked[1], asked[2], size)
    if first > last or first >= size:
        return Reply(416, b"", media_type, [*headers, ("Content-Range", f"bytes */{size}")])
    headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    return Reply(206, FilePart(path, first, last - first + 1), media_type, headers)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1
