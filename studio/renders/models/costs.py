"""What renders cost, and how much a team may spend."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.storyboards.models import Project


class RateCard(models.Model):
    """What the vendor charges a workspace, from a day (UTC) on until the next card's."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="rate_cards")
    currency = models.CharField(max_length=3, help_text="ISO 4217, such as USD.")
    per_second = models.DecimalField(max_digits=12, decimal_places=4)
    per_shot = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    valid_from = models.DateField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "valid_from"], name="one_rate_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.per_second} {self.currency} a second from {self.valid_from}"


class Budget(models.Model):
    """The most that a workspace, or one of its projects, may spend in a calendar month (UTC)."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="budgets")
    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="budgets")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    warn_percent = models.PositiveSmallIntegerField(default=80)
    is_hard = models.BooleanField(default=True, help_text="Orders beyond it are refused.")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(project=None), name="one_budget_of_a_workspace"
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(project__isnull=False), name="one_budget_a_project"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} a month"
