"""Edits of the order of shots."""

from collections.abc import Collection, Sequence

from studio.accounts.models import User
from studio.storyboards.boards import Board, latest_revision
from studio.storyboards.edits import summaries
from studio.storyboards.edits.ordering import put_in_order
from studio.storyboards.edits.revising import (
    EditRefused,
    require_current,
    revise,
    shots_among,
    shots_with,
)
from studio.storyboards.models import Project, Shot


def reorder(
    project: Project, base: int, author: User, order: Sequence[int], moved: Collection[int] = ()
) -> Board:
    """Put the shots into `order` (all their pks); `moved` are those that were dragged.

    Raises `StaleEdit`, and `ordering.BadOrder` when `order` is not made of exactly these shots.
    """
    require_current(project, base)
    places = [place for place, pk in enumerate(order, start=1) if pk in moved]
    what = "a shot" if len(places) == 1 else f"{len(places)} shots"
    summary = f"Moved {what} to place {places[0]}" if places else "Moved shots"
    return revise(project, base, author, summary, lambda: put_in_order(project, order))


def move(project: Project, base: int, author: User, pk: int, step: int) -> Board:
    """Move a shot by `step` places, as far as there are any.

    Raises `StaleEdit` and `NoSuchShot`.
    """
    shots, shot = shots_with(project, base, pk)
    place = shots.index(shot)
    order = [other.pk for other in shots if other.pk != pk]
    order.insert(min(max(place + step, 0), len(order)), pk)
    return reorder(project, base, author, order, [pk])


def move_to_place(
    project: Project, base: int, author: User, pks: Collection[int], place: int
) -> Board:
    """Move shots together, in their order, so that the first of them gets the number `place`, from
    1, or as near to it as there are places. Raises `StaleEdit` and `EditRefused`."""
    shots, chosen = shots_among(project, base, pks)
    return _moved(project, author, shots, chosen, place - 1)


def move_beside(
    project: Project,
    base: int,
    author: User,
    pks: Collection[int],
    anchor: int,
    *,
    before: bool = False,
) -> Board:
    """Move shots together, in their order, behind the shot with the pk `anchor`, or before it.

    Raises `StaleEdit`, and `EditRefused` when that shot is itself to be moved.
    """
    shots, chosen = shots_among(project, base, pks)
    others = [shot.pk for shot in shots if shot.pk not in pks]
    if anchor not in others:
        raise EditRefused("Shots cannot be moved beside themselves. Choose another shot.")
    return _moved(project, author, shots, chosen, others.index(anchor) + (0 if before else 1))


def _moved(
    project: Project, author: User, shots: list[Shot], chosen: list[Shot], index: int
) -> Board:
    moving = [shot.pk for shot in chosen]
    others = [shot.pk for shot in shots if shot.pk not in moving]
    index = min(max(index, 0), len(others))
    order = [*others[:index], *moving, *others[index:]]
    if order == [shot.pk for shot in shots]:
        return Board(project, shots, latest_revision(project))
    numbers = [shots.index(shot) + 1 for shot in chosen]
    summary = f"{summaries.of_several('Moved', numbers)} to place {index + 1}"
    base = project.revision
    return revise(project, base, author, summary, lambda: put_in_order(project, order))
