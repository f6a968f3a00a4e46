"""What follows when a take ends, in the transaction in which it does."""

from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews import telling
from studio.reviews.comparing import comparisons
from studio.reviews.playing import films


def take_ended(take: Take) -> None:
    """A take that is ready is to be reviewed: rooms that prepare for it are called here."""
    telling.tell_of_end(take)
    if take.status != Status.READY:
        return
    films.order_for(take)
    comparisons.order_with_former(take)
