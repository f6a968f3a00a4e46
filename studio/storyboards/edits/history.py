"""Undo and redo: each an edit of its own that brings a revision's content back.

Undo at revision n brings back m = undo_to(n): the new revision undoes to undo_to(m) and redoes to
n. Redo at n brings back r = redo_to(n): it undoes to n and redoes to redo_to(r).
"""

from studio.accounts.models import User
from studio.storyboards.boards import Board, latest_revision, shots_of
from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import Marks, require_current
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.models import Project, Revision
from studio.storyboards.snapshots import PROJECT_FIELDS, thawed_shot


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
    return _bring_back(project, target, author, summaries.of_undo(undone or latest, author), marks)


def redo(project: Project, base: int, author: User) -> Board:
    """Bring back what Undo took. Raises `StaleEdit` and `NothingThere`."""
    require_current(project, base)
    latest = _revision(project, base)
    target = _revision(project, latest.redo_to if latest else None)
    if target is None:
        raise NothingThere("There is nothing to redo.")
    redone = _revision(project, target.content_of) or target
    marks = Marks(undo_to=base, redo_to=target.redo_to, content_of=target.content_of)
    return _bring_back(project, target, author, summaries.of_redo(redone, author), marks)


def restore(project: Project, base: int, author: User, number: int) -> Board:
    """Make the board what it was at revision `number`; Undo brings back what it is now.

    Shots that were deleted since come back under their keys. Raises `StaleEdit` and `NothingThere`.
    """
    require_current(project, base)
    target = _revision(project, number)
    if target is None:
        raise NothingThere(f"This project has no revision {number}.")
    return _bring_back(project, target, author, f"Restored rev {number}")


def _revision(project: Project, number: int | None) -> Revision | None:
    if number is None:
        return None
    revisions = Revision.objects.select_related("author")
    return revisions.filter(project=project, number=number).first()


def _bring_back(
    project: Project, target: Revision, author: User, summary: str, marks: Marks | None = None
) -> Board:
    fields = {name: target.snapshot[name] for name in PROJECT_FIELDS}
    before = shots_of(project)
    after = [thawed_shot(project, frozen) for frozen in target.snapshot["shots"]]
    base = project.revision
    board = rewrite(project, base, author, summary, before, after, fields=fields, marks=marks)
    # Read anew for what Undo and Redo would do next.
    return Board(board.project, board.shots, latest_revision(project))
