"""Each workspace's line of waiting takes: whether it moves, and if not, what it waits for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from studio.accounts.models import ApiKey, Workspace
from studio.renders.lifecycle import Status
from studio.renders.models import Desk, KeyCapacity, Take
from studio.renders.sending import capacity, credentials, desks, trials
from studio.renders.sending.credentials import NoUsableKey
from studio.renders.wording import in_words

A_WORKER = "a free worker"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One workspace's line. `waits_for` reads on from "Waiting for"; empty: its first may go.

    `free_slots` is how many takes may be sent with the key; None: no limit is known. `said` is what
    its takes said when they were looked over; None: nobody has looked.
    """

    workspace: Workspace
    desk: Desk | None
    key: ApiKey | None
    free_slots: int | None
    waits_for: str
    said: frozenset[str] | None = None

    @property
    def moves(self) -> bool:
        return not self.waits_for


def survey() -> list[Line]:
    """The lines of all workspaces with takes that wait and back off no more; whose turn it is comes
    first.

    A fixed number of queries, however many lines there are, as long as they have keys.
    """
    said = _said()
    lines = _lines_of(said) if said else []
    return sorted((replace(line, said=said[line.workspace.pk]) for line in lines), key=_last_turn)


def line_of(workspace: Workspace) -> Line:
    """The line of one workspace, with takes in it or not."""
    return _lines_of([workspace.pk])[0]


def sendable(workspace: Workspace) -> QuerySet[Take]:
    """The waiting takes of a workspace that may be sent now, in the order of its line."""
    queued = Take.objects.filter(workspace=workspace, status=Status.QUEUED)
    return queued.filter(_is_due()).order_by("place", "pk")


def note(line: Line) -> None:
    """Have the line's waiting takes say what they wait for; those backing off say that."""
    words = line.waits_for or A_WORKER
    if line.said == frozenset({words}):
        return
    waiting = Take.objects.filter(_is_due(), workspace=line.workspace, status=Status.QUEUED)
    changed = waiting.exclude(waits_for=words)
    if changed.exists():  # looking takes no write lock, and mostly nothing has changed
        with transaction.atomic():
            desks.locked(line.workspace)  # or whoever rearranges these rows could be deadlocked
            changed.update(waits_for=words, changes=F("changes") + 1)


def _is_due() -> Q:
    return Q(send_after=None) | Q(send_after__lte=timezone.now())


def _said() -> dict[int, frozenset[str]]:
    """What the takes in each workspace's line say that they wait for."""
    waiting = Take.objects.filter(_is_due(), status=Status.QUEUED).order_by()
    found: dict[int, frozenset[str]] = {}
    for pk, words in waiting.values_list("workspace", "waits_for").distinct():
        found[pk] = found.get(pk, frozenset()) | {words}
    return found


def _last_turn(line: Line) -> datetime:
    return (line.desk.sent_at if line.desk else None) or _NEVER


def _lines_of(pks: Collection[int]) -> list[Line]:
    desks = Desk.objects.select_related("paused_by").in_bulk(pks)
    active = ApiKey.objects.filter(workspace__in=pks, state=ApiKey.State.ACTIVE)
    keys = {key.workspace_id: key for key in active}
    known = KeyCapacity.objects.in_bulk([key.pk for key in keys.values()])
    used = _in_use(keys.values())
    lines = []
    for workspace in Workspace.objects.filter(pk__in=pks).order_by("pk"):
        desk, key = desks.get(workspace.pk), keys.get(workspace.pk)
        learned = known.get(key.pk) if key else None
        free = capacity.free_slots(learned, used.get(key.pk, 0)) if key else None
        waits_for = _waits_for(workspace, desk, key, learned, free)
        lines.append(Line(workspace, desk, key, free, waits_for))
    return lines


def _in_use(keys: Collection[ApiKey]) -> dict[int, int]:
    holding = Take.objects.filter(api_key__in=keys, status__in=capacity.HOLDING).order_by()
    counted: QuerySet[Take, Any] = holding.values_list("api_key").annotate(Count("pk"))
    return dict(counted)


def _waits_for(
    workspace: Workspace,
    desk: Desk | None,
    key: ApiKey | None,
    learned: KeyCapacity | None,
    free: int | None,
) -> str:
    if desk is not None and desk.is_paused:
        by = f" by {desk.paused_by}" if desk.paused_by else ""
        return f"the render queue: it was paused{by}"
    if key is not None and (closed := credentials.unreadable(key)):
        return closed
    try:
        credentials.usable(workspace, key)
    except NoUsableKey as missing:
        next_at = trials.next_at(key) if key is not None else None
        again = f". Shotboard tries it again by itself at {in_words(next_at)}" if next_at else ""
        return f"{missing.waits_for}{again}"
    if learned is None:
        return ""
    if learned.quiet_until is not None and learned.quiet_until > timezone.now():
        again = in_words(learned.quiet_until)
        return f"a vendor slot: Transend refused the last render; the next is tried at {again}"
    if free == 0:
        count = f"all {learned.slots} are" if learned.slots != 1 else "the only one is"
        return f"a vendor slot: {count} in use"
    return ""
