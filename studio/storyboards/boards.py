"""A board: a project, its shots in order, and where its history stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from studio.storyboards import timing
from studio.storyboards.models import Project, Revision, Shot

_PROJECT = Shot._meta.get_field("project")
_FIELDS = Shot._meta.concrete_fields
_NAMES = [field.attname for field in _FIELDS]
# What a statement selects of storyboards_shot for `shots_from`.
SHOT_COLUMNS = ", ".join(f"storyboards_shot.{field.column}" for field in _FIELDS)
_IN_ORDER = "SELECT {columns} FROM storyboards_shot WHERE project_id = %s ORDER BY position, id"


@dataclass(frozen=True)
class Board:
    """What one page shows. `latest` is None only for a project that no edit has touched yet."""

    project: Project
    shots: list[Shot]
    latest: Revision | None

    @cached_property
    def budget(self) -> timing.Budget:
        return timing.Budget.of([shot.duration_ms for shot in self.shots])

    @property
    def order(self) -> str:
        """The pks of its shots, in order: `3,5,8`."""
        return ",".join(str(shot.pk) for shot in self.shots)

    @property
    def can_undo(self) -> bool:
        return self.latest is not None and self.latest.undo_to is not None

    @property
    def can_redo(self) -> bool:
        return self.latest is not None and self.latest.redo_to is not None

    @property
    def undoes(self) -> str:
        """What Undo would take back, in the words of its revision."""
        return _words(self.latest, "undoes") if self.can_undo else ""

    @property
    def redoes(self) -> str:
        """What Redo would bring back, in the words of its revision."""
        return _words(self.latest, "redoes") if self.can_redo else ""

    def shot(self, pk: int | None) -> Shot | None:
        """The shot with this pk, if it is on this board."""
        return next((shot for shot in self.shots if shot.pk == pk), None)


def board_of(project: Project) -> Board:
    """The board as it stands, in two queries."""
    return Board(project, shots_of(project), latest_revision(project))


def shots_of(project: Project) -> list[Shot]:
    """The project's shots in order, each knowing its project without another query.

    Every edit reads them. Measured on 100 shots: 0.3 ms, where a queryset takes 0.6 ms, a third of
    it to arrive at this same statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_ORDER.format(columns=SHOT_COLUMNS), [project.pk])
        return shots_from(cursor.fetchall(), project)


def shots_from(rows: Iterable[Sequence[Any]], project: Project) -> list[Shot]:
    """The shots of rows that begin with `SHOT_COLUMNS`, each knowing its project."""
    alias, width = connection.alias, len(_NAMES)
    shots = [Shot.from_db(alias, _NAMES, row[:width]) for row in rows]
    for shot in shots:
        _PROJECT.set_cached_value(shot, project)
    return shots


def latest_revision(project: Project) -> Revision | None:
    """The newest revision with its author; its snapshot stays in the database.

    `undoes` and `redoes` on it are the summaries of the edits that Undo and Redo are about.
    """
    every = Revision.objects.filter(project=OuterRef("project"))
    content = every.filter(number=OuterRef("redo_to")).values("content_of")
    newest = project.revisions.defer("snapshot").select_related("author")
    newest = newest.annotate(
        undoes=Subquery(every.filter(number=OuterRef("content_of")).values("summary")),
        redone=Subquery(content),
    )
    redone = every.filter(number=OuterRef("redone")).values("summary")
    return newest.annotate(redoes=Subquery(redone)).filter(number=project.revision).first()


def _words(latest: Revision | None, name: str) -> str:
    # A revision that was written just now has not been read, and is nothing but itself.
    return getattr(latest, name, None) or (latest.summary if latest else "")
