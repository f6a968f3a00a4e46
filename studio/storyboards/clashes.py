"""Whether a stale edit clashes with what happened since, or may be made again just as it is.

The server never makes it again by itself: the page does, on the revision it was shown.
"""

from collections.abc import Mapping
from typing import Any

from studio.storyboards import changes
from studio.storyboards.boards import Board
from studio.storyboards.changes import Changes
from studio.storyboards.edits.revising import StaleEdit
from studio.storyboards.models import Revision
from studio.storyboards.snapshots import snapshot_of

# What means something only together: two people who each changed one of them clash.
_TOGETHER = (frozenset({"transition", "transition_ms"}), frozenset({"subject_x", "subject_y"}))


def since(board: Board, number: int) -> Changes | None:
    """What changed on the board since revision `number`; None when there is no such revision."""
    former = Revision.objects.filter(project=board.project, number=number).first()
    if former is None:
        return None
    return changes.between(former.snapshot, snapshot_of(board.project, board.shots))


def of_fields(stale: StaleEdit, values: Mapping[str, Any], shot: int | None = None) -> bool:
    """Whether one of the fields (`values` by column) of `shot`, or of the project, was changed to
    something else meanwhile, or the shot deleted."""
    found = since(stale.current, stale.base)
    row = stale.current.project if shot is None else stale.current.shot(shot)
    if found is None or row is None:
        return True
    changed = found.project if shot is None else found.shots.get(shot, frozenset())
    for pair in _TOGETHER:
        if changed & pair and pair & values.keys():
            changed |= pair
    return any(getattr(row, name) != value for name, value in values.items() if name in changed)


def of_order(stale: StaleEdit) -> bool:
    """Whether the list is another one: other shots, or another order."""
    found = since(stale.current, stale.base)
    return found is None or found.moves_cards


def of_shot(stale: StaleEdit, shot: int) -> bool:
    """Whether anything of the shot was changed, or it was deleted."""
    found = since(stale.current, stale.base)
    return found is None or found.touches(shot)


def of_new_shot(stale: StaleEdit) -> bool:
    """Whether a shot can be added to it no more: never, unless nobody knows what it was made on."""
    return since(stale.current, stale.base) is None
