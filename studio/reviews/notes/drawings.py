"""Drawings upon a picture: strokes in coordinates from 0 to 1, counted from its upper left corner.

A stroke is `{"kind": "arrow" | "box" | "pen", "colour": …, "points": [[x, y], …]}`. An arrow goes
from its first point to its second, a box has two opposite corners.
"""

import json
from collections import Counter
from typing import Any, NoReturn, TypedDict

KINDS = ("arrow", "box", "pen")
COLOURS = ("red", "orange", "green", "blue", "white")
MOST_STROKES = 64
MOST_POINTS = 2_000
# 2,000 points of full precision and all that is around them take less.
_MOST_CHARACTERS = 120_000
_PLACES = 4
_PLURALS = {"arrow": "arrows", "box": "boxes", "pen": "pen strokes"}
_SINGULARS = {"arrow": "arrow", "box": "box", "pen": "pen stroke"}
_UNREADABLE = "The drawing could not be read. Clear it and draw again."


class Stroke(TypedDict):
    """One line of a drawing."""

    kind: str
    colour: str
    points: list[list[float]]


class BadDrawing(ValueError):
    """Why a drawing is refused, as a sentence for the person."""


def read_drawing(text: str) -> list[Stroke]:
    """The strokes that a form sent as JSON; none for an empty text. Raises `BadDrawing`."""
    if not text.strip():
        return []
    if len(text) > _MOST_CHARACTERS:
        raise BadDrawing("The drawing is too large. Take back some strokes.")
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as unreadable:
        raise BadDrawing(_UNREADABLE) from unreadable
    if not isinstance(found, list):
        raise BadDrawing(_UNREADABLE)
    if len(found) > MOST_STROKES:
        raise BadDrawing(f"A drawing has at most {MOST_STROKES} strokes. Take back some.")
    strokes = [_stroke(each) for each in found]
    if sum(len(stroke["points"]) for stroke in strokes) > MOST_POINTS:
        raise BadDrawing("The drawing is too detailed. Take back some strokes.")
    return strokes


def in_words(strokes: list[Stroke]) -> str:
    """`2 arrows, 1 box`: for those who do not see it. Empty for an empty drawing."""
    counts = Counter(stroke["kind"] for stroke in strokes)
    parts = [
        f"{counts[kind]} {_SINGULARS[kind] if counts[kind] == 1 else _PLURALS[kind]}"
        for kind in KINDS
        if counts[kind]
    ]
    return ", ".join(parts)


def _stroke(found: Any) -> Stroke:
    if not isinstance(found, dict):
        raise BadDrawing(_UNREADABLE)
    kind, colour, points = (found.get(name) for name in ("kind", "colour", "points"))
    # Compared one by one: what JSON brings may be a list, which no set looks for.
    if not any(kind == known for known in KINDS) or not any(colour == known for known in COLOURS):
        raise BadDrawing(_UNREADABLE)
    if not isinstance(points, list) or len(points) < 1 or (kind != "pen" and len(points) != 2):
        raise BadDrawing(_UNREADABLE)
    return Stroke(kind=str(kind), colour=str(colour), points=[_point(each) for each in points])


def _point(found: Any) -> list[float]:
    if not isinstance(found, list) or len(found) != 2:
        raise BadDrawing(_UNREADABLE)
    return [_coordinate(each) for each in found]


def _coordinate(found: Any) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise BadDrawing(_UNREADABLE)
    if not 0 <= found <= 1:
        raise BadDrawing("The drawing leaves the picture. Clear it and draw again.")
    return round(float(found), _PLACES)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON.")
