"""What follows when a take ends, in the transaction in which it does."""

from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews.comparing import comparisons


def take_ended(take: Take) -> None:
    """A take that is ready is to be reviewed: rooms that prepare for it are called here."""
    if take.status != Status.READY:
        return
    comparisons.order_with_former(take)
