"""Edits of several shots at once: each is one revision, and refused whole when one shot forbids it.

Locked shots refuse the edit unless `leaves_locked` says to leave them out of it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from typing import Any

from studio.accounts.models import User
from studio.storyboards.boards import Board, latest_revision
from studio.storyboards.edits import locks, summaries
from studio.storyboards.edits.revising import shots_among
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.edits.shots import changes_of
from studio.storyboards.models import Project, Shot
from studio.storyboards.retiming import Retiming, require_possible

DURATION = ("duration_ms",)


def set_on_many(
    project: Project,
    base: int,
    author: User,
    pks: Collection[int],
    fields: Mapping[str, Any],
    *,
    leaves_locked: bool = False,
) -> Board:
    """Give the shots `pks` the same `fields` (columns), already checked.

    Raises `StaleEdit`, `EditRefused` and `Locked`.
    """
    before, _ = shots_among(project, base, pks)
    # Unlocking is what a locked shot allows, and what comes with it is then allowed too.
    guarded = fields if fields.get("is_locked", True) else {}
    chosen = _unlocked(before, pks, guarded, leaves_locked)
    after = [_changed(shot, fields) if shot.pk in chosen else shot for shot in before]
    return _write(project, base, author, before, after, lambda n: summaries.of_many(n, fields))


def retime_many(
    project: Project,
    base: int,
    author: User,
    pks: Collection[int],
    retiming: Retiming,
    *,
    leaves_locked: bool = False,
) -> Board:
    """Change the durations of the shots `pks`.

    Raises `StaleEdit`, `EditRefused`, `Locked`, and `BadDuration` naming a shot that would be
    shorter than 0.5 s or too long.
    """
    before, _ = shots_among(project, base, pks)
    after = retimed(before, pks, retiming, leaves_locked=leaves_locked)
    return _write(
        project, base, author, before, after, lambda n: f"{summaries.counted(n)}: {retiming.says}"
    )


def retimed(
    shots: Sequence[Shot], pks: Collection[int], retiming: Retiming, *, leaves_locked: bool = False
) -> list[Shot]:
    """The list as it would be with the durations of `pks` changed; nothing is written.

    Raises `Locked` and `BadDuration`, as `retime_many` does.
    """
    chosen = _unlocked(shots, pks, DURATION, leaves_locked)
    places = [place for place, shot in enumerate(shots) if shot.pk in chosen]
    durations = retiming([shots[place].duration_ms for place in places])
    require_possible(durations, [place + 1 for place in places])
    after = list(shots)
    for place, ms in zip(places, durations, strict=True):
        after[place] = _changed(shots[place], {"duration_ms": ms})
    return after


def delete_many(
    project: Project,
    base: int,
    author: User,
    pks: Collection[int],
    *,
    leaves_locked: bool = False,
) -> Board:
    """Delete the shots `pks`; Undo brings them back with their keys.

    Raises `StaleEdit`, `EditRefused` and `Locked`.
    """
    before, chosen = shots_among(project, base, pks)
    if leaves_locked:
        pks = {shot.pk for shot in chosen if not shot.is_locked}
    locks.require_deletable(before, pks)
    if not pks:
        raise locks.Locked("All of these shots are locked. Unlock them to delete them.")
    numbers = [number for number, shot in enumerate(before, start=1) if shot.pk in pks]
    after = [shot for shot in before if shot.pk not in pks]
    return rewrite(project, base, author, summaries.of_several("Deleted", numbers), before, after)


def _unlocked(
    shots: Sequence[Shot], pks: Collection[int], fields: Collection[str], leaves_locked: bool
) -> Collection[int]:
    """Those of `pks` whose `fields` may be changed. Raises `Locked` when some or all may not."""
    if leaves_locked and not locks.FREE_FIELDS.issuperset(fields):
        free = {shot.pk for shot in shots if shot.pk in pks and not shot.is_locked}
        if free:
            return free
    locks.require_unlocked(shots, pks, fields)
    return pks


def _changed(shot: Shot, fields: Mapping[str, Any]) -> Shot:
    """The shot, or a copy of it where something of `fields` differs."""
    changes = changes_of(shot, fields)
    if not changes:
        return shot
    changed = copy(shot)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _write(
    project: Project,
    base: int,
    author: User,
    before: Sequence[Shot],
    after: Sequence[Shot],
    summary: Callable[[int], str],
) -> Board:
    """One revision, or none when nothing differs. `summary` is told how many shots changed."""
    count = sum(old is not new for old, new in zip(before, after, strict=True))
    if not count:
        return Board(project, list(before), latest_revision(project))
    return rewrite(project, base, author, summary(count), before, after)
