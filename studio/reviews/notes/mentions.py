"""Members named in notes: `@Ada Berg`. Members name each other; to guests nobody is suggested."""

import re
from collections.abc import Sequence

from django.urls import reverse

from studio.accounts.models import User
from studio.inbox.models import Kind
from studio.inbox.outbox import announce
from studio.renders.models import Take
from studio.reviews.models import Note, NoteMention

MOST_SUGGESTED = 8


def handle_of(user: User) -> str:
    """What stands behind the @: the name, or what the e-mail address begins with."""
    return user.name or user.email.split("@")[0]


def members_of(take: Take) -> list[User]:
    """Who may be named on a take: the active members of its workspace; one query."""
    members = User.objects.filter(is_active=True, memberships__workspace=take.workspace_id)
    return list(members.only("pk", "name", "email").order_by("name", "email"))


def suggested(take: Take, begun: str) -> list[str]:
    """Handles that begin, or have a word that begins, with what was typed behind the @."""
    sought = begun.strip().casefold()
    handles = dict.fromkeys(handle_of(member) for member in members_of(take))
    words = re.compile(rf"(?:^|[\s.\-]){re.escape(sought)}")
    return [each for each in handles if words.search(each.casefold())][:MOST_SUGGESTED]


def mentioned(text: str, members: Sequence[User]) -> list[User]:
    """Whom a text names. `@Ada Berg` does not name an Ada too; namesakes are all meant."""
    by_handle: dict[str, list[User]] = {}
    for member in members:
        by_handle.setdefault(handle_of(member).casefold(), []).append(member)
    pattern = _pattern(list(by_handle))
    if pattern is None:
        return []
    found = dict.fromkeys(match["handle"].casefold() for match in pattern.finditer(text))
    return [member for handle in found for member in by_handle.get(handle, [])]


def pieces(text: str, handles: Sequence[str]) -> list[tuple[bool, str]]:
    """The text in pieces, each with whether it names somebody of `handles`."""
    pattern = _pattern(handles)
    if pattern is None:
        return [(False, text)]
    cut, at = [], 0
    for match in pattern.finditer(text):
        cut += [(False, text[at : match.start()]), (True, match.group())]
        at = match.end()
    return [*cut, (False, text[at:])]


def tell_mentioned(note: Note, take: Take, author: User) -> None:
    """Keep whom a member's note names, and tell those; in the note's transaction, each once."""
    named = mentioned(note.text, members_of(take)) if "@" in note.text else []
    NoteMention.objects.filter(note=note).exclude(user__in=named).delete()
    NoteMention.objects.bulk_create(
        [NoteMention(note=note, user=user) for user in named], ignore_conflicts=True
    )
    others = [user for user in named if user.pk != author.pk]
    if not others:
        return
    announce(
        take.workspace,
        Kind.MENTIONED,
        f"{author} mentioned you in a note on {take.project.title}, take {take.number}.",
        key=f"note-{note.pk}-mentions",
        url=address_of(note),
        users=others,
        project=take.project_id,
    )


def address_of(note: Note) -> str:
    """Where a member finds the note."""
    return f"{reverse('reviews:take', args=[note.take_id])}#note-{note.pk}"


def _pattern(handles: Sequence[str]) -> re.Pattern[str] | None:
    # The longest first: else `@Ada` would be found where Ada Berg is meant.
    spelled = sorted({re.escape(each) for each in handles if each}, key=len, reverse=True)
    if not spelled:
        return None
    return re.compile(rf"(?<!\w)@(?P<handle>{'|'.join(spelled)})(?!\w)", re.IGNORECASE)
