"""For how long files are kept."""

from django.db import models
from django.utils import timezone

from studio.accounts.models import User, Workspace


class RetentionPolicy(models.Model):
    """For how long a workspace keeps the files of takes that were not approved.

    Days count from the end of a take. Hashes, events and decisions are kept for ever.
    """

    workspace = models.OneToOneField(
        Workspace, models.CASCADE, primary_key=True, related_name="retention"
    )
    days = models.PositiveIntegerField(null=True, help_text="NULL: files are kept for ever.")
    warn_days = models.PositiveIntegerField(
        default=7, help_text="At least this long lies between the announcement and the deletion."
    )
    sweep_due_at = models.DateTimeField(
        default=timezone.now, help_text="When it is next swept; moved ahead, it is the lease."
    )
    updated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.workspace_id}: {self.in_words}"

    @property
    def in_words(self) -> str:
        """Such as "files are kept for 30 days, announced 7 days before"."""
        if self.days is None:
            return "files are kept for ever"
        return f"files are kept for {_days(self.days)}, announced {_days(self.warn_days)} before"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
