"""What a review pack tells: notes with their drawings, shots with their verdicts, and decisions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from studio.accounts.models import User
from studio.renders import proofs
from studio.renders.models import Take
from studio.reviews.library.editions import Edition
from studio.reviews.library.pack.strokes import Path, paths_of
from studio.reviews.models import Channel, Decision, Guest, Note, ShotVerdict
from studio.reviews.notes.drawings import in_words
from studio.reviews.notes.reading import notes_in, threads_in
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import PlannedShot, clock, planned_shots


@dataclass(frozen=True, slots=True)
class Shot:
    """A planned shot; `verdict` is the newest, for the house alone."""

    planned: PlannedShot
    verdict: ShotVerdict | None


@dataclass(frozen=True, slots=True)
class Comment:
    """A note or an answer. `still` is the name of its picture in the pack."""

    who: str
    at: str
    written: datetime
    text: str
    shot: PlannedShot | None
    is_internal: bool
    is_resolved: bool
    strokes: tuple[Path, ...]
    drawn: str
    from_ms: int | None
    still: str
    answers: tuple["Comment", ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A decision. Why, only where the reader may know: `note`."""

    decision: Decision
    who: str
    note: str


def shots_of(take: Take, edition: Edition) -> tuple[Shot, ...]:
    """The shots as they were planned."""
    verdicts: dict[str, ShotVerdict] = {}
    if edition.is_house:
        rows = ShotVerdict.objects.filter(take=take).select_related("given_by").order_by("pk")
        verdicts = {row.scene_id: row for row in rows}
    shown = {scene: row for scene, row in verdicts.items() if row.verdict != "open"}
    planned = planned_shots(proofs.snapshot_of(take))
    return tuple(Shot(shot, shown.get(shot.scene_id)) for shot in planned)


def comments_of(reviewer: Reviewer, edition: Edition, height: int) -> tuple[Comment, ...]:
    """The threads by time, drawings upon a canvas `height` high. Two queries."""
    take, channels = reviewer.take, edition.channels_for(reviewer)
    answers: dict[int, list[Note]] = defaultdict(list)
    written = notes_in(take, channels).filter(parent__isnull=False).order_by("pk")
    for note in written.select_related("author", "guest"):
        answers[note.parent_id or 0].append(note)
    shots = {shot.scene_id: shot for shot in planned_shots(proofs.snapshot_of(take))}
    teller = _Teller(take, edition, shots, height)
    threads = threads_in(take, channels).select_related("author", "guest")
    return tuple(teller.told(note, answers[note.pk]) for note in sorted(threads, key=_place))


def words_of(take: Take, edition: Edition) -> tuple[Word, ...]:
    """The decisions, oldest first. What members wrote is for the house."""
    rows = Decision.objects.filter(take=take).select_related("decided_by", "guest").order_by("pk")
    return tuple(
        Word(
            row,
            name_of(row.decided_by, row.guest, take, edition),
            row.note if edition.is_house or row.guest_id else "",
        )
        for row in rows
    )


def name_of(member: User | None, guest: Guest | None, take: Take, edition: Edition) -> str:
    """Who it was. A file that leaves the house names no member's e-mail address."""
    if guest is not None:
        return f"{guest} (guest)"
    if edition.is_house and member is not None:
        return str(member)
    return (member.name if member else "") or str(take.workspace)


@dataclass(frozen=True, slots=True)
class _Teller:
    take: Take
    edition: Edition
    shots: dict[str, PlannedShot]
    height: int

    def told(self, note: Note, answers: Iterable[Note] = (), of: Note | None = None) -> Comment:
        """The note; an answer speaks `of` the moment of its thread."""
        thread, is_gone = of or note, note.deleted_at is not None
        drawing = [] if is_gone else note.drawing
        return Comment(
            who=name_of(note.author, note.guest, self.take, self.edition),
            at=_moment(note),
            written=note.created_at,
            text="This note was deleted." if is_gone else note.text,
            shot=self.shots.get(note.scene_id),
            is_internal=note.channel == Channel.INTERNAL,
            is_resolved=note.resolved_at is not None,
            strokes=paths_of(drawing, self.height),
            drawn=in_words(drawing),
            from_ms=thread.from_ms,
            still=f"still{note.pk}" if drawing or (not of and note.from_ms is not None) else "",
            answers=tuple(self.told(each, of=note) for each in answers),
        )


def _moment(note: Note) -> str:
    if note.from_ms is None:
        return ""
    begins = clock(note.from_ms)
    return begins if note.to_ms is None else f"{begins} to {clock(note.to_ms)}"


def _place(note: Note) -> tuple[int, int]:
    return (-1 if note.from_ms is None else note.from_ms, note.pk)
