"""Undo and redo: each an edit of its own that brings a revision's content back.

Undo at revision n brings back m = undo_to(n): the new revision undoes to undo_to(m) and redoes to
n. Redo at n brings back r = redo_to(n): it undoes to n and redoes to redo_to(r).
"""

from typing import Any

from studio.accounts.models import User
from studio.storyboards.boards import Board
from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import Marks, require_current
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.models import Project, Revision, Shot
from studio.storyboards.snapshots import PROJECT_FIELDS, SHOT_FIELDS


class NothingThere(LookupError):
    """There is nothing to undo, to redo, or no such revision; the message says so."""


def undo(project: Project, base: int, author: User) -> Board:
    """Take back the latest edit that still stands. Raises `StaleEdit` and `NothingThere`."""
    require_current(project, base)
    latest = _revision(project, base)
    target = _revision(project, latest.undo_to if latest else None)
    if latest is None or target is None:
        raise NothingThere("There is nothing to undo.")
    undone = latest if latest.content_of == base else _revision(project, latest.content_of)
    marks = Marks(undo_to=target.undo_to, redo_to=base, content_of=target.content_of)
    return _bring_back(project, target, author, summaries.of_undo(undone or latest), marks)


def redo(project: Project, base: int, author: User) -> Board:
    """Bring back what Undo took. Raises `StaleEdit` and `NothingThere`."""
    require_current(project, base)
    latest = _revision(project, base)
    target = _revision(project, latest.redo_to if latest else None)
    if target is None:
        raise NothingThere("There is nothing to redo.")
    redone = _revision(project, target.content_of) or target
    marks = Marks(undo_to=base, redo_to=target.redo_to, content_of=target.content_of)
    return _bring_back(project, target, author, summaries.of_redo(redone), marks)


def _revision(project: Project, number: int | None) -> Revision | None:
    if number is None:
        return None
    return Revision.objects.filter(project=project, number=number).first()


def _bring_back(
    project: Project,
    target: Revision,
    author: User,
    summary: str,
    marks: Marks,
) -> Board:
    fields = {name: target.snapshot[name] for name in PROJECT_FIELDS}
    before = list(project.shots.all())
    after = [_thawed(project, frozen) for frozen in target.snapshot["shots"]]
    base = project.revision
    return rewrite(project, base, author, summary, before, after, fields=fields, marks=marks)


def _thawed(project: Project, frozen: dict[str, Any]) -> Shot:
    """The shot of a snapshot, under the key it had."""
    values = {name: frozen[name] for name in SHOT_FIELDS}
    return Shot(pk=frozen["pk"], project=project, **values)
