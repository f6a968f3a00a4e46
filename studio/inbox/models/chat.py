"""Chat webhooks of a workspace, and what was sent through them."""

import uuid

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.inbox.models.kinds import label_in_chat


class _Standing(models.Manager["ChatHook"]):
    """The hooks that nobody removed."""

    def get_queryset(self) -> QuerySet["ChatHook"]:
        return super().get_queryset().filter(removed_at=None)


class ChatHook(models.Model):
    """One address of a chat to which events are posted. The address is a secret: whoever has it
    can write there. It is stored sealed and never shown again; `shows` is what people see of it.

    A hook that was removed is emptied at once, and its row goes later (`chat/hooks.py`).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="chat_hooks")
    name = models.CharField(max_length=80)
    ciphertext = models.TextField(editable=False)
    shows = models.CharField(max_length=120)
    kinds = models.JSONField(default=list, help_text="The kinds of events that are posted.")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=300, blank=True)
    refusals = models.PositiveSmallIntegerField(
        default=0, help_text="How often in a row the chat has refused a message."
    )
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = _Standing()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.shows})"

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def is_told(self) -> bool:
        """Whether events are posted to it."""
        return self.paused_at is None and self.removed_at is None


class ChatMessage(models.Model):
    """One event on its way to one chat; `key` names the event: the same one is posted once."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Delivered"
        GIVEN_UP = "given_up", "Not delivered"

    TEST = "test"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    hook = models.ForeignKey(ChatHook, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    says = models.CharField(max_length=500)
    url = models.CharField(max_length=400, blank=True)
    key = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, help_text="When it is (next) tried; NULL: it is over.")
    attempts = models.PositiveSmallIntegerField(default=0)
    entry = models.BigIntegerField(null=True, help_text="The queue's entry that was made for it.")
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=300, blank=True, help_text="What came of it, in words.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["hook", "key"], name="each_event_once_a_hook")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="chat_messages_due"
            ),
            models.Index(fields=["workspace", "-id"], name="chat_messages_log"),
            models.Index(
                fields=["created_at"], condition=Q(due_at=None), name="chat_messages_by_age"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.hook_id}: {self.status}"

    @property
    def label(self) -> str:
        return "Test" if self.kind == self.TEST else label_in_chat(self.kind)
