"""Which open notes are about which shot of a take: by the shot they name, else by their moment."""

from collections.abc import Mapping, Sequence

from studio.reviews.models import Note
from studio.reviews.notes.reading import notes_for
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import PlannedShot


def by_shot(reviewer: Reviewer, planned: Sequence[PlannedShot]) -> Mapping[str, Sequence[Note]]:
    """Threads that this person may read and nobody resolved, by scene id, in the film's order.

    Notes on the whole take are about no shot. One query.
    """
    threads = notes_for(reviewer).filter(parent=None, resolved_at=None)
    found: dict[str, list[Note]] = {}
    for note in threads.select_related("author", "guest"):
        if scene_id := _shot_of(note, planned):
            found.setdefault(scene_id, []).append(note)
    for notes in found.values():
        notes.sort(key=lambda note: (note.from_ms or 0, note.pk))
    return found


def _shot_of(note: Note, planned: Sequence[PlannedShot]) -> str:
    if note.scene_id or note.from_ms is None:
        return note.scene_id
    begun = [shot.scene_id for shot in planned if shot.start_ms <= note.from_ms]
    return begun[-1] if begun else ""
