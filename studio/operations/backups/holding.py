"""What waits in a backup may have been sent since it was made: nobody sends it again by itself.

Invariant 1 counts POSTs, and a restore forgets them. So the render queue of each workspace where
takes wait is paused, and each of these takes says why: to resume is a person's word.
"""

from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import Workspace
from studio.lib import migrations
from studio.renders import lifecycle
from studio.renders.lifecycle import Status
from studio.renders.models import Desk, Take
from studio.renders.sending import desks, lines


def hold_what_waits(made_at: str) -> int:
    """Pause every render queue with waiting takes in the restored database; returns how many wait.

    `made_at` is when the backup was made, ISO 8601. A database of an older version is migrated
    first. Raises DatabaseError; then nothing may be run with it.
    """
    if migrations.missing():
        call_command("migrate", verbosity=0, interactive=False)
    waiting = Take.objects.filter(status=Status.QUEUED)
    workspaces = Workspace.objects.filter(pk__in=waiting.values("workspace"))
    return sum(_held(workspace, made_at) for workspace in workspaces)


@transaction.atomic
def _held(workspace: Workspace, made_at: str) -> int:
    if not desks.locked(workspace).is_paused:
        Desk.objects.filter(workspace=workspace).update(
            paused_at=timezone.now(), paused_by=None, changes=F("changes") + 1
        )
        audit.record(workspace, None, "queue.paused", restored_from=made_at)
    waiting = list(Take.objects.filter(workspace=workspace, status=Status.QUEUED))
    for take in waiting:
        lifecycle.remark(take, _says(made_at))
    lines.note(lines.line_of(workspace))
    return len(waiting)


def _says(made_at: str) -> str:
    return (
        f"Restored from a backup of {made_at}: it may have been sent since. Look for it in the "
        "Transend console. Cancel it here if it is there; otherwise resume the render queue."
    )
