"""Every edit of a board, all made in one way.

An edit carries the revision it was made on. What it needs is read first; then one short
transaction claims the project (`UPDATE … SET revision = base + 1 WHERE revision = base`), writes
the change and an immutable revision of the whole. The claim proves that what was read is still so:
whoever lost the race sees no row, and `StaleEdit` tells them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.storyboards import rules, summaries
from studio.storyboards.boards import Board, board_of, latest_revision
from studio.storyboards.models import Project, Revision, Shot
from studio.storyboards.ordering import put_in_order
from studio.storyboards.snapshots import snapshot_of

NEW_SHOT_MS = 5_000
_SCENE = re.compile(r"scene-(\d{1,9})")


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


class NoSuchShot(LookupError):
    """The board has no such shot, and had none at this revision."""


class BoardFull(ValueError):
    """The board already holds as many shots as it may; the message says what to do."""


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


def edit_project(project: Project, base: int, author: User, fields: Mapping[str, Any]) -> Board:
    """Change the project's own fields, already checked. Raises `StaleEdit`."""
    require_current(project, base)
    changed = {name: value for name, value in fields.items() if getattr(project, name) != value}
    if not changed:
        return board_of(project)
    summary = summaries.of_project(project, changed)
    shots = list(project.shots.all())
    return revise(project, base, author, summary, lambda: shots, fields=changed)


def add_shot(project: Project, base: int, author: User) -> Board:
    """A new, empty shot at the end. Raises `StaleEdit` and `BoardFull`."""
    require_current(project, base)
    shots = list(project.shots.all())
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
    """Change a shot's fields, already checked. Raises `StaleEdit` and `NoSuchShot`."""
    shots, shot = _shots_with(project, base, pk)
    changed = {name: value for name, value in fields.items() if getattr(shot, name) != value}
    if not changed:
        return Board(project, shots, latest_revision(project))
    summary = summaries.of_shot(shots.index(shot) + 1, shot, changed)

    def change() -> list[Shot]:
        Shot.objects.filter(pk=pk, project=project).update(**changed)
        for name, value in changed.items():
            setattr(shot, name, value)
        return shots

    return revise(project, base, author, summary, change)


def delete_shot(project: Project, base: int, author: User, pk: int) -> Board:
    """Delete a shot; Undo brings it back with its key. Raises `StaleEdit` and `NoSuchShot`."""
    shots, shot = _shots_with(project, base, pk)
    summary = summaries.of_deletion(shots.index(shot) + 1, shot)

    def change() -> list[Shot]:
        Shot.objects.filter(pk=pk, project=project).delete()
        return [other for other in shots if other.pk != pk]

    return revise(project, base, author, summary, change)


def reorder(
    project: Project, base: int, author: User, order: Sequence[int], moved: int | None = None
) -> Board:
    """Put the shots into `order` (all their pks); `moved` is the one that was dragged.

    Raises `StaleEdit`, and `ordering.BadOrder` when `order` is not made of exactly these shots.
    """
    require_current(project, base)
    summary = f"Moved a shot to place {order.index(moved) + 1}" if moved in order else "Moved shots"
    return revise(project, base, author, summary, lambda: put_in_order(project, order))


def move(project: Project, base: int, author: User, pk: int, step: int) -> Board:
    """Move a shot by `step` places, as far as there are any.

    Raises `StaleEdit` and `NoSuchShot`.
    """
    shots, shot = _shots_with(project, base, pk)
    place = shots.index(shot)
    order = [other.pk for other in shots if other.pk != pk]
    order.insert(min(max(place + step, 0), len(order)), pk)
    return reorder(project, base, author, order, pk)


def board_with(project: Project, base: int, pk: int) -> Board:
    """The board at revision `base`, with this shot on it. Raises `StaleEdit` and `NoSuchShot`."""
    shots, _ = _shots_with(project, base, pk)
    return Board(project, shots, latest_revision(project))


def next_scene_id(shots: Sequence[Shot]) -> str:
    """The next free `scene-N`: the form of the ids in the document's storyboard example."""
    taken = [int(found[1]) for shot in shots if (found := _SCENE.fullmatch(shot.scene_id))]
    return f"scene-{max(taken, default=0) + 1}"


def require_current(project: Project, base: int) -> None:
    """Raise `StaleEdit` at once when the row that was read is already past `base`."""
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
    Raises `StaleEdit` when the project is not at `base` any more.
    """
    fields = {**(fields or {}), "updated_at": timezone.now()}
    with transaction.atomic():
        claimed = Project.objects.filter(pk=project.pk, revision=base).update(
            revision=base + 1, **fields
        )
        if claimed:
            for name, value in {**fields, "revision": base + 1}.items():
                setattr(project, name, value)
            board = Board(project, change(), None)
            marks = marks or Marks(undo_to=base, redo_to=None, content_of=base + 1)
            return _write_revision(board, author, summary, marks)
    raise StaleEdit(project, base)


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


def _shots_with(project: Project, base: int, pk: int) -> tuple[list[Shot], Shot]:
    """The shots, and the one with this pk. Raises `StaleEdit` and `NoSuchShot`."""
    require_current(project, base)
    shots = list(project.shots.all())
    shot = next((shot for shot in shots if shot.pk == pk), None)
    if shot is None:
        # It may have been deleted between the two reads: that is a stale edit, not a wrong address.
        project.refresh_from_db(fields=["revision"])
        require_current(project, base)
        raise NoSuchShot(f"Project {project.pk} has no shot {pk}.")
    return shots, shot
