"""Edits of a project's own fields."""

import json
from collections.abc import Mapping
from typing import Any

from studio.accounts.models import User
from studio.storyboards.boards import Board, board_of, shots_of
from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import require_current, revise
from studio.storyboards.models import Project

# Kept in webhook_metadata under these names (document, section Best Practices).
REFERENCES = ("audio", "timing")


def edit_project(project: Project, base: int, author: User, fields: Mapping[str, Any]) -> Board:
    """Change the project's own fields, already checked; `audio` and `timing` go into its metadata.

    Raises `StaleEdit`.
    """
    require_current(project, base)
    fields = _with_metadata(project, fields)
    changed = {name: value for name, value in fields.items() if getattr(project, name) != value}
    if not changed:
        return board_of(project)
    summary = summaries.of_project(project, changed)
    shots = shots_of(project)
    return revise(project, base, author, summary, lambda: shots, fields=changed)


def reference_text(project: Project, name: str) -> str:
    """The project's `audio` or `timing` reference as its field shows it: imported ones may be more
    than text."""
    value = project.webhook_metadata.get(name, "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _with_metadata(project: Project, fields: Mapping[str, Any]) -> dict[str, Any]:
    """`fields` by column: references are merged into the metadata, whose other keys are kept."""
    columns = {name: value for name, value in fields.items() if name not in REFERENCES}
    metadata = dict(project.webhook_metadata)
    for name in REFERENCES:
        if name in fields and fields[name] != reference_text(project, name):
            metadata[name] = fields[name]
            if not fields[name]:
                del metadata[name]
    return columns | (
        {} if metadata == project.webhook_metadata else {"webhook_metadata": metadata}
    )
