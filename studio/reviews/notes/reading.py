"""Which notes a person may know of. Everything that shows, sends or exports notes asks here."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404

from studio.renders.models import Take
from studio.reviews.models import Channel, Note
from studio.reviews.reviewing import Reviewer


def notes_in(take: Take, channels: Collection[str]) -> QuerySet[Note]:
    """The notes of a take that readers of these channels may know of, deleted ones left out.

    A reply counts as in its thread's channel, whatever its own row says.
    """
    return _rows(take, channels).filter(deleted_at=None)


def notes_for(reviewer: Reviewer) -> QuerySet[Note]:
    """The notes that this person may read."""
    return notes_in(reviewer.take, reviewer.channels)


def note_for(reviewer: Reviewer, pk: int, *, is_deleted: bool = False) -> Note:
    """One note with its people. Raises Http404 also where it is in a channel of others."""
    rows = _rows(reviewer.take, reviewer.channels) if is_deleted else notes_for(reviewer)
    note = rows.select_related("author", "guest", "parent").filter(pk=pk).first()
    if note is None:
        raise Http404("This note is not here any more. Reload the page.")
    return note


def thread_for(reviewer: Reviewer, pk: int) -> Note:
    """The first note of a thread. Raises Http404, also for replies."""
    note = note_for(reviewer, pk)
    if note.parent_id is not None:
        raise Http404("This is an answer. Its thread begins with another note.")
    return note


def threads_in(take: Take, channels: Collection[str]) -> QuerySet[Note]:
    """First notes of threads; a deleted one while others' answers to it stand."""
    answered = Note.objects.filter(parent__isnull=False, deleted_at=None, channel__in=channels)
    stands = Q(deleted_at=None) | Q(pk__in=answered.filter(take=take).values("parent"))
    return _rows(take, channels).filter(stands, parent=None)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many threads there are, and what a page has seen of their notes (`pulse`)."""

    open: int
    resolved: int
    internal: int
    client: int
    pulse: str

    @property
    def total(self) -> int:
        return self.open + self.resolved


def tally_of(reviewer: Reviewer) -> Tally:
    """Counted over what this person may know of, so that nothing else moves the pulse; one query.

    `writing` gives each change of a take's notes a later `changed_at` than all before it.
    """
    thread = Q(parent=None, deleted_at=None)
    found = _rows(reviewer.take, reviewer.channels).aggregate(
        rows=Count("pk"),
        changed=Max("changed_at"),
        open=Count("pk", filter=thread & Q(resolved_at=None)),
        resolved=Count("pk", filter=thread & Q(resolved_at__isnull=False)),
        internal=Count("pk", filter=thread & Q(channel=Channel.INTERNAL)),
        client=Count("pk", filter=thread & Q(channel=Channel.CLIENT)),
    )
    changed = found["changed"]
    pulse = f"{found['rows']}-{changed:%Y%m%d%H%M%S%f}" if changed else "0"
    counts = ("open", "resolved", "internal", "client")
    return Tally(**{name: found[name] for name in counts}, pulse=pulse)


@dataclass(frozen=True, slots=True)
class Former:
    """The take before this one, and how many of its threads nobody resolved."""

    take: Take
    open: int


def former_of(reviewer: Reviewer) -> Former | None:
    """Where notes were left open on the take before; None where there is nothing to look at.

    A note belongs to its take, so none is carried over; guests know of one take alone.
    """
    if reviewer.is_guest:
        return None
    take = reviewer.take
    is_open = Q(notes__parent=None, notes__resolved_at=None, notes__deleted_at=None)
    former = (
        Take.objects.filter(project=take.project_id, number__lt=take.number)
        .only("pk", "number")
        .annotate(open_notes=Count("notes", filter=is_open))
        .order_by("-number")
        .first()
    )
    return Former(former, former.open_notes) if former and former.open_notes else None


def _rows(take: Take, channels: Collection[str]) -> QuerySet[Note]:
    is_readable = Q(parent=None) | Q(parent__channel__in=list(channels), parent__take=take)
    return Note.objects.filter(
        is_readable, workspace=take.workspace_id, take=take, channel__in=list(channels)
    )
