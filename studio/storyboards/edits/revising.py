"""How every edit of a board is made, in one way.

An edit carries the revision it was made on. What it needs is read first; then one short
transaction claims the project (`UPDATE … SET revision = base + 1 WHERE revision = base`), writes
the change and an immutable revision of the whole. The claim proves that what was read is still so:
whoever lost the race sees no row, and `StaleEdit` tells them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.storyboards.boards import Board, board_of, shots_of
from studio.storyboards.edits import summaries
from studio.storyboards.models import Project, Revision, Shot
from studio.storyboards.snapshots import snapshot_of


class StaleEdit(Exception):
    """Somebody edited the board since revision `base`; nothing was changed.

    `current` is the board as it stands now, its latest revision with author and time.
    """

    def __init__(self, project: Project, base: int) -> None:
        super().__init__(f"Revision {base} of project {project.pk} is not the latest any more.")
        project.refresh_from_db()
        self.base = base
        self.current = board_of(project)


@dataclass(frozen=True)
class Marks:
    """Where a revision stands in its project's history: see `models.Revision`."""

    undo_to: int | None
    redo_to: int | None
    content_of: int


class Archived(PermissionDenied):
    """The project is archived, so its board is read only; answered with 403 and this sentence."""

    def __init__(self) -> None:
        super().__init__("This project is archived and read only. Restore it, then edit it.")


class NoSuchShot(LookupError):
    """The board has no such shot, and had none at this revision."""


class EditRefused(ValueError):
    """The board cannot do this now and nothing was changed; the message says what to do."""


class BoardFull(EditRefused):
    """The board already holds as many shots as it may."""


def create_project(
    workspace: Workspace,
    author: User | None,
    title: str,
    *,
    shots: Sequence[Shot] = (),
    summary: str = "Started the project",
    **fields: Any,
) -> Project:
    """A new project at revision 1, with `shots` (not yet saved) in this order.

    `fields` are the project's own, already checked by `rules`.
    """
    with transaction.atomic():
        project = Project.objects.create(
            workspace=workspace, created_by=author, title=title, revision=1, **fields
        )
        for position, shot in enumerate(shots):
            shot.project, shot.position = project, position
        saved = Shot.objects.bulk_create(shots)
        first = Marks(undo_to=None, redo_to=None, content_of=1)
        _write_revision(Board(project, saved, None), author, summary, first)
    return project


def require_current(project: Project, base: int) -> None:
    """Raise `StaleEdit` at once when the row that was read is already past `base`, and `Archived`
    when no edit is taken at all."""
    if project.archived_at is not None:
        raise Archived
    if project.revision != base:
        raise StaleEdit(project, base)


def revise(
    project: Project,
    base: int,
    author: User,
    summary: str,
    change: Callable[[], list[Shot]],
    *,
    fields: Mapping[str, Any] | None = None,
    marks: Marks | None = None,
) -> Board:
    """One edit, in one transaction: claim the project, `change` its shots, keep the revision.

    `change` returns the shots in order. `fields` are the project's own that change with the claim;
    `marks` are given by undo and redo alone.
    Raises `StaleEdit` when the project is not at `base` any more, and `Archived`.
    """
    fields = {**(fields or {}), "updated_at": timezone.now()}
    with transaction.atomic():
        claimed = Project.objects.filter(pk=project.pk, revision=base, archived_at=None).update(
            revision=base + 1, **fields
        )
        if claimed:
            for name, value in {**fields, "revision": base + 1}.items():
                setattr(project, name, value)
            board = Board(project, change(), None)
            marks = marks or Marks(undo_to=base, redo_to=None, content_of=base + 1)
            return _write_revision(board, author, summary, marks)
    stale = StaleEdit(project, base)
    if project.archived_at is not None:
        raise Archived
    raise stale


def shots_with(project: Project, base: int, pk: int) -> tuple[list[Shot], Shot]:
    """The shots, and the one with this pk. Raises `StaleEdit` and `NoSuchShot`."""
    require_current(project, base)
    shots = shots_of(project)
    shot = next((shot for shot in shots if shot.pk == pk), None)
    if shot is None:
        # It may have been deleted between the two reads: that is a stale edit, not a wrong address.
        project.refresh_from_db(fields=["revision"])
        require_current(project, base)
        raise NoSuchShot(f"Project {project.pk} has no shot {pk}.")
    return shots, shot


def shots_among(project: Project, base: int, pks: Collection[int]) -> tuple[list[Shot], list[Shot]]:
    """All shots, and those with these pks, both in order.

    Raises `StaleEdit`, and `EditRefused` when there are no pks or one is not on the board.
    """
    require_current(project, base)
    if not pks:
        raise EditRefused("No shot is selected. Select one, then try again.")
    shots = shots_of(project)
    chosen = [shot for shot in shots if shot.pk in pks]
    if len(chosen) < len(pks):
        project.refresh_from_db(fields=["revision"])
        require_current(project, base)
        raise EditRefused("A selected shot is not on this board any more. Select again.")
    return shots, chosen


def _write_revision(board: Board, author: User | None, summary: str, marks: Marks) -> Board:
    revision = Revision.objects.create(
        project=board.project,
        number=board.project.revision,
        snapshot=snapshot_of(board.project, board.shots),
        summary=summaries.shortened(summary),
        author=author,
        **asdict(marks),
    )
    return Board(board.project, board.shots, revision)
