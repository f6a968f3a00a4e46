"""What people decide about a take, by which policy, and what may therefore leave the house."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import Role, User, Workspace
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
    """One word of one person on one take; a person's newest word is theirs. Rows are only added.

    By a member (`decided_by`) or by a `guest` of a share link. `counts` is whether the policy of
    that moment let it count, else it is advice. The database refuses changes: migration 0004.
    """

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"
        WITHDRAWN = "withdrawn", "Withdrawn"

    take = models.ForeignKey(Take, models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey("Guest", models.PROTECT, null=True, related_name="decisions")
    role = models.CharField(max_length=10, choices=Role.choices, blank=True)
    counts = models.BooleanField(default=True)
    decided_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Decision"]] = AppendOnly.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) ^ Q(guest=None), name="a_decision_has_one_maker"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: take {self.take_id}"

    @property
    def is_approval(self) -> bool:
        return self.verdict == self.Verdict.APPROVED

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A decision cannot be removed. Record a new one.")


class Release(Sealed):
    """The full video, unlocked by approvals; withdrawn, it is locked again.

    `decision` is the approval that completed them, `approvals_needed` what the policy asked for
    then. Without `released_by` the policy released it by itself, on a guest's word.
    """

    take = models.ForeignKey(Take, models.PROTECT, related_name="releases")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="releases")
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    refused_since = models.DateTimeField(
        null=True, help_text="Found not to be what was approved, and not found whole since."
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["take"], condition=Q(withdrawn_at=None), name="one_live_release"
            )
        ]

    def __str__(self) -> str:
        return f"release of take {self.take_id}"


def _deciding_roles() -> list[str]:
    return [Role.PRODUCER.value, Role.ADMIN.value]


class ReviewPolicy(models.Model):
    """What a workspace asks for before a film is released. Without a row, these defaults hold."""

    workspace = models.OneToOneField(
        Workspace, models.CASCADE, primary_key=True, related_name="review_policy"
    )
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    roles = models.JSONField(
        default=_deciding_roles, help_text="Whose approvals count; all of them may decide."
    )
    refuses_own = models.BooleanField(
        default=False, help_text="Who ordered a take cannot approve it."
    )
    guests_count = models.BooleanField(
        default=False, help_text="An approval through a share link counts; else it advises."
    )
    releases_itself = models.BooleanField(
        default=True, help_text="Release as soon as it is approved; else by a producer's hand."
    )
    updated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.workspace_id}: {self.approvals_needed} approvals"
