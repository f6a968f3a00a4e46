"""Private files: written once, hashed, never changed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import Workspace


class Asset(models.Model):
    """One file in the vault. Its row is written after its bytes are safe on disk (invariant 6)."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="assets")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=60)
    path = models.CharField(max_length=200, unique=True, help_text="Below the vault's folder.")
    facts = models.JSONField(default=dict, help_text="What the probe measured.")
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(
        null=True, help_text="When its bytes were given up; the row keeps what they were."
    )
    erased_at = models.DateTimeField(
        null=True, help_text="When they were off the disk: until then, erasing is to be finished."
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["deleted_at"],
                condition=Q(deleted_at__isnull=False, erased_at=None),
                name="assets_to_erase",
            )
        ]

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:12]}"
