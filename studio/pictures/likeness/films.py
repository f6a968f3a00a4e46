"""What is compared, and what a comparison finds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.pictures.distrust.limits import Limits

COMPARING_LIMITS = Limits(cpu_s=120)
"""Of comparing two GIFs that were looked at before: both are decoded from end to end."""


@dataclass(frozen=True)
class Film:
    """A GIF and its shots as they were planned: when each begins, and how long it lasts, in
    milliseconds. `mark`: the lines of the watermark burned into it, which are looked past."""

    path: Path
    shots_ms: tuple[tuple[int, int], ...]
    mark: tuple[str, ...] = ()


def as_order(film: Film) -> dict[str, Any]:
    """A film as it is told to the child that looks at it, in JSON."""
    path = str(film.path.resolve())
    return {"path": path, "shots_ms": film.shots_ms, "mark": film.mark}


def film_from(order: dict[str, Any]) -> Film:
    """What `as_order` told."""
    shots_ms = tuple((begins, lasts) for begins, lasts in order["shots_ms"])
    return Film(Path(order["path"]), shots_ms, tuple(order["mark"]))


@dataclass(frozen=True)
class ShotDifference:
    """Of two shots, each part 0.0 where they are the same, 1.0 where they have nothing in common.

    `structure`: what lies where; `colour`: which colours, and how bright.
    """

    structure: float
    colour: float

    @property
    def total(self) -> float:
        """Both as one figure: either part alone makes a difference."""
        return 1 - (1 - self.structure) * (1 - self.colour)
