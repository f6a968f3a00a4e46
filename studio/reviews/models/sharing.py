"""Links to one take for people without an account, who came by them, and what they looked at."""

import uuid

from django.db import models
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.renders.models import Take
from studio.vault.models import Asset


class ShareLink(models.Model):
    """A way in to one take: its preview, or its film while that is released.

    The token itself is shown once and never kept; `uid` names the link in addresses, and opens
    nothing.
    """

    class Subject(models.TextChoices):
        PREVIEW = "preview", "Preview"
        FILM = "film", "Released film"

    class Rights(models.TextChoices):
        VIEW = "view", "View"
        COMMENT = "comment", "View and comment"
        APPROVE = "approve", "View, comment and approve"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="share_links")
    take = models.ForeignKey(Take, models.CASCADE, related_name="share_links")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=8, choices=Subject.choices, default=Subject.PREVIEW)
    rights = models.CharField(max_length=8, choices=Rights.choices, default=Rights.VIEW)
    expires_at = models.DateTimeField()
    passphrase = models.CharField(
        max_length=200, blank=True, help_text="As Django hashes passwords (argon2); empty: none."
    )
    view_cap = models.PositiveIntegerField(
        null=True, help_text="How many people (browsers) may come in; NULL: any number."
    )
    views = models.PositiveIntegerField(default=0)
    asks_name = models.BooleanField(default=True)
    marks_viewer = models.BooleanField(
        default=True, help_text="Burn the guest's name into the preview they see."
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_viewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} of take {self.take_id}, {self.rights}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def may_comment(self) -> bool:
        return self.rights in (self.Rights.COMMENT, self.Rights.APPROVE)

    @property
    def may_decide(self) -> bool:
        return self.rights == self.Rights.APPROVE


class Guest(models.Model):
    """Somebody who came by a link, in one browser. `key_sha256` is of the secret in its session."""

    link = models.ForeignKey(ShareLink, models.PROTECT, related_name="guests")
    name = models.CharField(max_length=120, blank=True)
    key_sha256 = models.CharField(max_length=64, unique=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name or "A guest"


class LinkView(models.Model):
    """One line of a link's view log."""

    class What(models.TextChoices):
        OPENED = "opened", "Opened the page"
        WATCHED = "watched", "Watched the preview"
        FILM_WATCHED = "film", "Watched the film"
        DOWNLOADED = "downloaded", "Downloaded the film"
        REFUSED = "refused", "Was refused"

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="log")
    guest = models.ForeignKey(Guest, models.CASCADE, null=True, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    says = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.what} by {self.guest_id} at {self.at:%Y-%m-%d %H:%M}"


class Brand(models.Model):
    """How a workspace shows itself to guests: its name, and its own mark."""

    workspace = models.OneToOneField(
        Workspace, models.CASCADE, primary_key=True, related_name="brand"
    )
    mark = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"brand of {self.workspace_id}"
