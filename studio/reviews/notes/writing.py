"""Writing notes: each change is one transaction, and later than every change of the take before it.

Whoever calls has authorised the request for this `Reviewer`; what one person may do to another's
note says `rights`: else `PermissionDenied` is raised.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from studio.inbox.models import Kind
from studio.inbox.outbox import announce
from studio.renders.models import Take
from studio.reviews.models import Note, NoteEdit
from studio.reviews.notes.drafts import Draft, Refused, Typed, chosen_channel
from studio.reviews.notes.drawings import in_words
from studio.reviews.notes.mentions import address_of, tell_mentioned
from studio.reviews.notes.rights import (
    may_delete,
    may_edit,
    may_resolve,
    may_restore,
    require,
)
from studio.reviews.reviewing import Reviewer

MOST_NOTES = 3_000
# Of these, so that no script with a link leaves the house without room for its own.
MOST_OF_GUESTS = 1_000
MOST_EDITS = 100
# A second click, or a request that was sent again because its answer was lost.
SAME_WITHIN = timedelta(seconds=10)


def add(reviewer: Reviewer, draft: Draft) -> Note:
    """Begin a thread. The same note of the same person within seconds is written once.

    Raises `Refused` where the take has no room for more.
    """
    channel = chosen_channel(draft.channel, is_guest=reviewer.is_guest)
    note = Note(
        channel=channel,
        text=draft.text,
        from_ms=draft.from_ms,
        to_ms=draft.to_ms,
        scene_id=draft.scene_id,
        drawing=draft.drawing,
        drawn=in_words(draft.drawing),
    )
    return _write(reviewer, note)


def reply(reviewer: Reviewer, thread: Note, text: str) -> Note:
    """Answer in a thread, in the channel of the thread. Raises `Refused` as `add` does."""
    return _write(reviewer, Note(parent=thread, channel=thread.channel, text=text))


def edit(reviewer: Reviewer, note: Note, draft: Draft) -> bool:
    """Put `draft` in the place of what one's own note says; the former is kept as a `NoteEdit`.

    The channel stays. Returns whether anything changed. After `MOST_EDITS` it is as it is.
    """
    require(may_edit(reviewer, note), "Only who wrote a note can edit it.")
    with _moment_in(reviewer.take) as now:
        note = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
        after: dict[str, object] = {
            "text": draft.text,
            "drawing": draft.drawing,
            "drawn": in_words(draft.drawing),
        }
        if note.parent_id is None:
            after |= {
                "from_ms": draft.from_ms,
                "to_ms": draft.to_ms,
                "scene_id": draft.scene_id,
            }
        if all(getattr(note, name) == value for name, value in after.items()):
            return False
        require(
            note.edits.count() < MOST_EDITS,
            f"This note was edited {MOST_EDITS} times. Write an answer to it instead.",
        )
        NoteEdit.objects.create(
            note=note,
            text=note.text,
            drawing=note.drawing,
            from_ms=note.from_ms,
            to_ms=note.to_ms,
            replaced_at=now,
        )
        _set(note, **after, edited_at=now, changed_at=now)
        _tell(reviewer, note)
    return True


def delete(reviewer: Reviewer, note: Note) -> None:
    """Take a note away from every page; its row and its answers stay, for `restore`."""
    require(may_delete(reviewer, note), "Only who wrote a note, or a producer, can delete it.")
    with _moment_in(reviewer.take) as now:
        _set(note, deleted_at=now, deleted_by=reviewer.user, changed_at=now)


def restore(reviewer: Reviewer, note: Note) -> None:
    """Bring a deleted note back."""
    require(may_restore(reviewer, note), "Only who deleted it, or a producer, can bring it back.")
    with _moment_in(reviewer.take) as now:
        _set(note, deleted_at=None, deleted_by=None, changed_at=now)


def resolve(reviewer: Reviewer, thread: Note) -> None:
    """Say that a thread is dealt with; who said so first stays named."""
    require(may_resolve(reviewer), _NOT_BY_GUESTS)
    with _moment_in(reviewer.take) as now:
        Note.objects.filter(pk=thread.pk, resolved_at=None).update(
            resolved_at=now, resolved_by=reviewer.user, changed_at=now
        )


def reopen(reviewer: Reviewer, thread: Note) -> None:
    """Say that a thread is not dealt with after all."""
    require(may_resolve(reviewer), _NOT_BY_GUESTS)
    with _moment_in(reviewer.take) as now:
        Note.objects.filter(pk=thread.pk, resolved_at__isnull=False).update(
            resolved_at=None, resolved_by=None, changed_at=now
        )


_NOT_BY_GUESTS = "Notes are resolved by the members of the studio. Write an answer instead."


def _write(reviewer: Reviewer, note: Note) -> Note:
    take = reviewer.take
    note.workspace, note.take = take.workspace, take
    note.author, note.guest = reviewer.user, reviewer.guest
    with _moment_in(take) as now:
        former = _same(note, now)
        if former is not None:
            return former
        if full := _why_full(note):
            raise Refused(Typed(text=note.text, problems={"text": full}))
        note.created_at = note.changed_at = now
        note.save(force_insert=True)
        _tell(reviewer, note)
    return note


def _why_full(note: Note) -> str:
    written = Note.objects.filter(take=note.take)
    if written.count() >= MOST_NOTES:
        return f"A take holds {MOST_NOTES} notes. Write into a thread of the next take."
    if note.guest and written.filter(guest__isnull=False).count() >= MOST_OF_GUESTS:
        return f"A take holds {MOST_OF_GUESTS} notes of guests. Ask whoever sent you the link."
    return ""


def _same(note: Note, now: datetime) -> Note | None:
    """The note that this one repeats, if its author has just written it."""
    recent = Note.objects.filter(
        take=note.take,
        parent=note.parent,
        channel=note.channel,
        author=note.author,
        guest=note.guest,
        text=note.text,
        from_ms=note.from_ms,
        to_ms=note.to_ms,
        deleted_at=None,
        created_at__gt=now - SAME_WITHIN,
    )
    return next((each for each in recent if each.drawing == note.drawing), None)


def _tell(reviewer: Reviewer, note: Note) -> None:
    take = reviewer.take
    if reviewer.user is not None:
        tell_mentioned(note, take, reviewer.user)
    elif reviewer.link is not None:
        # What a guest types names nobody: it is told to who let them in and who ordered the take.
        people = [user for user in (reviewer.link.created_by, take.created_by) if user]
        announce(
            take.workspace,
            Kind.NOTED,
            f"{reviewer.name} wrote a note on {take.project.title}, take {take.number}.",
            key=f"note-{note.pk}",
            url=address_of(note),
            users=people,
            project=take.project_id,
        )


@contextmanager
def _moment_in(take: Take) -> Iterator[datetime]:
    """A transaction that has this take's notes to itself, and a time later than all in them.

    So a page that has seen one change cannot miss another that was begun earlier and ended later.
    """
    with transaction.atomic():
        # Not for the key: rows that refer to the take are written meanwhile.
        list(Take.objects.select_for_update(no_key=True).filter(pk=take.pk).values_list("pk"))
        latest = Note.objects.filter(take=take).aggregate(latest=Max("changed_at"))["latest"]
        now = timezone.now()
        yield max(now, latest + timedelta(microseconds=1)) if latest else now


def _set(note: Note, **changes: object) -> None:
    for name, value in changes.items():
        setattr(note, name, value)
    note.save(update_fields=list(changes))
