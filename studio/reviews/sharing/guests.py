"""Whether a guest may: asked anew at each request, pages, pulses and bytes of films alike.

A guest's view begins with `reviewer = guest_for(request, uid, may.…)`, as a member's begins with
`member_for`. Nobody who did not come by the token learns that there is such a link (404).
"""

import uuid
from enum import Enum

from django.http import HttpRequest

from studio.lib.throttling import Throttle
from studio.renders.lifecycle import Status
from studio.reviews.models import Guest, LinkView, Release, ShareLink
from studio.reviews.reviewing import Reviewer
from studio.reviews.sharing import visits
from studio.reviews.sharing.viewing import log

UNKNOWN = (
    "This link does not work. It may be incomplete, or it has expired or was taken back. "
    "Ask whoever sent it to you for a new one."
)
EXPIRED = "This link has expired. Ask whoever sent it to you for a new one."
REVOKED = "{workspace} revoked this link. If you still need it, ask whoever sent it to you."
FULL = (
    "As many people as may have come in by this link. Ask whoever sent it to you for one of "
    "your own."
)
OUTSIDE = "Come in by this link's door first. It may ask for what it did not ask before."
NOT_SHOWN = "What this link showed is not kept any more. Ask whoever sent it to you."
NOT_RELEASED = (
    "This film is not available just now. Ask whoever sent you the link, and try again later."
)

TOO_MUCH = "This is a lot at once. Wait a minute, then go on."
TOO_OFTEN = "There were many decisions within an hour. Tell your team in another way, or wait."

# A person writes less; a script is to fill nobody's notes.
_WRITES = Throttle("guest-writes", "40/m/key")
# Each word stays for ever and is mailed at once. Of a link, too: another guest is made in a moment.
_WORDS = Throttle("guest-words", "10/h/key")
_WORDS_OF_LINK = Throttle("guest-words-of-link", "40/h/key")


class may(Enum):  # noqa: N801  (reads as a sentence: `guest_for(request, uid, may.COMMENT)`)
    """What a guest comes for."""

    LOOK = "look at this take"
    SEE_PREVIEW = "watch the preview"
    FETCH_FILM = "watch the film"
    COMMENT = "read and write notes"
    DECIDE = "approve or ask for changes"


class Closed(Exception):
    """The guest may not, or not any more: an HTTP status, and a sentence for them. `shuts` says
    that nothing of the link is theirs to see now, so that a page which is open empties itself."""

    def __init__(self, status: int, says: str, *, shuts: bool = False) -> None:
        super().__init__(says)
        self.status = status
        self.says = says
        self.shuts = shuts


class NotIn(Closed):
    """The link is open and this browser knows its token, but the door is yet to be passed."""

    def __init__(self, link: ShareLink) -> None:
        super().__init__(403, OUTSIDE, shuts=True)
        self.link = link


def guest_for(request: HttpRequest, uid: uuid.UUID, right: may) -> Reviewer:
    """The guest in front of the link's take. Raises `NotIn` at the door, else `Closed`."""
    link = link_for(request, uid)
    guest = visits.guest_in(request, link)
    if guest is None or not visits.typed_passphrase(request, link):
        raise NotIn(link)
    if link.asks_name and not guest.name:
        raise NotIn(link)
    if _is_beyond_the_cap(link, guest):
        log(request, link, LinkView.What.REFUSED, guest, FULL)
        raise Closed(410, FULL, shuts=True)
    reviewer = Reviewer(link.take, guest=guest, link=link)
    if right is may.SEE_PREVIEW and link.subject != ShareLink.Subject.PREVIEW:
        raise Closed(404, "There is no preview behind this link: it leads to the film.")
    if right is may.FETCH_FILM and link.subject != ShareLink.Subject.FILM:
        raise Closed(404, "There is no film behind this link: it leads to the preview.")
    is_allowed = {may.COMMENT: reviewer.can_comment, may.DECIDE: reviewer.can_decide}
    if not is_allowed.get(right, True):
        says = f"With this link you may not {right.value}. Ask whoever sent it to you."
        log(request, link, LinkView.What.REFUSED, guest, says)
        raise Closed(403, says)
    if request.method == "POST":
        _count(request, link, guest, right)
    return reviewer


def link_for(request: HttpRequest, uid: uuid.UUID) -> ShareLink:
    """The link, if this browser came by its token and it is open. Raises `Closed`."""
    links = ShareLink.objects.select_related(
        "workspace", "take__workspace", "take__project", "take__revision", "take__created_by"
    )
    link = links.filter(uid=uid).first()
    if link is None or not visits.knows(request, link):
        raise Closed(404, UNKNOWN, shuts=True)
    if says := why_closed(link):
        log(request, link, LinkView.What.REFUSED, visits.guest_in(request, link), says)
        raise Closed(410, says, shuts=True)
    if link.subject == ShareLink.Subject.FILM and not _is_released(link):
        log(request, link, LinkView.What.REFUSED, visits.guest_in(request, link), NOT_RELEASED)
        raise Closed(403, NOT_RELEASED, shuts=True)
    return link


def _count(request: HttpRequest, link: ShareLink, guest: Guest, right: may) -> None:
    """Raise `Closed` where this is more than people do."""
    if not _WRITES.take(request, str(guest.pk)):
        raise Closed(429, TOO_MUCH)
    if right is may.DECIDE and not (
        _WORDS.take(request, str(guest.pk)) and _WORDS_OF_LINK.take(request, str(link.uid))
    ):
        raise Closed(429, TOO_OFTEN)


def why_closed(link: ShareLink) -> str:
    """Why nobody may come in by this link any more; empty while it is open."""
    if link.revoked_at is not None:
        return REVOKED.format(workspace=link.workspace.name)
    if link.is_expired:
        return EXPIRED
    take = link.take
    is_shown = take.status == Status.READY and take.files_deleted_at is None
    return "" if is_shown and take.workspace_id == link.workspace_id else NOT_SHOWN


def _is_beyond_the_cap(link: ShareLink, guest: Guest) -> bool:
    """Whether the cap was lowered since they came in: who came first stays."""
    if link.view_cap is None or link.views <= link.view_cap:
        return False
    return link.guests.filter(pk__lt=guest.pk).count() >= link.view_cap


def _is_released(link: ShareLink) -> bool:
    """Whether a release is on record; its hashes are checked before each byte of the film."""
    return Release.objects.filter(take=link.take_id, withdrawn_at=None).exists()
