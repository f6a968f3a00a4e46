"""What the queue calls. A delivery may come twice, late or never: each looks whether it is due."""

from studio.reviews.retention import sweeping


def sweep_retention(workspace_id: int) -> None:
    """Announce and delete what a workspace's retention policy says."""
    sweeping.sweep(workspace_id)
