"""Edits of a shot's reference picture."""

from studio.accounts.models import User
from studio.storyboards.boards import Board, latest_revision
from studio.storyboards.edits import locks, summaries
from studio.storyboards.edits.revising import revise, shots_with
from studio.storyboards.models import Project, Shot
from studio.storyboards.references import PICTURES
from studio.vault.models import Asset


def set_reference(
    project: Project, base: int, author: User, pk: int, picture: Asset | None
) -> Board:
    """Give the shot this picture of the vault as its reference; None takes it away.

    Undo and Redo bring pictures back, for what a revision names stays in the vault. Raises
    `StaleEdit`, `NoSuchShot`, `Locked`, `Archived` and `taking_in.Gone`.
    """
    shots, shot = shots_with(project, base, pk)
    changed = {"reference_id": picture.pk if picture else None}
    if shot.reference_id == changed["reference_id"]:
        return Board(project, shots, latest_revision(project))
    locks.require_unlocked(shots, {pk}, changed)
    summary = summaries.of_shot(shots.index(shot) + 1, shot, changed)

    def change() -> list[Shot]:
        if picture:
            PICTURES.keep_for_ever(picture)
        Shot.objects.filter(pk=pk, project=project).update(reference=picture)
        shot.reference = picture
        return shots

    return revise(project, base, author, summary, change)
