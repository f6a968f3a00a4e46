"""JSON in lines that can be looked at: each with the place in the body that it shows.

Only space between tokens is added: what is left without it are the bytes that are sent.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_INDENT = "  "


@dataclass(frozen=True)
class Token:
    """A piece of a line. `kind` is `key`, `text`, `number`, `word` or `mark`."""

    kind: str
    text: str


@dataclass(frozen=True)
class JsonLine:
    number: int
    path: str
    tokens: tuple[Token, ...]


def lines_of(body: dict[str, Any]) -> list[JsonLine]:
    """The body, a line for each value and bracket."""
    return [
        JsonLine(number, path, tuple(tokens))
        for number, (path, tokens) in enumerate(_lines(body, "", 0, []), start=1)
    ]


def _lines(
    value: Any, path: str, depth: int, before: list[Token]
) -> Iterator[tuple[str, list[Token]]]:
    """`before` is what stands on the value's first line: its key."""
    space = [Token("mark", _INDENT * depth)] if depth else []
    if not isinstance(value, dict | list) or not value:
        yield path, [*space, *before, _token(value)]
        return
    is_object = isinstance(value, dict)
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    yield path, [*space, *before, Token("mark", "{" if is_object else "[")]
    for index, (name, child) in enumerate(inner):
        key = [Token("key", _written(name)), Token("mark", ": ")] if is_object else []
        at = (f"{path}.{name}" if path else str(name)) if is_object else f"{path}[{name}]"
        lines = list(_lines(child, at, depth + 1, key))
        if index + 1 < len(value):
            lines[-1][1].append(Token("mark", ","))
        yield from lines
    yield path, [*space, Token("mark", "}" if is_object else "]")]


def _token(value: Any) -> Token:
    if isinstance(value, str):
        return Token("text", _written(value))
    if isinstance(value, bool) or value is None:
        return Token("word", _written(value))
    if isinstance(value, dict | list):
        return Token("mark", _written(value))
    return Token("number", _written(value))


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
