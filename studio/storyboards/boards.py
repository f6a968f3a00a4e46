"""A board: a project, its shots in order, and where its history stands."""

from dataclasses import dataclass

from studio.storyboards import timing
from studio.storyboards.models import Project, Revision, Shot


@dataclass(frozen=True)
class Board:
    """What one page shows. `latest` is None only for a project that no edit has touched yet."""

    project: Project
    shots: list[Shot]
    latest: Revision | None

    @property
    def budget(self) -> timing.Budget:
        return timing.Budget.of([shot.duration_ms for shot in self.shots])

    @property
    def can_undo(self) -> bool:
        return self.latest is not None and self.latest.undo_to is not None

    @property
    def can_redo(self) -> bool:
        return self.latest is not None and self.latest.redo_to is not None

    def shot(self, pk: int | None) -> Shot | None:
        """The shot with this pk, if it is on this board."""
        return next((shot for shot in self.shots if shot.pk == pk), None)


def board_of(project: Project) -> Board:
    """The board as it stands, in two queries."""
    return Board(project, list(project.shots.all()), latest_revision(project))


def latest_revision(project: Project) -> Revision | None:
    """The newest revision with its author; its snapshot stays in the database."""
    newest = project.revisions.defer("snapshot").select_related("author")
    return newest.filter(number=project.revision).first()
