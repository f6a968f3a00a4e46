"""What the board shows of each shot and of the whole: values, errors, the timeline, the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from studio.pictures.plan import transition_room_ms
from studio.storyboards import frames
from studio.storyboards.boards import Board
from studio.storyboards.dry_runs import DryRun
from studio.storyboards.edits.projects import REFERENCES, reference_text
from studio.storyboards.models import CameraPreset, Project, Shot, Transition
from studio.storyboards.presets import title_of
from studio.storyboards.rules import plain_number
from studio.storyboards.timing import MAX_TOTAL_MS, Budget, in_words, to_seconds
from studio.storyboards.typed import Typed

RULER_STEP_MS = 5_000
# A segment shows the beginning of its prompt.
SEGMENT_CHARS = 48


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
            "subject_x": _number(row.subject_x),
            "subject_y": _number(row.subject_y),
        }
    else:
        weaves = "yes" if row.weaves_transitions else "no"
        values |= {"title": row.title, "brief": row.brief, "weaves_transitions": weaves}
        values |= {name: reference_text(row, name) for name in REFERENCES}
    if typed is None:
        return Inputs(values)
    return Inputs(values | typed.raw, typed.errors)


def _number(value: float | None) -> str:
    return "" if value is None else str(plain_number(value))


@dataclass(frozen=True)
class Card:
    """One shot on the board. `typed` is what its form was refused with; `is_edited` says that its
    duration was just changed."""

    shot: Shot
    project: Project
    number: int
    budget: Budget
    typed: Typed | None = None
    is_edited: bool = False

    @cached_property
    def inputs(self) -> Inputs:
        return inputs_of(self.shot, self.typed)

    @property
    def errors(self) -> dict[str, str]:
        return self.typed.errors if self.typed else {}

    @property
    def prompt(self) -> str:
        return self.typed.raw.get("prompt", self.shot.prompt) if self.typed else self.shot.prompt

    @property
    def seconds(self) -> str:
        """What stands in the field of its duration."""
        saved = str(to_seconds(self.shot.duration_ms))
        return self.typed.raw.get("duration", saved) if self.typed else saved

    @property
    def move(self) -> str:
        """Its camera move, own or the project's."""
        return title_of(self.shot.motion or self.project.motion)

    @property
    def camera(self) -> str:
        """Its camera move, with the speed where it or the project has one."""
        speed = self.project.speed if self.shot.speed is None else self.shot.speed
        return self.move if speed is None else f"{self.move} {_number(speed)}"

    @property
    def inherited(self) -> dict[str, str]:
        """What its empty fields come to, by input name."""
        return inputs_of(self.project).values

    @property
    def span(self) -> str:
        """From when to when it lasts, in seconds: `12–17.5`."""
        start = sum(self.budget.durations_ms[: self.number - 1])
        return f"{to_seconds(start)}–{to_seconds(start + self.shot.duration_ms)}"

    @property
    def transition(self) -> str:
        """How it goes over into the next: `Crossfade 0.5 s`; empty for a cut."""
        if self.shot.transition == Transition.CUT:
            return ""
        kind = Transition(self.shot.transition).label
        return f"{kind} {in_words(self.shot.transition_ms)}"

    @property
    def transition_note(self) -> str:
        """What is drawn of a transition that is longer than the shots leave it; else empty."""
        after = self.budget.durations_ms[self.number : self.number + 1]
        room_ms = transition_room_ms(self.shot.duration_ms, after[0] if after else None)
        if self.shot.transition == Transition.CUT or self.shot.transition_ms <= room_ms:
            return ""
        reach = "the middle of each shot" if after else "the middle of the last shot"
        return f"Drawn as at most {in_words(room_ms)} here: it may reach to {reach}."

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

    @property
    def first_words(self) -> str:
        return self.shot.prompt[:SEGMENT_CHARS]

    @property
    def in_short(self) -> str:
        """For a segment too narrow to be read."""
        said = [self.shot.scene_id, self.duration, self.transition, self.transition_note]
        return " · ".join(filter(None, said))

    @cached_property
    def frame(self) -> str:
        """The version of its frame, for the image's address."""
        return frames.fingerprint(self.shot, self.project)[:12]

    @property
    def scene(self) -> str:
        """The version of its frame without words and marks."""
        return frames.fingerprint(self.shot, self.project, shows=frames.SCENE)[:12]

    @property
    def large_frame(self) -> str:
        """The version of its reference picture, large."""
        return frames.fingerprint(self.shot, self.project, frames.LARGE)[:12]

    @cached_property
    def dry_run(self) -> DryRun:
        """Its camera move as it is saved."""
        return DryRun(self.shot, self.project)

    @property
    def crosses(self) -> bool:
        """Whether the 60 s are passed in this shot."""
        return self.number - 1 == self.budget.overrun_index

    @property
    def length_note(self) -> str:
        """What is wrong with the film's length: at the shot that passes 60 s, and at the one whose
        duration was just changed."""
        if self.crosses:
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
        axis, step = self.axis_ms, RULER_STEP_MS
        while axis / step > 30:
            step *= 2
        starts = range(step, axis, step)
        later = [(str(start // 1000), min(step, axis - start)) for start in starts]
        return [("0 s", step), *later]


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


def cards_of(board: Board, typed: Typed | None = None, refused: int | None = None) -> list[Card]:
    """All cards; `typed` is what the form of the shot with pk `refused` was refused with."""
    budget = board.budget
    frames.know_references(board.shots)
    return [
        Card(shot, board.project, number, budget, typed if shot.pk == refused else None)
        for number, shot in enumerate(board.shots, start=1)
    ]


def card_of(
    board: Board, pk: int | None, typed: Typed | None = None, *, is_edited: bool = False
) -> Card | None:
    """One card alone; None when the board has no such shot."""
    for number, shot in enumerate(board.shots, start=1):
        if shot.pk == pk:
            return Card(shot, board.project, number, board.budget, typed, is_edited)
    return None


def crossing_card(board: Board) -> Card | None:
    """The card in which the 60 s are passed, if they are."""
    index = board.budget.overrun_index
    return None if index is None else card_of(board, board.shots[index].pk)


def standing_of(motion: str, presets: Sequence[CameraPreset]) -> CameraPreset | None:
    """The preset behind a motion's name, for its mark."""
    return next((preset for preset in presets if preset.motion == motion), None)
