"""Who looks at a take: a member of its workspace, or a guest who came by a share link.

Rooms of the review ask the `Reviewer` what it may, and build addresses through it, so that each
page, fragment and answer is written once for both.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from studio.accounts.access import can, fetch, is_allowed, role_on, signed_in
from studio.accounts.models import User
from studio.renders.models import Take
from studio.reviews.models import Channel, Guest, ShareLink


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person in front of one take. Either `user` and `role`, or `guest` and `link` are set.

    Whoever makes one has authorised the request.
    """

    take: Take
    user: User | None = None
    role: str = ""
    guest: Guest | None = None
    link: ShareLink | None = None

    @property
    def is_guest(self) -> bool:
        return self.guest is not None

    @property
    def name(self) -> str:
        return str(self.guest or self.user)

    @property
    def key(self) -> str:
        """Tells this person from everybody else: whose it is what a browser keeps for them."""
        return f"guest-{self.guest.pk}" if self.guest else str(self.user.pk if self.user else "")

    @property
    def channels(self) -> frozenset[str]:
        """The channels whose notes this person may know of."""
        return frozenset({Channel.CLIENT} if self.is_guest else Channel)

    @property
    def can_comment(self) -> bool:
        return self.link.may_comment if self.link else is_allowed(self.role, can.COMMENT)

    @property
    def can_decide(self) -> bool:
        return self.link.may_decide if self.link else is_allowed(self.role, can.DECIDE)

    @property
    def can_mark_shots(self) -> bool:
        return is_allowed(self.role, can.MARK_SHOTS)

    def address(self, name: str, *args: Any) -> str:
        """The path of a page or file of this take: for a guest below the link, as `shared:name`."""
        if self.link:
            return reverse(f"shared:{name}", args=[self.link.uid, *args])
        return reverse(f"reviews:{name}", args=[self.take.pk, *args])


def take_for(request: HttpRequest, pk: int, action: can) -> Take:
    """The take, if the person may do `action` in its workspace."""
    takes = Take.objects.select_related("workspace", "project", "revision", "created_by")
    return fetch(request, takes, action, pk=pk)


def member_for(request: HttpRequest, pk: int, action: can) -> Reviewer:
    """The signed-in person in front of a take, if they may do `action` there."""
    take = take_for(request, pk, action)
    return Reviewer(take, user=signed_in(request), role=role_on(take))
