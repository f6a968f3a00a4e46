"""The notes of a take as one person sees them: threads, filters, and the form to write one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import F, Prefetch, Q, QuerySet

from studio.renders import proofs
from studio.reviews.models import Channel, Note, NoteMention
from studio.reviews.notes import rights
from studio.reviews.notes.drafts import Typed
from studio.reviews.notes.drawings import COLOURS
from studio.reviews.notes.mentions import handle_of
from studio.reviews.notes.reading import (
    Former,
    Tally,
    former_of,
    notes_for,
    tally_of,
    threads_in,
)
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import PlannedShot, clock, planned_shots

# A page of the list; what comes later is asked for.
MOST_THREADS = 300
PULSE_S = 2


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which threads are looked at; what a query does not name, or names wrongly, is all of it."""

    show: str = "open"
    channel: str = ""
    shot: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Chosen":
        show, channel, shot = (query.get(name, "") for name in ("show", "channel", "shot"))
        return cls(
            show=show if show in ("resolved", "all") else "open",
            channel=channel if channel in Channel.values else "",
            shot=shot if shot.isascii() and shot.isdigit() else "",
        )

    def but(self, **others: str) -> str:
        """The query that chooses the same, but for `others`; empty for the usual choice."""
        chosen = replace(self, **others)
        wanted = {"show": "" if chosen.show == "open" else chosen.show}
        wanted |= {"channel": chosen.channel, "shot": chosen.shot}
        return urlencode({name: value for name, value in wanted.items() if value})

    @property
    def query(self) -> str:
        """What stands behind the address of a list that shows the same: `?…`, or nothing."""
        query = self.but()
        return f"?{query}" if query else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One note, and what the person may do with it."""

    note: Note
    who: str
    initials: str
    handles: tuple[str, ...]
    may_edit: bool
    may_delete: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """A note and its answers."""

    first: Entry
    replies: tuple[Entry, ...]
    shot: PlannedShot | None
    typed: Typed | None

    @property
    def note(self) -> Note:
        return self.first.note

    @property
    def at(self) -> str:
        """`0:18.4`, `0:18.4–0:20`, or nothing for a note on the whole take."""
        note = self.note
        if note.from_ms is None:
            return ""
        begins = clock(note.from_ms)
        return begins if note.to_ms is None else f"{begins}–{clock(note.to_ms)}"

    @property
    def is_internal(self) -> bool:
        return self.note.channel == Channel.INTERNAL


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the filters: its name, how many threads it has, and the query that chooses it."""

    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as it is now, with the query that chose it."""

    threads: tuple[Thread, ...]
    tally: Tally
    chosen: Chosen
    shots: tuple[PlannedShot, ...]
    has_more: bool
    may_comment: bool
    may_resolve: bool
    reads_internal: bool
    pulse_s: int = PULSE_S

    @property
    def states(self) -> tuple[Choice, ...]:
        """Open, resolved or all threads."""
        counts = {"open": self.tally.open, "resolved": self.tally.resolved, "all": self.tally.total}
        return tuple(
            Choice(name.capitalize(), count, self.chosen.but(show=name), self.chosen.show == name)
            for name, count in counts.items()
        )

    @property
    def channels(self) -> tuple[Choice, ...]:
        """Both channels or one; nothing to choose for who reads one."""
        if not self.reads_internal:
            return ()
        counts = {"": self.tally.total, "internal": self.tally.internal}
        counts |= {"client": self.tally.client}
        return tuple(
            Choice(
                name.capitalize() or "Both",
                count,
                self.chosen.but(channel=name),
                self.chosen.channel == name,
            )
            for name, count in counts.items()
        )


@dataclass(frozen=True, slots=True)
class Panel:
    """All of the notes' part of a page.

    The form is for a new note or for the one that is `edited`; `saved` is what that says, `typed`
    what the form shows.
    """

    listing: Listing
    typed: Typed
    former: Former | None
    edited: Note | None = None
    saved: Typed = Typed()
    colours: tuple[str, ...] = COLOURS


def panel_of(
    reviewer: Reviewer,
    chosen: Chosen | None = None,
    typed: Typed | None = None,
    refused: Mapping[int, Typed] | None = None,
) -> Panel:
    """The panel with an empty form, or with what was refused; six queries, however many notes."""
    return Panel(
        listing=listing_of(reviewer, chosen or Chosen(), refused),
        typed=typed or Typed(channel=_usual_channel(reviewer)),
        former=former_of(reviewer),
    )


def listing_of(
    reviewer: Reviewer, chosen: Chosen, refused: Mapping[int, Typed] | None = None
) -> Listing:
    """The threads that are looked at; `refused` has what was typed into one of them."""
    shots = planned_shots(proofs.snapshot_of(reviewer.take))
    chosen_threads = _chosen_threads(reviewer, chosen, shots)
    notes = list(_with_people(reviewer, chosen_threads)[: MOST_THREADS + 1])
    replies = _replies_to(reviewer, notes[:MOST_THREADS])
    by_scene = {shot.scene_id: shot for shot in shots}
    threads = tuple(
        Thread(
            first=_entry(reviewer, note),
            replies=tuple(_entry(reviewer, each) for each in replies[note.pk]),
            shot=by_scene.get(note.scene_id),
            typed=(refused or {}).get(note.pk),
        )
        for note in notes[:MOST_THREADS]
    )
    return Listing(
        threads=threads,
        tally=tally_of(reviewer),
        chosen=chosen,
        shots=shots,
        has_more=len(notes) > len(threads),
        may_comment=reviewer.can_comment,
        may_resolve=rights.may_resolve(reviewer),
        reads_internal=Channel.INTERNAL in reviewer.channels,
    )


def entry_of(reviewer: Reviewer, note: Note) -> Entry:
    """One note alone, as a form or a dialog shows it."""
    return _entry(reviewer, note)


def name_of(reviewer: Reviewer, note: Note) -> str:
    """Who wrote it. A guest is told no member's e-mail address."""
    if note.guest is not None:
        return str(note.guest)
    if reviewer.is_guest:
        return (note.author.name if note.author else "") or str(reviewer.take.workspace)
    return str(note.author)


