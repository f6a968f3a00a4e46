"""Pausing a workspace's render queue, and letting it go on.

While it is paused nothing of the workspace is sent; what was sent goes on. The sender looks at the
pause under the lock that this takes (`sending/claiming.py`): once `pause` returns, none is sent.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User, Workspace
from studio.renders.models import Desk
from studio.renders.sending import desks, lines


def pause(workspace: Workspace, actor: User) -> bool:
    """Hold everything that was not sent yet; False when that is so already.

    The caller has checked `can.RUN_QUEUE`.
    """
    with transaction.atomic():
        if desks.locked(workspace).is_paused:
            return False
        _set(workspace, paused_at=timezone.now(), paused_by=actor)
        audit.record(workspace, actor, "queue.paused")
    return True


def resume(workspace: Workspace, actor: User) -> bool:
    """Go on sending; False when it is not paused. The watcher's next sweep wakes the senders."""
    with transaction.atomic():
        if not desks.locked(workspace).is_paused:
            return False
        _set(workspace, paused_at=None, paused_by=None)
        audit.record(workspace, actor, "queue.resumed")
    return True


def _set(workspace: Workspace, **fields: object) -> None:
    Desk.objects.filter(workspace=workspace).update(changes=F("changes") + 1, **fields)
    # The waiting takes say so at once, watcher or not.
    lines.note(lines.line_of(workspace))
