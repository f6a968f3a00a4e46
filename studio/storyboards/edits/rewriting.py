"""Writing a whole list of shots at once: what undo, moves, bulk edits and imports come down to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from studio.accounts.models import User
from studio.storyboards import rules
from studio.storyboards.boards import Board
from studio.storyboards.edits.revising import BoardFull, Marks, revise
from studio.storyboards.models import Project, Shot
from studio.storyboards.snapshots import SHOT_FIELDS

_COLUMNS = ("position", *SHOT_FIELDS)


def rewrite(
    project: Project,
    base: int,
    author: User,
    summary: str,
    before: Sequence[Shot],
    after: Sequence[Shot],
    *,
    fields: Mapping[str, Any] | None = None,
    marks: Marks | None = None,
) -> Board:
    """One edit that makes the list `before` (as read at `base`) into `after`, in this order.

    Shots of `after` with a pk are kept or brought back under it, those without are new; what is
    missing is deleted. Give changed copies of shots (`copy.copy`), never the shots of `before`
    themselves: only what differs is written. `fields` are the project's own, `marks` are given by
    undo and redo alone. Raises `StaleEdit` and `BoardFull`.
    """
    if len(after) > max(rules.MAX_SHOTS, len(before)):
        raise BoardFull(
            f"A board holds {rules.MAX_SHOTS} shots at most and this would make "
            f"{len(after)}. Delete some first."
        )
    return revise(
        project, base, author, summary, _writer(project, before, after), fields=fields, marks=marks
    )


def _writer(
    project: Project, before: Sequence[Shot], after: Sequence[Shot]
) -> Callable[[], list[Shot]]:
    def write() -> list[Shot]:
        former = {shot.pk: _row(shot) for shot in before}
        for place, shot in enumerate(after):
            shot.project, shot.position = project, place
        kept = {shot.pk for shot in after}
        if gone := former.keys() - kept:
            project.shots.filter(pk__in=gone).delete()
        changed = [shot for shot in after if shot.pk and former.get(shot.pk) != _row(shot)]
        Shot.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS
        )
        Shot.objects.bulk_create([shot for shot in after if not shot.pk])
        return list(after)

    return write


def _row(shot: Shot) -> tuple[Any, ...]:
    return tuple(getattr(shot, name) for name in _COLUMNS)
