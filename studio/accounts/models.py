"""Who may do what, and where: people, workspaces, memberships, API keys and the audit log."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes users who sign in by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do hangs on their memberships, never on this row."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        """One or two letters for the person's badge."""
        words = (self.name or self.email.split("@")[0]).replace(".", " ").split()
        return "".join(word[0] for word in words[:2]).upper() or "?"


class Workspace(models.Model):
    """The tenant: every row that belongs to a team is read through its workspace."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    sends_shot_details = models.BooleanField(
        default=True,
        help_text="Send a shot's own speed and lighting where they differ from the project's.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    ADMIN = "admin", "Admin"
    PRODUCER = "producer", "Producer"
    CREATIVE = "creative", "Creative"
    VIEWER = "viewer", "Viewer"


class Membership(models.Model):
    """One person's role in one workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_role_per_workspace")
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.get_role_display()} in {self.workspace}"


class ApiKey(models.Model):
    """A vendor API key. Write-only: its plaintext leaves `accounts.keys` for the vendor alone."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        DRAINING = "draining", "Draining"
        REVOKED = "revoked", "Revoked"

    class TestResult(models.TextChoices):
        UNTESTED = "", "Not tested yet"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        UNKNOWN = "unknown", "Could not be tested"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    label = models.CharField(max_length=80)
    ciphertext = models.TextField(editable=False)
    last_four = models.CharField(max_length=4)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=300, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_tested_at = models.DateTimeField(null=True, blank=True)
    last_test_result = models.CharField(
        max_length=10, choices=TestResult.choices, default=TestResult.UNTESTED, blank=True
    )
    last_test_says = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(state="active"), name="one_active_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} (…{self.last_four})"

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


TARGET_LENGTH = 120


class AuditEntry(models.Model):
    """One line of the append-only log; each entry's hash covers the one before it."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="audit_entries")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=400)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=TARGET_LENGTH, blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="audit_without_gaps")
        ]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.actor_name} {self.action} {self.target}"


class AuditHead(models.Model):
    """The newest entry of a workspace's log; without it, cutting the log's end would not show."""

    workspace = models.OneToOneField(
        Workspace, models.PROTECT, primary_key=True, related_name="audit_head"
    )
    number = models.PositiveBigIntegerField()
    entry_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.workspace_id}: {self.number} entries"
