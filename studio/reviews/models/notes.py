"""What people write and draw on a take, and what they say of its shots."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.renders.models import Take


class Channel(models.TextChoices):
    """Who may read a note. A guest reads the client channel, by whatever way."""

    INTERNAL = "internal", "Internal"
    CLIENT = "client", "Client"


class Note(models.Model):
    """A comment on a take: on all of it, at a frame (`from_ms`) or over a range (to `to_ms`).

    By a member (`author`) or a `guest`, who both stay named when they leave. A reply (`parent`) is
    in the channel of its thread. `scene_id` names a shot of the take's revision. `drawing` is a
    list of strokes in coordinates from 0 to 1 (`notes.drawings`). A deleted note keeps its row.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="notes")
    take = models.ForeignKey(Take, models.CASCADE, related_name="notes")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    text = models.TextField(blank=True)
    from_ms = models.PositiveIntegerField(null=True)
    to_ms = models.PositiveIntegerField(null=True)
    scene_id = models.CharField(max_length=80, blank=True)
    drawing = models.JSONField(default=list, blank=True)
    drawn = models.CharField(
        max_length=60, blank=True, help_text="What the drawing consists of, in words."
    )
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey("Guest", models.PROTECT, null=True, related_name="notes")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(
        default=timezone.now, help_text="Of anything a page shows; pulses compare it."
    )
    edited_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="NULL: the guest who wrote it."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(author=None) ^ Q(guest=None), name="a_note_has_one_author"
            ),
            models.CheckConstraint(
                condition=Q(guest=None) | Q(channel=Channel.CLIENT),
                name="guests_write_to_the_client_channel",
            ),
        ]
        indexes = [models.Index(fields=["take", "channel", "changed_at"], name="notes_of_take")]

    def __str__(self) -> str:
        return f"note {self.pk} on take {self.take_id}"


class NoteEdit(models.Model):
    """What a note said before it was edited."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="edits")
    text = models.TextField(blank=True)
    drawing = models.JSONField(default=list, blank=True)
    from_ms = models.PositiveIntegerField(null=True)
    to_ms = models.PositiveIntegerField(null=True)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"note {self.note_id} before {self.replaced_at:%Y-%m-%d %H:%M}"


class NoteMention(models.Model):
    """A member named in a note."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in note {self.note_id}"


class ShotVerdict(models.Model):
    """One shot of a take marked fine or fix; the newest of a shot counts. Members only."""

    class Verdict(models.TextChoices):
        FINE = "fine", "Fine"
        FIX = "fix", "Fix"
        OPEN = "open", "Not judged"

    take = models.ForeignKey(Take, models.CASCADE, related_name="shot_verdicts")
    scene_id = models.CharField(max_length=80)
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    says = models.TextField(blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["take", "scene_id"], name="verdicts_of_take")]

    def __str__(self) -> str:
        return f"{self.scene_id} of take {self.take_id}: {self.verdict}"
