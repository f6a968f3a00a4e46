"""Edits of the order of shots."""

from collections.abc import Sequence

from studio.accounts.models import User
from studio.storyboards.boards import Board
from studio.storyboards.edits.ordering import put_in_order
from studio.storyboards.edits.revising import require_current, revise, shots_with
from studio.storyboards.models import Project


def reorder(
    project: Project, base: int, author: User, order: Sequence[int], moved: int | None = None
) -> Board:
    """Put the shots into `order` (all their pks); `moved` is the one that was dragged.

    Raises `StaleEdit`, and `ordering.BadOrder` when `order` is not made of exactly these shots.
    """
    require_current(project, base)
    summary = f"Moved a shot to place {order.index(moved) + 1}" if moved in order else "Moved shots"
    return revise(project, base, author, summary, lambda: put_in_order(project, order))


def move(project: Project, base: int, author: User, pk: int, step: int) -> Board:
    """Move a shot by `step` places, as far as there are any.

    Raises `StaleEdit` and `NoSuchShot`.
    """
    shots, shot = shots_with(project, base, pk)
    place = shots.index(shot)
    order = [other.pk for other in shots if other.pk != pk]
    order.insert(min(max(place + step, 0), len(order)), pk)
    return reorder(project, base, author, order, pk)
