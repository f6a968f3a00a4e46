"""A workspace's own camera presets: moves the vendor may know, until a take proves or denies it."""

import re

from django.db import IntegrityError, transaction

from studio.accounts.models import Workspace
from studio.storyboards import rules
from studio.storyboards.models import CameraPreset, Project, Shot
from studio.storyboards.presets import presets_of

MAX_PRESETS = 40
MAX_TITLE, MAX_MOTION, MAX_DESCRIPTION = 60, 40, 200
_MOTION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class InUse(ValueError):
    """The preset cannot go while something is filmed with it; the message says what to do."""


def checked(title: str, motion: str, description: str) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed as a preset's fields, and a sentence for each that does not fit."""
    values, errors = {}, {}
    fields = {
        "title": (title, MAX_TITLE, "A title"),
        "motion": (motion.lower(), MAX_MOTION, "A motion name"),
        "description": (description, MAX_DESCRIPTION, "A description"),
    }
    for name, (text, limit, what) in fields.items():
        try:
            values[name] = " ".join(rules.checked_text(text, limit, what).split())
        except rules.BadField as bad:
            errors[name] = str(bad)
    if not values.get("title", "-"):
        errors["title"] = "A camera move needs a title, such as Whip pan."
    if not _MOTION.fullmatch(values.get("motion", "-")) and "motion" not in errors:
        errors["motion"] = (
            "The name is what is sent: small letters, digits and hyphens, such as whip-pan."
        )
    return values, errors


def add_preset(workspace: Workspace, values: dict[str, str]) -> CameraPreset:
    """A new, unverified preset. Raises `rules.BadField` when its motion is there already, or when
    the workspace has as many as it may."""
    presets = list(presets_of(workspace))
    if any(preset.motion == values["motion"] for preset in presets):
        raise rules.BadField(f"There is a preset for {values['motion']} already. Choose that one.")
    if sum(preset.workspace_id is not None for preset in presets) >= MAX_PRESETS:
        raise rules.BadField(
            f"A workspace keeps {MAX_PRESETS} presets of its own at most. Delete one first."
        )
    try:
        with transaction.atomic():
            return CameraPreset.objects.create(workspace=workspace, **values)
    except IntegrityError:
        said = f"There is a preset for {values['motion']} already. Choose that one."
        raise rules.BadField(said) from None


def delete_preset(preset: CameraPreset) -> None:
    """Delete a workspace's own preset. Raises `InUse` while a project or shot has its motion."""
    with transaction.atomic():
        projects = Project.objects.filter(workspace=preset.workspace)
        shots = Shot.objects.filter(project__workspace=preset.workspace, motion=preset.motion)
        film = (
            projects.filter(motion=preset.motion) | projects.filter(pk__in=shots.values("project"))
        ).first()
        if film:
            raise InUse(
                f"“{preset.title}” is used in {film.title}. "
                "Give its shots another camera move first."
            )
        preset.delete()
