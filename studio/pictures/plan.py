"""What there is to draw: a film of shots, each with its camera and its light."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Camera:
    """`motion` is one of `motion.MOTIONS`; `speed` multiplies it, 0.1 to 1.0 (vendor document,
    section Optional fields)."""

    motion: str
    speed: float = 0.5


@dataclass(frozen=True)
class Light:
    """Colour temperature in kelvin, intensity around 1.0, and a named style such as
    `rainy-night`. What is None is left to the prompt's own words."""

    temperature_k: int | None = None
    intensity: float | None = None
    style: str | None = None


@dataclass(frozen=True)
class Transition:
    """How a shot goes over into the next, or ends the film. `kind` is one of `TRANSITIONS`.

    It lies half before and half after the cut and so leaves the film's length alone; after the last
    shot there is nothing to go over into, and it lies before the end.
    """

    kind: str = "cut"
    length_ms: int = 0


def transition_room_ms(duration_ms: int, next_ms: int | None) -> int:
    """How long a transition can be drawn at most, from a shot of `duration_ms` into one of
    `next_ms`, or to the film's end: it reaches to the middle of each shot."""
    return duration_ms // 2 if next_ms is None else min(duration_ms, next_ms)


TRANSITIONS = ("cut", "crossfade", "dip-to-black", "dip-to-white", "wipe")
CENTRE = (0.5, 0.5)


@dataclass(frozen=True)
class ShotPlan:
    """One shot. `id` seeds everything that looks random, so a shot always looks the same;
    `still` is its sketch, and without one the shot is drawn from the prompt's words. `subject` is
    where what the shot is about stands in the picture, as fractions from the left and the top."""

    id: str
    number: int
    prompt: str
    duration_ms: int
    camera: Camera
    light: Light = field(default_factory=Light)
    still: Path | None = None
    subject: tuple[float, float] = CENTRE
    transition: Transition = Transition()


@dataclass(frozen=True)
class FilmPlan:
    """A whole film, its shots in order."""

    title: str
    shots: tuple[ShotPlan, ...]

    @property
    def duration_ms(self) -> int:
        return sum(shot.duration_ms for shot in self.shots)