def _usual_channel(reviewer: Reviewer) -> str:
    return Channel.CLIENT if reviewer.is_guest else Channel.INTERNAL


def _chosen_threads(
    reviewer: Reviewer, chosen: Chosen, shots: Iterable[PlannedShot]
) -> QuerySet[Note]:
    threads = threads_in(reviewer.take, reviewer.channels)
    if chosen.show != "all":
        threads = threads.filter(resolved_at__isnull=chosen.show == "open")
    if chosen.channel:
        threads = threads.filter(channel=chosen.channel)
    if chosen.shot:
        scenes = [shot.scene_id for shot in shots if str(shot.number) == chosen.shot]
        threads = threads.filter(scene_id__in=scenes)
    return threads.order_by(F("from_ms").asc(nulls_first=True), "pk")


def _replies_to(reviewer: Reviewer, threads: Iterable[Note]) -> Mapping[int, list[Note]]:
    found: dict[int, list[Note]] = defaultdict(list)
    answers = notes_for(reviewer).filter(Q(parent__in=[each.pk for each in threads]))
    for note in _with_people(reviewer, answers.order_by("pk")):
        found[note.parent_id or 0].append(note)
    return found


def _with_people(reviewer: Reviewer, notes: QuerySet[Note]) -> QuerySet[Note]:
    # A drawing may be large, and is fetched when it is looked at.
    rows = notes.select_related("author", "guest", "resolved_by").defer("drawing")
    if reviewer.is_guest:
        return rows
    named = NoteMention.objects.select_related("user")
    return rows.prefetch_related(Prefetch("mentions", queryset=named))


def _entry(reviewer: Reviewer, note: Note) -> Entry:
    who = name_of(reviewer, note)
    words = who.replace(".", " ").split()
    handles = () if reviewer.is_guest else (handle_of(each.user) for each in note.mentions.all())
    if note.deleted_at is not None:
        note.text = ""  # what it said is not for the page: its answers alone still stand
    return Entry(
        note=note,
        who=who,
        initials="".join(word[0] for word in words[:2]).upper() or "?",
        handles=tuple(handles),
        may_edit=rights.may_edit(reviewer, note),
        may_delete=rights.may_delete(reviewer, note),
    )
