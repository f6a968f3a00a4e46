"""A board as a file holds it, whatever the format: checked, and not yet kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.storyboards.contract import Problem
from studio.storyboards.models import Shot, Transition

DEFAULT_MOTION = "orbit"


@dataclass(frozen=True)
class Light:
    """Lighting as the document names it; None and "" are not said."""

    temperature: float | None = None
    intensity: float | None = None
    style: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """Under the names of our own models."""
        return {
            "light_temperature": self.temperature,
            "light_intensity": self.intensity,
            "light_style": self.style,
        }


@dataclass(frozen=True)
class ImportedShot:
    """One shot, its fields checked by `rules`; empty camera and light inherit the board's."""

    scene_id: str
    prompt: str
    duration_ms: int
    motion: str = ""
    speed: float | None = None
    lighting: Light = field(default_factory=Light)
    transition: str = Transition.CUT
    transition_ms: int = 0
    notes: str = ""
    is_locked: bool = False
    subject_x: int | None = None
    subject_y: int | None = None

    def shot(self) -> Shot:
        """A shot to be saved; it has no project and no place yet."""
        return Shot(
            scene_id=self.scene_id,
            prompt=self.prompt,
            duration_ms=self.duration_ms,
            motion=self.motion,
            speed=self.speed,
            transition=self.transition,
            transition_ms=self.transition_ms,
            notes=self.notes,
            is_locked=self.is_locked,
            subject_x=self.subject_x,
            subject_y=self.subject_y,
            **self.lighting.columns,
        )


@dataclass(frozen=True)
class ImportedBoard:
    """A board ready to be kept. `remarks` say what was ignored or decided; `own_title` is the
    title that the file itself gives, empty where it gives none."""

    brief: str
    motion: str
    speed: float | None
    lighting: Light
    webhook_metadata: dict[str, Any]
    shots: tuple[ImportedShot, ...]
    remarks: tuple[str, ...] = ()
    own_title: str = ""
    weaves_transitions: bool = True

    @property
    def title(self) -> str:
        """The file's own title, or one from the first words of the brief or the first prompt."""
        if self.own_title:
            return self.own_title
        words = " ".join((self.brief or next((s.prompt for s in self.shots), "")).split())
        return words if len(words) <= 60 else f"{words[:59].rsplit(' ', 1)[0]}…"


def bare_board(
    shots: Sequence[ImportedShot], remarks: Sequence[str] = (), title: str = ""
) -> ImportedBoard:
    """A board of shots alone, for formats that know no brief and no camera of the whole."""
    return ImportedBoard(
        "", DEFAULT_MOTION, None, Light(), {}, tuple(shots), tuple(remarks), own_title=title
    )


class Malformed(ValueError):
    """The file cannot be imported: one problem or more, each with its place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(f"{p.where}: {p.says}" if p.where else p.says for p in problems))
        self.problems = problems
