"""Edits that put new shots between those there are: copies, empty ones, pasted ones."""

import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count

from studio.accounts.models import User
from studio.storyboards.boards import Board, shots_of
from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import EditRefused, require_current, shots_among
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.edits.shots import NEW_SHOT_MS, next_scene_number
from studio.storyboards.models import Project, Shot


@dataclass(frozen=True)
class Added:
    """The board after an edit that added `shots` (at least one, in order, side by side)."""

    board: Board
    shots: list[Shot]

    @property
    def first_number(self) -> int:
        """The number, from 1, of the first of them."""
        return self.shots[0].position + 1


def duplicate(project: Project, base: int, author: User, pks: Collection[int]) -> Added:
    """Copies of these shots behind the last of them, with ids of their own and unlocked.

    Raises `StaleEdit`, `EditRefused` and `BoardFull`.
    """
    shots, chosen = shots_among(project, base, pks)
    numbers = [shots.index(shot) + 1 for shot in chosen]
    summary = summaries.of_several("Duplicated", numbers)
    copies = [copy_of(shot) for shot in chosen]
    return _put_in(project, author, summary, shots, numbers[-1], copies)


def insert(
    project: Project, base: int, author: User, pks: Collection[int], *, before: bool = False
) -> Added:
    """A new, empty shot behind the last of these shots, or before the first.

    Raises `StaleEdit`, `EditRefused` and `BoardFull`.
    """
    shots, chosen = shots_among(project, base, pks)
    place = shots.index(chosen[0]) if before else shots.index(chosen[-1]) + 1
    new = Shot(duration_ms=NEW_SHOT_MS)
    return _put_in(project, author, f"Inserted shot {place + 1}", shots, place, [new])


def paste(
    project: Project, base: int, author: User, behind: int | None, pasted: Sequence[Shot]
) -> Added:
    """New shots, already checked, behind the one with this pk or at the end.

    They keep their scene ids where those are free. Raises `StaleEdit`, `BoardFull`, and
    `EditRefused` when there is nothing to paste.
    """
    require_current(project, base)
    if not pasted:
        raise EditRefused("There is no shot in what you pasted.")
    shots = shots_of(project)
    place = next((n for n, shot in enumerate(shots, 1) if shot.pk == behind), len(shots))
    what = f"{len(pasted)} shots" if len(pasted) > 1 else "a shot"
    where = f" behind shot {place}" if place else ""
    return _put_in(project, author, f"Pasted {what}{where}", shots, place, list(pasted))


def copy_of(shot: Shot) -> Shot:
    """An unsaved shot with everything of `shot` but its key, its scene id and its lock."""
    twin = copy.copy(shot)
    twin.pk, twin.scene_id, twin.is_locked, twin._state.adding = None, "", False, True
    return twin


def _put_in(
    project: Project, author: User, summary: str, shots: list[Shot], place: int, new: list[Shot]
) -> Added:
    _name_apart(shots, new)
    kept = [copy.copy(shot) for shot in shots]
    after = [*kept[:place], *new, *kept[place:]]
    board = rewrite(project, project.revision, author, summary, shots, after)
    return Added(board, new)


def _name_apart(shots: Sequence[Shot], new: Sequence[Shot]) -> None:
    """Give each new shot a scene id of its own where it has none, or one that is taken."""
    taken = {shot.scene_id for shot in shots}
    free = map("scene-{}".format, count(next_scene_number([*shots, *new])))
    for shot in new:
        if not shot.scene_id or shot.scene_id in taken:
            shot.scene_id = next(free)
        taken.add(shot.scene_id)
