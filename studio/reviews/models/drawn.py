"""What the queue draws or measures for reviewers: films of previews, and comparisons."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import Workspace
from studio.renders.models import Take
from studio.vault.models import Asset


class Work(models.Model):
    """Something ordered from the queue. Work without a sign of life (`seen_at`) is begun again.

    `TASK` is the dotted name of what the queue calls with the row's id.
    """

    TASK: ClassVar[str]

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Working"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    progress = models.PositiveSmallIntegerField(default=0, help_text="In thousandths.")
    attempts = models.PositiveSmallIntegerField(default=0)
    says = models.CharField("Why it failed", max_length=500, blank=True)
    queue_entry = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class PreviewFilm(Work):
    """The watermarked preview as an MP4 that can be paused, made from the preview GIF's frames.

    One for the house (`guest` NULL), and one for each guest whose name is burned in. Only played
    while `made_from` is the SHA-256 of the take's preview GIF. `strip` holds frames cut at the
    planned shots; its asset's facts tell which.
    """

    TASK = "studio.reviews.tasks.draw_film"

    take = models.ForeignKey(Take, models.CASCADE, related_name="preview_films")
    guest = models.ForeignKey("Guest", models.CASCADE, null=True, related_name="preview_films")
    lines = models.JSONField(default=list, help_text="Burned in beside the preview's own mark.")
    made_from = models.CharField(max_length=64, blank=True)
    film = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+")
    poster = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+")
    strip = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["take"], condition=Q(guest=None), name="one_film_of_the_house"
            ),
            models.UniqueConstraint(fields=["take", "guest"], name="one_film_per_guest"),
        ]

    def __str__(self) -> str:
        return f"film of the preview of take {self.take_id}: {self.status}"


class Comparison(Work):
    """How much each shot of a take looks different from the same shot of another.

    `findings` has a dict for each shot (`comparing.surprises`); `made_from` is the SHA-256 of both
    previews' hashes, so that a comparison holds for exactly these two.
    """

    TASK = "studio.reviews.tasks.compare_takes"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="comparisons")
    former = models.ForeignKey(Take, models.CASCADE, related_name="+")
    later = models.ForeignKey(Take, models.CASCADE, related_name="+")
    made_from = models.CharField(max_length=64)
    findings = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["former", "later", "made_from"], name="one_comparison_per_pair"
            )
        ]

    def __str__(self) -> str:
        return f"take {self.former_id} beside take {self.later_id}: {self.status}"
