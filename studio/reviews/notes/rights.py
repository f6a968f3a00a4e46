"""What one person may do to a note, their own or another's."""

from django.core.exceptions import PermissionDenied

from studio.accounts.access import can, is_allowed
from studio.reviews.models import Note
from studio.reviews.reviewing import Reviewer


def may_edit(reviewer: Reviewer, note: Note) -> bool:
    """Whether it is one's own, while one may still comment."""
    return reviewer.can_comment and is_own(reviewer, note)


def may_delete(reviewer: Reviewer, note: Note) -> bool:
    """Whether it is one's own, or one is a producer or an admin."""
    return may_edit(reviewer, note) or is_allowed(reviewer.role, can.DECIDE)


def may_restore(reviewer: Reviewer, note: Note) -> bool:
    """Whether one deleted it oneself, or is a producer or an admin, who may overrule that."""
    if is_allowed(reviewer.role, can.DECIDE):
        return True
    deleter = reviewer.user.pk if reviewer.user else None
    return may_edit(reviewer, note) and note.deleted_by_id == deleter


def may_resolve(reviewer: Reviewer) -> bool:
    """Members who may comment. A guest asks for something; the house says when it is done."""
    return reviewer.can_comment and not reviewer.is_guest


def is_own(reviewer: Reviewer, note: Note) -> bool:
    """Whether this person wrote the note: a guest in the browser they wrote it in."""
    if reviewer.guest is not None:
        return note.guest_id == reviewer.guest.pk
    return reviewer.user is not None and note.author_id == reviewer.user.pk


def require(is_so: bool, else_says: str = "You may look at this take, not comment on it.") -> None:
    """Raise `PermissionDenied` with a sentence for the person unless it is so."""
    if not is_so:
        raise PermissionDenied(else_says)
