"""Notes for other programs: rows of a table, and markers of an edit decision list (CMX 3600).

What is exported is chosen by channels, as on every page: `rows(take, reviewer.channels)`.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from studio.lib.unseen import without_controls
from studio.renders import proofs
from studio.renders.models import Take
from studio.reviews.models import Note
from studio.reviews.notes.reading import notes_in
from studio.reviews.room import clock, planned_shots
from studio.storyboards.exchange.csv_cells import guarded

COLUMNS = (
    "note",
    "answers",
    "channel",
    "from",
    "to",
    "shot",
    "scene id",
    "state",
    "author",
    "written (UTC)",
    "drawing",
    "text",
)
# An hour in front of the film, as timelines begin.
_FIRST_HOUR_MS = 3_600_000
_LONGEST_MARKER = 500
_LONGEST_TITLE = 70


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note as other programs get it; `number` counts within what is exported, from 1."""

    number: int
    answers: int | None
    channel: str
    from_ms: int | None
    to_ms: int | None
    shot: int | None
    scene_id: str
    state: str
    author: str
    written: str
    drawing: str
    text: str


def rows(take: Take, channels: Collection[str]) -> tuple[NoteRow, ...]:
    """The notes that readers of `channels` may know of: threads by time, each with its answers."""
    people = notes_in(take, channels).select_related("author", "guest", "parent")
    notes = people.defer("drawing", "parent__drawing", "parent__text")
    ordered = sorted(notes, key=_place)
    numbers = {note.pk: number for number, note in enumerate(ordered, start=1)}
    shots = {shot.scene_id: shot.number for shot in planned_shots(proofs.snapshot_of(take))}
    return tuple(_row(take, note, numbers, shots) for note in ordered)


def csv_text(found: Iterable[NoteRow]) -> str:
    """A CSV (RFC 4180) in which no cell is a formula for a spreadsheet."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for row in found:
        cells = (
            row.number,
            row.answers,
            row.channel,
            _clock(row.from_ms),
            _clock(row.to_ms),
            row.shot,
            row.scene_id,
            row.state,
            row.author,
            row.written,
            row.drawing,
            row.text,
        )
        writer.writerow(["" if cell is None else guarded(str(cell)) for cell in cells])
    return sheet.getvalue()


def edl_text(take: Take, found: Sequence[NoteRow], *, fps: int = 24) -> str:
    """Markers as an EDL, non-drop frame, beginning at 01:00:00:00.

    Read by DaVinci Resolve (`|C:… |M:… |D:…`) and by Avid and Premiere (`* LOC:`). A note without a
    time is about the whole take: a marker at its beginning. Answers follow in their thread's text.
    """
    title = _plain(f"{take.project.title} take {take.number} notes")[:_LONGEST_TITLE]
    lines = [f"TITLE: {title}", "FCM: NON-DROP FRAME", ""]
    # A note at the film's very end: programs drop a marker that stands behind the last frame.
    last_frame = max(0, take.duration_ms * fps // 1000 - 1)
    threads = [row for row in found if row.answers is None]
    answers = defaultdict[int | None, list[NoteRow]](list)
    for row in found:
        answers[row.answers].append(row)
    for event, row in enumerate(threads, start=1):
        lines += _event(event, row, answers[row.number], fps, last_frame)
    return "\r\n".join(lines) + "\r\n"


def timecode(frames: int, fps: int) -> str:
    """`01:00:18:09`: the place of a frame, counted from 0, at `fps` frames a second."""
    seconds, frame = divmod(frames, fps)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame:02}"


def _event(
    event: int, row: NoteRow, answers: Sequence[NoteRow], fps: int, last_frame: int
) -> list[str]:
    begins = _FIRST_HOUR_MS * fps // 1000 + min((row.from_ms or 0) * fps // 1000, last_frame)
    lasts = 1 if row.to_ms is None else max(1, (row.to_ms - (row.from_ms or 0)) * fps // 1000)
    first, last = timecode(begins, fps), timecode(begins + lasts, fps)
    colour = ("Blue", "BLUE") if row.channel == "internal" else ("Green", "GREEN")
    said = " / ".join([_said(row), *map(_said, answers)])
    text = _plain(said)[:_LONGEST_MARKER]
    return [
        f"{event:03}  001      V     C        {first} {last} {first} {last}",
        f" |C:ResolveColor{colour[0]} |M:{text} |D:{lasts}",
        f"* LOC: {first} {colour[1]:<7} {text}",
        "",
    ]


def _said(row: NoteRow) -> str:
    return f"{row.author}: {row.text or row.drawing}"


def _plain(text: str) -> str:
    """On one line, without the sign that divides a marker's parts."""
    return without_controls(text).replace("|", "/")


def _row(take: Take, note: Note, numbers: dict[int, int], shots: dict[str, int]) -> NoteRow:
    thread = note.parent or note
    return NoteRow(
        number=numbers[note.pk],
        answers=numbers.get(note.parent_id) if note.parent_id else None,
        channel=note.channel,
        from_ms=thread.from_ms,
        to_ms=thread.to_ms,
        shot=shots.get(thread.scene_id),
        scene_id=thread.scene_id,
        state="resolved" if thread.resolved_at else "open",
        author=_author(note, take),
        written=f"{note.created_at:%Y-%m-%d %H:%M:%S}",
        drawing=note.drawn,
        text=note.text,
    )


def _author(note: Note, take: Take) -> str:
    if note.guest is not None:
        return f"{note.guest} (guest)"
    # Not the e-mail address: an export goes to people outside.
    return (note.author.name if note.author else "") or str(take.workspace)


def _place(note: Note) -> tuple[int, int, int]:
    thread = note.parent or note
    return (-1 if thread.from_ms is None else thread.from_ms, thread.pk, note.pk)


def _clock(moment_ms: int | None) -> str | None:
    return None if moment_ms is None else clock(moment_ms)
