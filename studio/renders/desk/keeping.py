"""A person's word that a take's files stay, or that retention may have them after all.

The desk and the take's page both say it. Retention itself belongs to `reviews`, above.
"""

from django.db import transaction
from django.db.models import F

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders.models import Take


class FilesAreGone(Exception):
    """There is nothing left to keep; the message says so."""


def set_kept(take: Take, is_kept: bool, by: User) -> None:
    """Keep the take's files whatever the policy says, or no longer. Said twice, it counts once.

    Keeping takes back an announced deletion. The caller has checked `can.RENDER`. Raises
    `FilesAreGone`.
    """
    with transaction.atomic():
        take = Take.objects.select_for_update(no_key=True).get(pk=take.pk)
        if take.files_deleted_at is not None:
            raise FilesAreGone("The files of this take are deleted already and cannot be kept.")
        if take.is_kept == is_kept:
            return
        Take.objects.filter(pk=take.pk).update(
            is_kept=is_kept, deletion_due_at=None, changes=F("changes") + 1
        )
        action = "take.kept" if is_kept else "take.kept_no_longer"
        audit.record(take.workspace, by, action, str(take))
