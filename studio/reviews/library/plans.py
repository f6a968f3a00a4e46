"""The board that a take was rendered from, as other rooms know boards: not today's."""

from typing import cast

from studio.renders import proofs
from studio.renders.models import Take
from studio.reviews.library.editions import Edition
from studio.storyboards.boards import Board
from studio.storyboards.snapshots import ShotSnapshot, Snapshot, thawed


def board_of(take: Take, edition: Edition) -> Board:
    """The take's plan, of a proof its shots alone; nothing of it is saved.

    For a client it is without what the house writes down for itself.
    """
    frozen = proofs.snapshot_of(take)
    former, shots = thawed(take.project, frozen if edition.is_house else _for_clients(frozen))
    former.revision = take.revision.number
    return Board(former, shots, latest=None)


def _for_clients(frozen: Snapshot) -> Snapshot:
    shots = [cast(ShotSnapshot, {**shot, "notes": ""}) for shot in frozen["shots"]]
    return cast(Snapshot, {**frozen, "brief": "", "webhook_metadata": {}, "shots": shots})
