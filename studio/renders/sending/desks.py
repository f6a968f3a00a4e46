"""The row of a workspace's render queue, and the lock that keeps its line in order."""

from django.db import transaction

from studio.accounts.models import Workspace
from studio.renders.models import Desk


def locked(workspace: Workspace) -> Desk:
    """The workspace's desk, ours until the transaction ends; made when there is none yet.

    Whoever sends, orders or rearranges holds it, so that slots and budgets are counted by one at a
    time. Locks are taken in this order: project, desk, takes, audit.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A lock lasts as long as its transaction: begin one first.")
    Desk.objects.get_or_create(workspace=workspace)
    return Desk.objects.select_for_update(of=("self",)).get(workspace=workspace)
