"""Locked shots: finished, and kept from every edit but their notes and the lock itself.

They may be moved, and whole revisions are brought back by Undo and Restore with their locks. Every
other edit of shots, single or in bulk, asks here before it writes.
"""

from collections.abc import Collection, Iterable, Sequence

from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import EditRefused
from studio.storyboards.models import Shot
from studio.storyboards.snapshots import SHOT_FIELDS

# What may be changed on a locked shot.
FREE_FIELDS = frozenset({"notes", "is_locked"})
_MOST_NAMED = 3


class Locked(EditRefused):
    """A locked shot would be changed or deleted; the message says which and what to do.

    `fields` are the columns that the lock protects from this edit; empty for a deletion.
    """

    def __init__(self, says: str, fields: Collection[str] = ()) -> None:
        super().__init__(says)
        self.fields = tuple(fields)


def require_unlocked(shots: Sequence[Shot], pks: Collection[int], fields: Iterable[str]) -> None:
    """Raise `Locked` when one of `pks` among `shots` (all, in order) is locked and one of `fields`
    (columns) is protected."""
    protected = [name for name in fields if name not in FREE_FIELDS]
    numbers = _locked(shots, pks)
    if protected and numbers:
        one = len(numbers) == 1
        what = summaries.listed(list(dict.fromkeys(map(_word, protected))))
        says = f"Unlock {'it' if one else 'them'} to change {'its' if one else 'their'} {what}."
        raise Locked(f"{_are_locked(numbers)} {says}", protected)


def require_deletable(shots: Sequence[Shot], pks: Collection[int]) -> None:
    """Raise `Locked` when one of `pks` among `shots` (all, in order) is locked."""
    if numbers := _locked(shots, pks):
        it = "it" if len(numbers) == 1 else "them"
        raise Locked(f"{_are_locked(numbers)} Unlock {it} to delete {it}.")


def require_kept(before: Sequence[Shot], after: Sequence[Shot]) -> None:
    """Raise `Locked` when the list `after` lacks or changes a shot that is locked in `before`, and
    stays so: what an edit unlocks at the same time, it may change."""
    kept = {shot.pk: shot for shot in after}
    require_deletable(before, {shot.pk for shot in before} - kept.keys())
    for shot in before:
        if shot.is_locked and kept[shot.pk].is_locked:
            changed = [n for n in SHOT_FIELDS if getattr(shot, n) != getattr(kept[shot.pk], n)]
            require_unlocked(before, {shot.pk}, changed)


def _locked(shots: Sequence[Shot], pks: Collection[int]) -> list[int]:
    """The numbers, from 1, of those that are locked."""
    return [n for n, shot in enumerate(shots, 1) if shot.is_locked and shot.pk in pks]


def _are_locked(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Shot {numbers[0]} is locked."
    if len(numbers) > _MOST_NAMED:
        return f"{len(numbers)} of these shots are locked."
    return f"Shots {summaries.listed([str(number) for number in numbers])} are locked."


def _word(column: str) -> str:
    if column in ("subject_x", "subject_y"):
        return "subject"
    return "length" if column == "duration_ms" else summaries.field_name(column)
