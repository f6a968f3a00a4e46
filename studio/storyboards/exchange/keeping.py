"""Keeping an imported board: as a new project, or behind the shots of one that is there."""

from studio.accounts.models import User, Workspace
from studio.storyboards.edits.revising import create_project
from studio.storyboards.exchange.imported import ImportedBoard
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


def summary_of(count: int, source: str) -> str:
    """Such as `Imported 12 shots from boards.csv`."""
    return f"Imported {count} {'shot' if count == 1 else 'shots'} from {source}"
