"""What people decide about a take, and what may therefore leave the house."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import User
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
