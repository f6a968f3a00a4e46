"""Edits that delete several shots at once."""

import copy
from collections.abc import Collection

from studio.accounts.models import User
from studio.storyboards.boards import Board
from studio.storyboards.edits import locks, summaries
from studio.storyboards.edits.revising import shots_among
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.models import Project


def delete_shots(project: Project, base: int, author: User, pks: Collection[int]) -> Board:
    """Delete these shots; Undo brings them back with their keys.

    Raises `StaleEdit`, `EditRefused` and `Locked`.
    """
    shots, chosen = shots_among(project, base, pks)
    locks.require_deletable(shots, pks)
    numbers = [shots.index(shot) + 1 for shot in chosen]
    summary = (
        summaries.of_deletion(numbers[0], chosen[0])
        if len(chosen) == 1
        else summaries.of_several("Deleted", numbers)
    )
    after = [copy.copy(shot) for shot in shots if shot.pk not in pks]
    return rewrite(project, base, author, summary, shots, after)
