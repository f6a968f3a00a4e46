"""What the board shows of each shot and of the whole: values, errors, the timeline, the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from studio.storyboards import frames
from studio.storyboards.boards import Board
from studio.storyboards.models import CameraPreset, Project, Shot
from studio.storyboards.presets import title_of
from studio.storyboards.rules import plain_number
from studio.storyboards.timing import MAX_TOTAL_MS, Budget, in_words, to_seconds
from studio.storyboards.typed import Typed

RULER_STEP_MS = 5_000


@dataclass(frozen=True)
class Inputs:
    """What stands in a form's fields: the saved values, or what was typed and refused."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


def inputs_of(row: Project | Shot, typed: Typed | None = None) -> Inputs:
    """The inputs of a project or shot, by name."""
    values = {
        "motion": row.motion,
        "speed": _number(row.speed),
        "light_temperature": _number(row.light_temperature),
        "light_intensity": _number(row.light_intensity),
        "light_style": row.light_style,
    }
    if isinstance(row, Shot):
        length = str(to_seconds(row.transition_ms)) if row.transition_ms else ""
        values |= {
            "prompt": row.prompt,
            "duration": str(to_seconds(row.duration_ms)),
            "transition": row.transition,
            "transition_length": length,
            "notes": row.notes,
            "locked": "yes" if row.is_locked else "no",
        }
    else:
        weaves = "yes" if row.weaves_transitions else "no"
        values |= {"title": row.title, "brief": row.brief, "weaves_transitions": weaves}
    if typed is None:
        return Inputs(values)
    return Inputs(values | typed.raw, typed.errors)


def _number(value: float | None) -> str:
    return "" if value is None else str(plain_number(value))


@dataclass(frozen=True)
class Card:
    """One shot on the board."""

    shot: Shot
    project: Project
    number: int
    inputs: Inputs
    budget: Budget
    is_edited: bool = False

    @property
    def motion_title(self) -> str:
        return title_of(self.shot.motion or self.project.motion)

    @property
    def speed(self) -> float | None:
        """The camera speed the shot is filmed with; None where neither it nor the project says."""
        return self.project.speed if self.shot.speed is None else self.shot.speed

    @property
    def field_id(self) -> str:
        """The prefix of its fields' ids in the inspector: text typed for one shot never moves to
        another's field."""
        return f"inspect-{self.shot.pk}"

    @property
    def has_own_light(self) -> bool:
        return bool(self.shot.lighting)

    @property
    def duration(self) -> str:
        return in_words(self.shot.duration_ms)

    @cached_property
    def frame(self) -> str:
        """The version of its frame, for the image's address."""
        return frames.fingerprint(self.shot, self.project)[:12]

    @property
    def is_overrun(self) -> bool:
        """Whether any of the shot lies past 60 s."""
        index = self.budget.overrun_index
        return index is not None and self.number > index

    @property
    def length_note(self) -> str:
        """What is wrong with the film's length: at the shot that passes 60 s, and at the one whose
        duration was just changed."""
        if self.budget.over_ms and self.number - 1 == self.budget.overrun_index:
            return self.budget.says
        if self.budget.over_ms and self.is_edited:
            return (
                f"The timeline is now {in_words(self.budget.total_ms)}: "
                f"{in_words(self.budget.over_ms)} too long."
            )
        return self.budget.says if self.is_edited else ""


@dataclass(frozen=True)
class Timeline:
    """The strip under its ruler. All lengths in ms, along an axis of at least 60 s."""

    budget: Budget

    @property
    def axis_ms(self) -> int:
        return max(MAX_TOTAL_MS, self.budget.total_ms)

    @property
    def free_ms(self) -> int:
        return self.axis_ms - self.budget.total_ms

    @property
    def within_ms(self) -> int:
        """From the beginning to where the overrun starts."""
        return self.axis_ms - self.budget.over_ms

    @property
    def ticks(self) -> list[tuple[str, int]]:
        """The ruler's cells: what stands at each one's beginning, and its length."""
        step = RULER_STEP_MS
        while self.axis_ms / step > 30:
            step *= 2
        starts = range(0, self.axis_ms, step)
        return [(str(start // 1000), min(step, self.axis_ms - start)) for start in starts]


@dataclass(frozen=True)
class Verdict:
    """Whether the timeline can be sent, in a word and a sentence."""

    budget: Budget

    @property
    def total(self) -> str:
        return f"{in_words(self.budget.total_ms)} of {in_words(MAX_TOTAL_MS)}"

    @property
    def mood(self) -> str:
        if self.budget.over_ms:
            return "bad"
        return "warn" if self.budget.under_ms else "good"

    @property
    def word(self) -> str:
        return {"bad": "Too long", "warn": "Too short", "good": "Fits 15–60 s"}[self.mood]

    @property
    def says(self) -> str:
        if not self.budget.durations_ms:
            return "There are no shots yet."
        return self.budget.says or f"{in_words(self.budget.room_ms)} free."


def cards_of(board: Board, typed: Typed | None = None, edited: int | None = None) -> list[Card]:
    """All cards. `edited` is the pk of the shot whose duration was just changed, or, with `typed`,
    of the one whose form was refused."""
    budget = board.budget
    return [
        Card(
            shot,
            board.project,
            number,
            inputs_of(shot, typed if shot.pk == edited else None),
            budget,
            is_edited=shot.pk == edited and typed is None,
        )
        for number, shot in enumerate(board.shots, start=1)
    ]


def standing_of(motion: str, presets: Sequence[CameraPreset]) -> CameraPreset | None:
    """The preset behind a motion's name, for its mark."""
    return next((preset for preset in presets if preset.motion == motion), None)
