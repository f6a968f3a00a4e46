"""Edits of a project's own fields."""

from collections.abc import Mapping
from typing import Any

from studio.accounts.models import User
from studio.storyboards.boards import Board, board_of
from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import require_current, revise
from studio.storyboards.models import Project


def edit_project(project: Project, base: int, author: User, fields: Mapping[str, Any]) -> Board:
    """Change the project's own fields, already checked. Raises `StaleEdit`."""
    require_current(project, base)
    changed = {name: value for name, value in fields.items() if getattr(project, name) != value}
    if not changed:
        return board_of(project)
    summary = summaries.of_project(project, changed)
    shots = list(project.shots.all())
    return revise(project, base, author, summary, lambda: shots, fields=changed)
