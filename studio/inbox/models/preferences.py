"""How people want to be told: everywhere, in one workspace, about one project."""

from django.db import models
from django.db.models import Q

from studio.accounts.models import User, Workspace


class Preferences(models.Model):
    """What a person chose for one scope; what a narrower scope leaves open, the wider one says.

    No workspace: everywhere. A workspace and no project: that workspace. `ways` maps a `Kind` to a
    `Way`; kinds that are not in it are left open.
    """

    class Follows(models.TextChoices):
        USUAL = "usual", "What concerns me"
        EVERYTHING = "everything", "Everything"
        NOTHING = "nothing", "Nothing but mentions"

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, related_name="+")
    project = models.BigIntegerField(null=True, help_text="The number of a project.")
    follows = models.CharField(max_length=12, choices=Follows.choices, default=Follows.USUAL)
    ways = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(workspace=None), name="chosen_once_everywhere"
            ),
            models.UniqueConstraint(
                fields=["user", "workspace"],
                condition=Q(project=None),
                name="chosen_once_a_workspace",
            ),
            models.UniqueConstraint(
                fields=["user", "workspace", "project"],
                condition=Q(project__isnull=False),
                name="chosen_once_a_project",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project"],
                condition=Q(project__isnull=False),
                name="chosen_for_projects",
            )
        ]

    def __str__(self) -> str:
        scope = self.project or self.workspace_id or "everywhere"
        return f"{self.user_id} in {scope}: {self.follows}"


class MailHabits(models.Model):
    """When a person's daily e-mail is sent, by the clock where they are; and whether any is.

    `last_digest_on` is their date of the last one: there is one a day.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    time_zone = models.CharField(max_length=60, default="UTC")
    hour = models.PositiveSmallIntegerField(default=8)
    skips_digest = models.BooleanField(default=False)
    is_stopped = models.BooleanField(default=False, help_text="No e-mail at all.")
    last_digest_on = models.DateField(null=True)
    entry = models.BigIntegerField(
        null=True, help_text="The queue's entry that was last made for this person's e-mail."
    )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.hour}:00 {self.time_zone}"
