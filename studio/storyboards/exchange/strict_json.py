"""JSON from outside, read without surprises: one meaning or a sentence, never a guess."""

import json
import math
from collections.abc import Iterator
from typing import Any

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 40
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(ValueError):
    """The file cannot be read, or not be trusted; the message says what to do."""


class Mendable(Unreadable):
    """It cannot be read as it is, yet may be by other choices in the preview of the import."""


def read_json(raw: bytes) -> Any:
    """The data in `raw`, UTF-8 with or without a byte order mark.

    Raises `Unreadable` for other encodings, more than `MAX_BYTES`, broken syntax, a name that
    stands twice in one object, and nesting deeper than `MAX_DEPTH`. NaN and infinities are let
    through as numbers, for `bad_values` to say where they are.
    """
    if len(raw) > MAX_BYTES:
        size, most = len(raw) / 1024 / 1024, MAX_BYTES // 1024 // 1024
        raise Unreadable(f"The file has {size:.1f} MB and {most} MB is the most. Split it.")
    try:
        return _parsed(_decoded(raw))
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"This is not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}. "
            "Mend it there and try again."
        ) from None
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None


_TOO_DEEP = "The file is nested too deeply to be a storyboard. Check what exported it."


def _decoded(raw: bytes) -> str:
    if raw.startswith(_UTF16) or b"\x00" in raw[:4]:
        raise Unreadable("The file is in UTF-16 or UTF-32. Save it as UTF-8 and try again.")
    try:
        text = raw.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"The file is not UTF-8 (byte {error.start + 1} is wrong). Save it as UTF-8."
        ) from None
    if not text.strip():
        raise Unreadable("The file is empty. Choose the file with the storyboard in it.")
    return text


def _parsed(text: str) -> Any:
    try:
        data = json.loads(text, object_pairs_hook=_without_twins)
    except (json.JSONDecodeError, Unreadable):
        raise
    except ValueError:  # Python refuses to convert whole numbers of more than 4,300 digits.
        raise Unreadable("A number in the file has thousands of digits. Take it out.") from None
    if _depth_exceeds(data, MAX_DEPTH):
        raise Unreadable(_TOO_DEEP)
    return data


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable(f"“{name[:60]}” stands twice in one object. Keep one of the two.")
        found[name] = value
    return found


def _depth_exceeds(data: Any, limit: int) -> bool:
    level, deeper = [data], 0
    while level:
        deeper += 1
        if deeper > limit:
            return True
        level = [child for node in level for child in _children(node)]
    return False


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def bad_values(data: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Where `data` holds what no JSON body or database may, and a sentence on each."""
    if isinstance(data, dict):
        for name, value in data.items():
            inner = f"{where}.{name}" if where else name
            yield from bad_values(name, inner)
            yield from bad_values(value, inner)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from bad_values(value, f"{where}[{index}]")
    elif isinstance(data, float) and not math.isfinite(data):
        yield where, "NaN and Infinity are no JSON numbers. Write a number."
    elif isinstance(data, str) and ("\x00" in data or any("\ud800" <= c <= "\udfff" for c in data)):
        yield where, "The text holds a broken character. Type it again."
