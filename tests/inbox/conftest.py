"""Notices to look at."""

from collections.abc import Callable

import pytest

from studio.accounts.models import User, Workspace
from studio.inbox.models import Kind, Notice
from studio.inbox.outbox import announce


@pytest.fixture
def tell(workspace: Workspace) -> Callable[..., Notice]:
    """Announce something to one person, each time anew; returns their notice."""
    count = 0

    def told(user: User, says: str = "Look.", kind: Kind = Kind.KEY_PAUSED, **more: str) -> Notice:
        nonlocal count
        count += 1
        announce(workspace, kind, says, key=f"event-{count}", users=[user], **more)
        return Notice.objects.get(user=user, key=f"event-{count}")

    return told
