"""For whom a file is made: what leaves for a client carries nothing of the house."""

from enum import StrEnum

from django.http import HttpRequest

from studio.reviews.models import Channel
from studio.reviews.reviewing import Reviewer


class Edition(StrEnum):
    """`HOUSE` has internal notes and verdicts too, and says so in its file's name."""

    CLIENT = "client"
    HOUSE = "house"

    @property
    def is_house(self) -> bool:
        return self is Edition.HOUSE

    @property
    def prefix(self) -> str:
        """What stands before a file's ending, so that nobody sends the wrong one unawares."""
        return "internal-" if self.is_house else ""

    def channels_for(self, reviewer: Reviewer) -> frozenset[str]:
        """The channels whose notes are in it; never one that the person may not read."""
        wanted = frozenset(Channel) if self.is_house else frozenset({Channel.CLIENT})
        return wanted & reviewer.channels


def edition_of(request: HttpRequest, reviewer: Reviewer) -> Edition:
    """What `?for=house` asks for; whatever else is asked, and every guest, gets the client's."""
    wants_house = request.GET.get("for") == Edition.HOUSE and not reviewer.is_guest
    return Edition.HOUSE if wants_house else Edition.CLIENT
