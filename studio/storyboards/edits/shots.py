"""Edits of single shots."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from studio.accounts.models import User
from studio.storyboards import rules
from studio.storyboards.boards import Board, latest_revision, shots_of
from studio.storyboards.edits import locks, summaries
from studio.storyboards.edits.revising import BoardFull, require_current, revise, shots_with
from studio.storyboards.models import Project, Shot, Transition
from studio.storyboards.timing import DEFAULT_TRANSITION_MS

NEW_SHOT_MS = 5_000
_SCENE = re.compile(r"scene-(\d{1,9})")


def add_shot(project: Project, base: int, author: User) -> Board:
    """A new, empty shot at the end. Raises `StaleEdit` and `BoardFull`."""
    require_current(project, base)
    shots = shots_of(project)
    if len(shots) >= rules.MAX_SHOTS:
        raise BoardFull(f"A board holds {rules.MAX_SHOTS} shots at most. Delete one first.")
    shot = Shot(
        project=project,
        scene_id=next_scene_id(shots),
        position=shots[-1].position + 1 if shots else 0,
        duration_ms=NEW_SHOT_MS,
    )

    def change() -> list[Shot]:
        shot.save(force_insert=True)
        return [*shots, shot]

    return revise(project, base, author, f"Added shot {len(shots) + 1}", change)


def edit_shot(
    project: Project, base: int, author: User, pk: int, fields: Mapping[str, Any]
) -> Board:
    """Change a shot's fields, already checked. Raises `StaleEdit`, `NoSuchShot` and `Locked`."""
    shots, shot = shots_with(project, base, pk)
    changed = changes_of(shot, fields)
    if not changed:
        return Board(project, shots, latest_revision(project))
    if changed.get("is_locked", True):
        locks.require_unlocked(shots, {pk}, changed)
    summary = summaries.of_shot(shots.index(shot) + 1, shot, changed)

    def change() -> list[Shot]:
        Shot.objects.filter(pk=pk, project=project).update(**changed)
        for name, value in changed.items():
            setattr(shot, name, value)
        return shots

    return revise(project, base, author, summary, change)


def changes_of(shot: Shot, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `fields` (by column) that differ, and what follows from them: a cut has no length,
    any other transition has one."""
    wanted = dict(fields)
    kind = wanted.get("transition", shot.transition)
    if kind == Transition.CUT:
        wanted["transition_ms"] = 0
    elif not wanted.get("transition_ms", shot.transition_ms):
        wanted["transition_ms"] = DEFAULT_TRANSITION_MS
    return {name: value for name, value in wanted.items() if getattr(shot, name) != value}


def delete_shot(project: Project, base: int, author: User, pk: int) -> Board:
    """Delete a shot; Undo brings it back with its key.

    Raises `StaleEdit`, `NoSuchShot` and `Locked`.
    """
    shots, shot = shots_with(project, base, pk)
    locks.require_deletable(shots, {pk})
    summary = summaries.of_deletion(shots.index(shot) + 1, shot)

    def change() -> list[Shot]:
        Shot.objects.filter(pk=pk, project=project).delete()
        return [other for other in shots if other.pk != pk]

    return revise(project, base, author, summary, change)


def board_with(project: Project, base: int, pk: int) -> Board:
    """The board at revision `base`, with this shot on it. Raises `StaleEdit` and `NoSuchShot`."""
    shots, _ = shots_with(project, base, pk)
    return Board(project, shots, latest_revision(project))


def next_scene_id(shots: Sequence[Shot]) -> str:
    """The next free `scene-N`: the form of the ids in the document's storyboard example."""
    return f"scene-{next_scene_number(shots)}"


def next_scene_number(shots: Sequence[Shot]) -> int:
    """The `N` from which on every `scene-N` is free."""
    taken = [int(found[1]) for shot in shots if (found := _SCENE.fullmatch(shot.scene_id))]
    return max(taken, default=0) + 1
