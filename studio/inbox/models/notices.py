"""What people are told: one row for each event and person."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.inbox.models.kinds import Kind


class Notice(models.Model):
    """One event, told to one person: in the app, and by e-mail where they want that.

    `url` is a path of this studio. `key` names the event: the same one is told once.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="notices")
    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    says = models.CharField(max_length=500)
    url = models.CharField(max_length=400, blank=True)
    project = models.BigIntegerField(
        null=True, help_text="The number of the project it is about; the inbox stands below those."
    )
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(
        null=True, help_text="When its e-mail is (next) tried; NULL: there is none to send."
    )
    in_digest = models.BooleanField(
        default=False, help_text="Whether its e-mail is the daily one, and not one at once."
    )
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace", "key"], name="each_event_once")
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(
                fields=["mail_due_at"],
                condition=Q(mail_due_at__isnull=False),
                name="notices_to_mail",
            ),
            models.Index(fields=["created_at"], name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}: {self.says}"

    @property
    def label(self) -> str:
        return Kind(self.kind).label

    @property
    def is_unread(self) -> bool:
        return self.read_at is None
