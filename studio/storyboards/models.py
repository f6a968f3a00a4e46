"""Projects, their shots, camera presets, the immutable revisions of both, and who looks at them."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.base import ModelState
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.vault.models import Asset


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
    weaves_transitions = models.BooleanField(
        default=True, help_text="Say in words, in the prompts sent, how shots go over."
    )
    soundtrack = models.ForeignKey(
        Asset,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Plays under the animatic; never sent.",
    )
    is_template = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    flags_version = models.PositiveIntegerField(
        default=0, help_text="Counts up whenever a flag changes; pulses compare it."
    )
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Transition(models.TextChoices):
    """How a shot goes over into the next, or ends the film. Ours: the document names none."""

    CUT = "cut", "Cut"
    CROSSFADE = "crossfade", "Crossfade"
    DIP_TO_BLACK = "dip-to-black", "Dip to black"
    DIP_TO_WHITE = "dip-to-white", "Dip to white"
    WIPE = "wipe", "Wipe"


class Shot(Lighting):
    """One scene of the storyboard. Empty camera and lighting fields inherit the project's.

    `transition` and its length lead into the next shot; a cut lasts 0 ms. `notes`, `is_locked`, the
    `reference` picture and the subject's place in it are never sent.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="shots")
    scene_id = models.CharField("Scene id", max_length=80)
    position = models.PositiveIntegerField()
    prompt = models.TextField(blank=True)
    duration_ms = models.PositiveIntegerField("Duration")
    motion = models.CharField("Camera move", max_length=40, blank=True)
    speed = models.FloatField("Speed", null=True, blank=True)
    transition = models.CharField(max_length=16, choices=Transition.choices, default=Transition.CUT)
    transition_ms = models.PositiveIntegerField("Transition length", default=0)
    notes = models.TextField(blank=True)
    is_locked = models.BooleanField("Locked", default=False)
    reference = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="+")
    # Where the subject is that `follow` holds and `orbit` circles; both empty: the centre.
    subject_x = models.PositiveSmallIntegerField("Subject, % from the left", null=True, blank=True)
    subject_y = models.PositiveSmallIntegerField("Subject, % from the top", null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["project", "position"], name="shots_in_order")]

    def __str__(self) -> str:
        return self.scene_id

    @classmethod
    def from_db(  # type: ignore[override]  # the stubs are of a later Django
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        """A row as it was read, without the checks and signals of a new instance: boards read all
        their shots for each edit, and this takes a tenth of the time."""
        if len(values) != len(cls._meta.concrete_fields):
            return super().from_db(db, field_names, values)
        shot = cls.__new__(cls)
        vars(shot).update(zip(field_names, values, strict=True))
        shot._state = ModelState()
        shot._state.adding, shot._state.db = False, db
        return shot


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


class PresetEvidence(models.Model):
    """What takes have shown of a camera move, to the workspace that paid for them and to no other.

    The latest take counts. `presets_of` reads it together with the presets.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="preset_evidence")
    motion = models.CharField(max_length=40)
    standing = models.CharField(
        max_length=12,
        choices=[
            (CameraPreset.Standing.ACCEPTED.value, CameraPreset.Standing.ACCEPTED.label),
            (CameraPreset.Standing.REJECTED.value, CameraPreset.Standing.REJECTED.label),
        ],
    )
    take = models.PositiveBigIntegerField(help_text="The take that showed it.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "motion"], name="one_evidence_per_workspace_and_motion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.motion} {self.standing} by take {self.take}"


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


class Animatic(models.Model):
    """Our own moving picture of a project's plan: asked for, drawn in the queue, kept in the vault.

    `drawing_sha256` is the hash of all that is drawn, plan and options: what was drawn once, or is
    being drawn, serves whoever asks again. `progress` counts to 1,000. A drawing that shows no sign
    of life (`seen_at`) was lost with its worker and is begun again. `asked_at` is when somebody
    last asked for it: the one asked for last is the one that the board shows.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DRAWING = "drawing", "Drawing"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    project = models.ForeignKey(Project, models.CASCADE, related_name="animatics")
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField()
    drawing_sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=60)
    width = models.PositiveSmallIntegerField("Width in pixels")
    height = models.PositiveSmallIntegerField("Height in pixels")
    fps = models.PositiveSmallIntegerField("Frames a second")
    has_captions = models.BooleanField(default=True)
    has_sound = models.BooleanField(default=True)
    watermark = models.JSONField(default=list, blank=True, help_text="Its lines; empty: none.")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    says = models.CharField("Why it failed", max_length=500, blank=True)
    duration_ms = models.PositiveIntegerField()
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+")
    poster = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+")
    queue_entry = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "drawing_sha256"],
                condition=Q(status__in=["waiting", "drawing", "ready"]),
                name="one_animatic_per_drawing",
            )
        ]
        indexes = [
            models.Index(
                fields=["seen_at"],
                condition=Q(status__in=["waiting", "drawing"]),
                name="animatics_in_work",
            )
        ]

    def __str__(self) -> str:
        return f"animatic of rev {self.revision} of project {self.project_id}"

    @property
    def format(self) -> str:
        """As people call it."""
        return "GIF" if self.media_type == "image/gif" else "MP4"


class ShotFlag(models.Model):
    """A shot that reviewers of a take want fixed: in nobody's history, no edit makes or ends one.

    `shot` is a plain key: the flag of a deleted shot waits until Undo brings the shot back. `notes`
    has a dict for each open note at that shot (`flags.Note`), copied when the fixes were started.
    One that is set aside belongs to an earlier round of fixes.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="flags")
    shot = models.PositiveBigIntegerField()
    take = models.PositiveBigIntegerField(help_text="The take that was judged.")
    take_number = models.PositiveIntegerField()
    source = models.CharField(max_length=200, help_text="Who said it, of which take.")
    url = models.CharField(max_length=200, help_text="Of the take, at that shot.")
    says = models.TextField()
    notes = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    is_set_aside = models.BooleanField(default=False)

    class Meta:
        ordering = ["take_number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "shot", "take"], name="one_flag_per_shot_and_take"
            )
        ]

    def __str__(self) -> str:
        return f"shot {self.shot} to fix, from take {self.take_number}"


class Presence(models.Model):
    """Who has a board open, at which shot, and when that window last asked."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="presences")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    window = models.CharField(max_length=36, help_text="Made up by the browser tab.")
    shot = models.PositiveBigIntegerField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "window"], name="one_presence_per_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on project {self.project_id}"


class ProjectVisit(models.Model):
    """When a person last opened a project."""

    user = models.ForeignKey(User, models.CASCADE, related_name="project_visits")
    project = models.ForeignKey(Project, models.CASCADE, related_name="visits")
    visited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-visited_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "project"], name="one_visit_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at project {self.project_id}"


class SavedView(models.Model):
    """A person's own name for a search with filters on the projects page."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, help_text="The page's query string.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name
