"""Edits of the sound under a project's animatic."""

from studio.accounts.models import User
from studio.storyboards.boards import Board, board_of, shots_of
from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import require_current, revise
from studio.storyboards.models import Project, Shot
from studio.storyboards.soundtracks import SOUNDS
from studio.vault.models import Asset


def set_soundtrack(project: Project, base: int, author: User, sound: Asset | None) -> Board:
    """Give the project this sound of the vault; None takes it away.

    Undo and Redo bring sounds back, for what a revision names stays in the vault. Raises
    `StaleEdit`, `Archived` and `taking_in.Gone`.
    """
    require_current(project, base)
    changed = {"soundtrack_id": sound.pk if sound else None}
    if project.soundtrack_id == changed["soundtrack_id"]:
        return board_of(project)
    summary = summaries.of_project(project, changed)
    shots = shots_of(project)

    def change() -> list[Shot]:
        if sound:
            SOUNDS.keep_for_ever(sound)
        return shots

    return revise(project, base, author, summary, change, fields=changed)
