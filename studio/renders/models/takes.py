"""Takes: each is one paid render of one revision, with its whole history."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import ApiKey, User, Workspace
from studio.renders.lifecycle import TERMINAL, Status
from studio.storyboards.models import Project, Revision
from studio.vault.models import Asset


class Take(models.Model):
    """One render of a revision: frozen payload, vendor task, status. `lifecycle.advance` alone
    writes `status`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="takes")
    project = models.ForeignKey(Project, models.CASCADE, related_name="takes")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="takes")
    number = models.PositiveIntegerField(help_text="Counts up within the project.")
    payload = models.TextField(help_text="The canonical JSON that is sent, less what is per take.")
    payload_sha256 = models.CharField(max_length=64)
    duration_ms = models.PositiveIntegerField()
    form_token = models.CharField(
        max_length=64, blank=True, help_text="Of the form that ordered it: sent twice, made once."
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent; never goes back.")
    api_key = models.ForeignKey(ApiKey, models.PROTECT, null=True, related_name="takes")
    vendor_task_id = models.CharField(max_length=200, blank=True)
    candidate_task_id = models.CharField(
        max_length=200, blank=True, help_text="Named by a webhook, not yet confirmed by a GET."
    )
    trace_id = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="POSTs begun, 429s included.")
    waits_for = models.CharField(
        max_length=300, blank=True, help_text="In words, what a waiting take waits for."
    )
    error_kind = models.CharField(max_length=40, blank=True)
    error_says = models.TextField(blank=True)
    error_resolution = models.TextField(blank=True)
    error_status = models.PositiveSmallIntegerField(null=True)
    error_body = models.TextField(blank=True)
    # One due column serves polls, backoff after a 429, and deadlines alike; NULL is never due.
    next_poll_at = models.DateTimeField(null=True)
    send_after = models.DateTimeField(
        null=True, help_text="Not sent before this: the vendor asked for it, or backing off."
    )
    queue_entry = models.BigIntegerField(
        null=True, help_text="Its last wake-up in the queue, so that none is added to that."
    )
    leased_until = models.DateTimeField(
        null=True, help_text="Until when its collector has the take to itself."
    )
    collect_attempts = models.PositiveSmallIntegerField(default=0)
    poll_failures = models.PositiveIntegerField(default=0)
    deadline_at = models.DateTimeField(null=True, help_text="When no news means stalled.")
    submitted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    last_event = models.PositiveBigIntegerField(default=0)
    changes = models.PositiveBigIntegerField(
        default=1, help_text="Counts everything a page would show anew; pulses compare it."
    )
    place = models.BigIntegerField(
        default=0, help_text="In the line of its workspace; the lowest is sent first."
    )
    proof_scenes = models.JSONField(
        default=list, help_text="Scene ids that a proof is made of, in order; empty: the film."
    )
    discarded_at = models.DateTimeField(
        null=True, help_text="Given up by a person after it was sent: nothing is fetched."
    )
    # Costs. `billable` POSTs may each be billed; what is not metered yet counts as estimated.
    billable = models.PositiveSmallIntegerField(
        default=0, help_text="POSTs that the vendor may have taken on."
    )
    currency = models.CharField(max_length=3, blank=True)
    estimate = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, help_text="Of one render; NULL: no rate."
    )
    earlier_billable = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="Of `billable`, those from before it was sent again at another day's price.",
    )
    earlier_estimate = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, help_text="Of those, all together."
    )
    actual = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, help_text="As the vendor's meter has it."
    )
    metered = models.JSONField(default=list, help_text='By shot: {"id", "amount"}, as metered.')
    settle_at = models.DateTimeField(null=True, help_text="When the meter is asked next.")
    settle_attempts = models.PositiveSmallIntegerField(default=0)
    # The vendor's links and our files: how long they last.
    links_until = models.DateTimeField(
        null=True, help_text="Until when the vendor keeps the finished files, as far as we know."
    )
    is_kept = models.BooleanField(default=False, help_text="Retention leaves its files alone.")
    deletion_due_at = models.DateTimeField(
        null=True, help_text="Announced: when retention deletes its files."
    )
    files_deleted_at = models.DateTimeField(null=True, help_text="When retention deleted them.")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_take_per_number"),
            models.UniqueConstraint(
                fields=["project", "form_token"],
                condition=~Q(form_token=""),
                name="one_take_per_form",
            ),
            models.UniqueConstraint(
                fields=["workspace", "vendor_task_id"],
                condition=~Q(vendor_task_id=""),
                name="one_take_per_vendor_task",
            ),
        ]
        indexes = [
            # `advance` empties the column for whatever is over, so the index holds live takes only.
            models.Index(
                fields=["next_poll_at"], condition=Q(next_poll_at__isnull=False), name="takes_due"
            ),
            models.Index(fields=["workspace", "status"], name="takes_of_workspace"),
            # Whole indexes: SQLite uses no partial one whose condition comes as a parameter.
            models.Index(fields=["status", "workspace", "place"], name="takes_in_line"),
            models.Index(fields=["api_key", "status"], name="takes_holding_slots"),
            models.Index(
                fields=["settle_at"], condition=Q(settle_at__isnull=False), name="takes_to_settle"
            ),
            models.Index(fields=["workspace", "created_at"], name="takes_by_month"),
        ]

    def __str__(self) -> str:
        return f"take {self.number} of project {self.project_id}"

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL

    @property
    def is_proof(self) -> bool:
        """Whether it renders some shots of the revision only, scaled to the vendor's minimum."""
        return bool(self.proof_scenes)

    @property
    def pulse(self) -> str:
        """What a page has seen of this take: the last event, then every visible change."""
        return f"{self.last_event}-{self.changes}"


