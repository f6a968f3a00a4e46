"""What people are told: one row for each event and person."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import User, Workspace


class Kind(models.TextChoices):
    """What an event is about; the label heads its e-mail."""

    KEY_PAUSED = "key_paused", "API key paused"
    KEY_RESUMED = "key_resumed", "API key in use again"
    TAKE_UNCERTAIN = "take_uncertain", "Outcome of a render unknown"
    BUDGET_WARNED = "budget_warned", "Budget nearly used up"
    BUDGET_REACHED = "budget_reached", "Budget reached"
    FILES_DUE = "files_due", "Files about to be deleted"
    TAKE_READY = "take_ready", "Take ready to review"
    TAKE_FAILED = "take_failed", "Render failed"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    APPROVED = "approved", "Take approved"
    RELEASED = "released", "Film released"
    RELEASE_WITHDRAWN = "release_withdrawn", "Release withdrawn"
    RELEASE_REFUSED = "release_refused", "Release refused"
    MENTIONED = "mentioned", "You were mentioned"
    NOTED = "noted", "A guest wrote a note"
    LINK_VIEWED = "link_viewed", "Share link opened for the first time"


# Told by e-mail too, because waiting until somebody opens the studio costs money or files.
MAILED = frozenset({Kind.KEY_PAUSED, Kind.BUDGET_REACHED, Kind.FILES_DUE})


class Notice(models.Model):
    """One event, told to one person: in the app, and by e-mail where its kind asks for that.

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
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}: {self.says}"

    @property
    def label(self) -> str:
        return Kind(self.kind).label

    @property
    def is_unread(self) -> bool:
        return self.read_at is None
