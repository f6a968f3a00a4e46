"""Who is sent next: each workspace's line, and what is known of each key at the vendor."""

from django.db import models

from studio.accounts.models import ApiKey, User, Workspace


class Desk(models.Model):
    """The render queue of one workspace: whether it is paused, and how far its line has come.

    Its row is locked by whoever sends, orders or rearranges takes of the workspace.
    """

    workspace = models.OneToOneField(
        Workspace, models.CASCADE, primary_key=True, related_name="desk"
    )
    paused_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reached = models.BigIntegerField(default=0, help_text="The place of the take sent last.")
    sent_at = models.DateTimeField(null=True, help_text="When one of its takes was sent last.")
    changes = models.PositiveBigIntegerField(
        default=1, help_text="Counts pauses and rearrangements; pulses compare it."
    )

    def __str__(self) -> str:
        return f"render queue of {self.workspace_id}"

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


class KeyCapacity(models.Model):
    """How many renders the vendor takes on at once with a key, learned from its 429s."""

    api_key = models.OneToOneField(
        ApiKey, models.CASCADE, primary_key=True, related_name="capacity"
    )
    slots = models.PositiveIntegerField(null=True, help_text="NULL: no limit is known.")
    learned_at = models.DateTimeField(null=True)
    raise_at = models.DateTimeField(null=True, help_text="From when on one more is tried.")
    quiet_until = models.DateTimeField(
        null=True, help_text="The vendor asked not to be sent anything with this key until then."
    )

    def __str__(self) -> str:
        return f"{self.slots or 'any number of'} slots of key {self.api_key_id}"


class KeyTrial(models.Model):
    """When a key that the vendor has refused is tried again by itself, with a free question."""

    api_key = models.OneToOneField(ApiKey, models.CASCADE, related_name="trial")
    paused_at = models.DateTimeField(help_text="Of the pause it is about; another begins anew.")
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"trial {self.tries} of {self.api_key_id}"