class TakeEvent(models.Model):
    """One step in a take's life, written in the transaction that made it."""

    take = models.ForeignKey(Take, models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    from_status = models.CharField(max_length=12, choices=Status.choices, blank=True)
    to_status = models.CharField(max_length=12, choices=Status.choices)
    says = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    times = models.PositiveIntegerField(default=1, help_text="How often in a row it ended so.")
    last_at = models.DateTimeField(null=True, help_text="Of several times, the last.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["take", "number"], name="one_event_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}"


class TakeAsset(models.Model):
    """A file of a take, by the part it plays."""

    class Part(models.TextChoices):
        VENDOR_GIF = "vendor_gif", "Vendor's preview, never served"
        PREVIEW_GIF = "preview_gif", "Watermarked preview"
        VIDEO = "video", "Full video"
        POSTER = "poster", "Poster of the watermarked preview"
        FILMSTRIP = "filmstrip", "Frames of the watermarked preview, side by side"

    take = models.ForeignKey(Take, models.CASCADE, related_name="assets")
    part = models.CharField(max_length=12, choices=Part.choices)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["take", "part"], name="one_asset_per_part")]

    def __str__(self) -> str:
        return f"{self.part} of take {self.take_id}"


class WebhookDelivery(models.Model):
    """A webhook that arrived for a take. Nothing in it is trusted; it only hastens a GET."""

    take = models.ForeignKey(Take, models.CASCADE, related_name="deliveries")
    received_at = models.DateTimeField(default=timezone.now)
    size_bytes = models.PositiveIntegerField()
    body_sha256 = models.CharField(max_length=64)
    candidate_task_id = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"webhook for take {self.take_id}"


class Exchange(models.Model):
    """One question or order to the vendor about a take, and the answer: evidence for support.

    `body` is the answer's text, cut short and without secrets. An answer that only repeats the one
    before it is counted (`times`, `last_at`).
    """

    class What(models.TextChoices):
        CREATE = "create", "Create a generation"
        TASK = "task", "Ask for the task"
        METER = "meter", "Ask for the cost"
        RETENTION = "retention", "Keep the files longer"
        DOWNLOAD = "download", "Download a file"

    take = models.ForeignKey(Take, models.CASCADE, related_name="exchanges")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField(default=timezone.now)
    elapsed_ms = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="NULL: no answer arrived.")
    says = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    trace_id = models.CharField(max_length=200, blank=True)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} of take {self.take_id}: {self.status or 'no answer'}"
