"""Keeping an imported board: as a new project, or behind the shots of one that is there."""

from collections.abc import Sequence

from studio.accounts.models import User, Workspace
from studio.storyboards.boards import Board
from studio.storyboards.edits.revising import StaleEdit, create_project
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.exchange.imported import ImportedBoard, ImportedShot
from studio.storyboards.exchange.scene_ids import with_ids
from studio.storyboards.models import Project
from studio.storyboards.rules import title_from


def import_board(
    workspace: Workspace,
    author: User | None,
    title: str,
    board: ImportedBoard,
    *,
    source: str = "Transend JSON",
) -> Project:
    """Keep the board as a new project, in one transaction. Each shot keeps its id.

    `title` goes before the board's own; `source` is named in the revision's summary.
    """
    return create_project(
        workspace,
        author,
        title_from(title) or title_from(board.title) or "Imported storyboard",
        shots=[imported.shot() for imported in board.shots],
        summary=summary_of(len(board.shots), source),
        brief=board.brief,
        motion=board.motion,
        speed=board.speed,
        webhook_metadata=board.webhook_metadata,
        weaves_transitions=board.weaves_transitions,
        **board.lighting.columns,
    )


def append_shots(
    project: Project, author: User, shots: Sequence[ImportedShot], source: str
) -> Board:
    """Put the shots behind those of the project, as one edit; ids that are taken become new ones.

    Nothing that is there is changed, so that it holds on any revision: when somebody edits at the
    same moment it is made on theirs. Raises `BoardFull`.
    """
    while True:
        present = list(project.shots.all())
        named, _ = with_ids(shots, [shot.scene_id for shot in present])
        after = [*present, *(imported.shot() for imported in named)]
        summary = summary_of(len(shots), source)
        try:
            return rewrite(project, project.revision, author, summary, present, after)
        except StaleEdit:
            continue  # and the project has been read anew


def summary_of(count: int, source: str) -> str:
    """Such as `Imported 12 shots from boards.csv`."""
    return f"Imported {count} {'shot' if count == 1 else 'shots'} from {source}"
