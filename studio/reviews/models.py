"""What people decide about a take, and what may therefore leave the house."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.renders.models import Take
from studio.reviews.seals import Seal


class Sealed(models.Model):
    """A row bound to the SHA-256 (hex) of exactly what was judged: payload, preview and video."""

    payload_sha256 = models.CharField(max_length=64)
    preview_sha256 = models.CharField(max_length=64)
    video_sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @property
    def seal(self) -> Seal:
        return Seal(self.payload_sha256, self.preview_sha256, self.video_sha256)


class AppendOnly(models.QuerySet["Decision"]):
    """Rows that are added, and neither changed nor removed."""

    def update(self, **fields: Any) -> NoReturn:
        raise TypeError("A decision stands as it was made. Record a new one.")

    def delete(self) -> NoReturn:
        raise TypeError("A decision cannot be removed. Record a new one.")


class Decision(Sealed):
    """A yes or a no to one take. Rows are only ever added; the newest counts.

    The database itself refuses changes: migration 0002.
    """

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"

    take = models.ForeignKey(Take, models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Decision"]] = AppendOnly.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: take {self.take_id}"

    @property
    def is_approval(self) -> bool:
        return self.verdict == self.Verdict.APPROVED

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A decision cannot be removed. Record a new one.")


class Release(Sealed):
    """The full video, unlocked by an approving decision; withdrawn, it is locked again."""

    take = models.ForeignKey(Take, models.PROTECT, related_name="releases")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="releases")
    released_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["take"], condition=Q(withdrawn_at=None), name="one_live_release"
            )
        ]

    def __str__(self) -> str:
        return f"release of take {self.take_id}"


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
