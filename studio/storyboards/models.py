"""Projects, their shots, camera presets, and the immutable revisions of both."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import User, Workspace


class Lighting(models.Model):
    """Lighting as the vendor's document names it; empty fields are not sent."""

    light_temperature = models.FloatField("Colour temperature", null=True, blank=True)
    light_intensity = models.FloatField("Intensity", null=True, blank=True)
    light_style = models.CharField("Style", max_length=60, blank=True)

    class Meta:
        abstract = True

    @property
    def lighting(self) -> dict[str, Any]:
        """What is set, under the vendor's names (document, section Create a Generation)."""
        named = {
            "temperature": self.light_temperature,
            "intensity": self.light_intensity,
            "style": self.light_style,
        }
        return {name: value for name, value in named.items() if value not in (None, "")}


class Project(Lighting):
    """One timeline: a brief, a default camera, lighting, and shots."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="projects")
    title = models.CharField(max_length=120)
    brief = models.TextField(blank=True)
    motion = models.CharField("Default camera move", max_length=40, default="orbit")
    speed = models.FloatField("Default speed", null=True, blank=True)
    webhook_metadata = models.JSONField(
        default=dict, blank=True, help_text="Audio and timing references, sent as they are."
    )
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Shot(Lighting):
    """One scene of the storyboard. Empty camera and lighting fields inherit the project's."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="shots")
    scene_id = models.CharField("Scene id", max_length=80)
    position = models.PositiveIntegerField()
    prompt = models.TextField(blank=True)
    duration_ms = models.PositiveIntegerField("Duration")
    motion = models.CharField("Camera move", max_length=40, blank=True)
    speed = models.FloatField("Speed", null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["project", "position"], name="shots_in_order")]

    def __str__(self) -> str:
        return self.scene_id


class CameraPreset(models.Model):
    """A camera move the vendor may know: built in (no workspace) or added by a workspace."""

    class Standing(models.TextChoices):
        DOCUMENTED = "documented", "Documented"
        UNVERIFIED = "unverified", "Unverified"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, null=True, blank=True, related_name="camera_presets"
    )
    motion = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    description = models.CharField(max_length=200)
    standing = models.CharField(
        max_length=12, choices=Standing.choices, default=Standing.UNVERIFIED
    )
    position = models.PositiveIntegerField(default=100)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["motion"], condition=Q(workspace=None), name="one_built_in_per_motion"
            ),
            models.UniqueConstraint(
                fields=["workspace", "motion"], name="one_preset_per_workspace_and_motion"
            ),
        ]

    def __str__(self) -> str:
        return self.motion


class Revision(models.Model):
    """An immutable snapshot of a project, made by each edit.

    Undo and redo are edits too: `undo_to` is the revision whose content Undo brings back, `redo_to`
    the one that Redo brings back; None where there is nothing to undo or redo. `content_of` is the
    edit that first made this content: its own number, unless Undo or Redo copied an older one.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()
    summary = models.CharField(max_length=200)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undo_to = models.PositiveIntegerField(null=True)
    redo_to = models.PositiveIntegerField(null=True)
    content_of = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_revision_per_number")
        ]

    def __str__(self) -> str:
        return f"rev {self.number} of project {self.project_id}"
