"""What the queue calls. A delivery may come twice, late or never: each looks whether it is due."""

from studio.renders.collecting import collector, retention_at_vendor
from studio.renders.costs import settling
from studio.renders.sending import posting
from studio.renders.watching import heartbeats


def submit_take(take_id: int) -> None:
    """Send the take whose turn it is: the one that this wakes for, or one that goes before it."""
    posting.send_next()


def collect_take(take_id: int) -> None:
    """Fetch one take's finished files, if they are to be fetched."""
    collector.collect(take_id)


def extend_links(take_id: int) -> None:
    """Have one take's files kept at the vendor, if that is to be asked."""
    retention_at_vendor.extend(take_id)


def settle_cost(take_id: int) -> None:
    """Ask what one take has cost, if that is to be asked."""
    settling.settle(take_id)


def beat(queue: str) -> None:
    """Show that a worker of this queue works."""
    heartbeats.beat(heartbeats.worker_of(queue))
