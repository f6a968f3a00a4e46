"""Revisions for people: what each changed, in words and texts, and the board as it was."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from studio.storyboards import changes
from studio.storyboards.boards import Board
from studio.storyboards.differences import Piece, pieces_of
from studio.storyboards.edits import summaries
from studio.storyboards.models import Project, Revision
from studio.storyboards.snapshots import PROJECT_FIELDS, SHOT_FIELDS, Snapshot, thawed
from studio.storyboards.timing import in_words

_TEXTS = frozenset({"title", "brief", "prompt", "notes"})


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    revision: Revision

    @property
    def shots(self) -> int:
        return len(self.revision.snapshot["shots"])

    @property
    def total(self) -> str:
        return in_words(sum(shot["duration_ms"] for shot in self.revision.snapshot["shots"]))


@dataclass(frozen=True)
class Field:
    """One field that a revision changed, as it was and as it became."""

    name: str
    old: Any
    new: Any

    @property
    def title(self) -> str:
        return summaries.field_name(self.name).capitalize()

    @property
    def is_text(self) -> bool:
        return self.name in _TEXTS

    @cached_property
    def pieces(self) -> list[Piece]:
        """Both texts in one, word by word."""
        return pieces_of(self.old, self.new)

    @property
    def was(self) -> str:
        return summaries.shown(self.name, self.old)

    @property
    def became(self) -> str:
        return summaries.shown(self.name, self.new)


@dataclass(frozen=True)
class Part:
    """What became of the project or of one shot; `says` where all of it came, went or moved."""

    title: str
    fields: tuple[Field, ...] = ()
    says: str = ""


def revision_and_former(project: Project, number: int) -> tuple[Revision | None, Revision | None]:
    """The revision with this number, and the one before it, in one query."""
    # Each on its own: the database is never asked for a number that it cannot hold.
    either = Q(number=number) | Q(number=number - 1)
    found = project.revisions.select_related("author").filter(either)
    by_number = {revision.number: revision for revision in found}
    return by_number.get(number), by_number.get(number - 1)


def board_at(project: Project, revision: Revision) -> Board:
    """The board as it was; nothing of it is saved."""
    former, shots = thawed(project, revision.snapshot)
    return Board(former, shots, revision)


def changed_by(revision: Revision, former: Revision | None) -> list[Part]:
    """What the revision made of the one before it; nothing for the first."""
    return list(_parts(former.snapshot, revision.snapshot)) if former else []


def _parts(before: Snapshot, after: Snapshot) -> Iterator[Part]:
    found = changes.between(before, after)
    old = {shot["pk"]: shot for shot in before["shots"]}
    if found.project:
        yield Part("Project", _fields(PROJECT_FIELDS, found.project, before, after))
    if found.is_reordered:
        yield Part("Order", says=_order(before, after))
    for number, shot in enumerate(after["shots"], start=1):
        pk = shot["pk"]
        if pk in found.added:
            yield Part(f"Shot {number}", says=f"Added. {_described(shot)}")
        elif pk in found.shots:
            fields = _fields(SHOT_FIELDS, found.shots[pk], old[pk], shot)
            yield Part(f"Shot {number}", fields)
    for number, shot in enumerate(before["shots"], start=1):
        if shot["pk"] in found.removed:
            yield Part(f"Shot {number}, as it was", says=f"Deleted. {_described(shot)}")


def _fields(
    names: tuple[str, ...], changed: frozenset[str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Field, ...]:
    return tuple(Field(name, old[name], new[name]) for name in names if name in changed)


def _order(before: Snapshot, after: Snapshot) -> str:
    """Such as `1, 3, 2, 4`: the old numbers, in the new order."""
    numbers = {shot["pk"]: str(number) for number, shot in enumerate(before["shots"], start=1)}
    order = [numbers[shot["pk"]] for shot in after["shots"] if shot["pk"] in numbers]
    return f"Now in this order, by the numbers they had: {', '.join(order)}."


def _described(shot: Mapping[str, Any]) -> str:
    prompt = f"“{shot['prompt']}”" if shot["prompt"] else "without a prompt"
    return f"{in_words(shot['duration_ms'])}, {prompt}"
