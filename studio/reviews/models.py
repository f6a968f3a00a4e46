"""What people decide about a take, and what may therefore leave the house."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import User
from studio.renders.models import Take


class Seal(models.Model):
    """The SHA-256 (hex) of exactly what was judged: payload, preview and video."""

    payload_sha256 = models.CharField(max_length=64)
    preview_sha256 = models.CharField(max_length=64)
    video_sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @property
    def hashes(self) -> tuple[str, str, str]:
        return (self.payload_sha256, self.preview_sha256, self.video_sha256)


class Decision(Seal):
    """A yes or a no to one take. Rows are only ever added; the newest counts."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"

    take = models.ForeignKey(Take, models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: take {self.take_id}"


class Release(Seal):
    """The full video, unlocked by an approving decision; withdrawn, it is locked again."""

    take = models.ForeignKey(Take, models.CASCADE, related_name="releases")
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
