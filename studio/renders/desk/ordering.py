"""Rearranging a workspace's line of waiting takes: who is sent first, second, third.

Sending holds the same lock (`sending/desks.py`), so that a take is either sent or moved, never
both. Places may be equal while nobody rearranges; afterwards each take has one of its own.
"""

import json
from collections.abc import Sequence
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import F

from studio.accounts import audit
from studio.accounts.models import User, Workspace
from studio.renders.lifecycle import Status
from studio.renders.models import Desk, Take
from studio.renders.sending import desks

# One statement, however long the line is. What has left the line meanwhile is left alone.
_UPDATE = """
    UPDATE renders_take SET place = wanted.place, changes = renders_take.changes + 1
    FROM {rows}
    WHERE renders_take.id = wanted.id AND renders_take.status = 'queued'
"""
_SQLITE_ROWS = """(
    SELECT value ->> 'id' AS id, value ->> 'place' AS place FROM json_each(%s)) AS wanted"""
_POSTGRESQL_ROWS = "json_to_recordset(%s::json) AS wanted(id bigint, place bigint)"


class StaleOrder(Exception):
    """The line is no longer the one that the order was made for; nothing was moved."""

    says = "A take has left the line meanwhile. This is the line as it is now; move it once more."


class Step(StrEnum):
    """A move without dragging."""

    UP = "up"
    DOWN = "down"
    NEXT = "next"


def rearrange(workspace: Workspace, ids: Sequence[int], actor: User) -> None:
    """Put waiting takes into the order of `ids`, in the places that they have among them.

    `ids` may name a part of the line only: the others keep their turns. Raises `StaleOrder` when
    one of them does not wait any more, or is named twice. The caller has checked `can.RUN_QUEUE`.
    """
    with transaction.atomic():
        desk = desks.locked(workspace)
        line = _line(workspace)
        moving = set(ids)
        if not moving or len(moving) != len(ids) or not moving <= {pk for pk, _ in line}:
            raise StaleOrder
        following = iter(ids)
        wanted = [next(following) if pk in moving else pk for pk, _ in line]
        _write(workspace, desk, line, wanted, actor)


def move(take: Take, step: Step, actor: User) -> None:
    """Move one take in the whole line: a place up or down, or to its head.

    At the line's end nothing happens. Raises `StaleOrder` when the take does not wait any more.
    """
    with transaction.atomic():
        desk = desks.locked(take.workspace)
        line = _line(take.workspace)
        wanted = [pk for pk, _ in line]
        if take.pk not in wanted:
            raise StaleOrder
        at = wanted.index(take.pk)
        wanted.remove(take.pk)
        to = {Step.UP: max(at - 1, 0), Step.DOWN: at + 1, Step.NEXT: 0}[step]
        wanted.insert(to, take.pk)
        _write(take.workspace, desk, line, wanted, actor)


def _line(workspace: Workspace) -> list[tuple[int, int]]:
    """The pks and places of all that wait, whose turn comes first foremost."""
    waiting = Take.objects.filter(workspace=workspace, status=Status.QUEUED)
    return list(waiting.order_by("place", "pk").values_list("pk", "place"))


def _write(
    workspace: Workspace,
    desk: Desk,
    line: list[tuple[int, int]],
    wanted: list[int],
    actor: User,
) -> None:
    if wanted == [pk for pk, _ in line]:
        return
    had = dict(line)
    places = _places_of_their_own([place for _, place in line])
    moved = [
        {"id": pk, "place": place}
        for pk, place in zip(wanted, places, strict=True)
        if had[pk] != place
    ]
    rows = _SQLITE_ROWS if connection.vendor == "sqlite" else _POSTGRESQL_ROWS
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE.format(rows=rows), [json.dumps(moved)])
    Desk.objects.filter(pk=desk.pk).update(changes=F("changes") + 1)
    audit.record(workspace, actor, "queue.rearranged", waiting=len(line), takes=wanted[:50])


def _places_of_their_own(places: Sequence[int]) -> list[int]:
    """The same places in rising order, the later of two equal ones moved behind the former."""
    rising: list[int] = []
    for place in places:
        rising.append(max(place, rising[-1] + 1) if rising else place)
    return rising
