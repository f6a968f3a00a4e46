"""Camera presets: the twelve built-ins, and which of them the vendor's document describes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from studio.accounts.models import Workspace
from studio.storyboards.models import CameraPreset, PresetEvidence

DOCUMENTED = CameraPreset.Standing.DOCUMENTED
UNVERIFIED = CameraPreset.Standing.UNVERIFIED
ACCEPTED = CameraPreset.Standing.ACCEPTED
REJECTED = CameraPreset.Standing.REJECTED


@dataclass(frozen=True)
class BuiltIn:
    motion: str
    title: str
    description: str
    standing: CameraPreset.Standing = UNVERIFIED


# The first four and their words: document, section Camera and Scene Presets. The document counts
# twelve and names no more; the other eight are common moves, unverified until a take proves them.
BUILT_INS = (
    BuiltIn("orbit", "Orbit", "Circular path around the focal subject.", DOCUMENTED),
    BuiltIn("dolly-in", "Dolly in", "Smooth forward push toward the subject.", DOCUMENTED),
    BuiltIn("follow", "Follow", "Locks onto a moving subject, keeping it centered.", DOCUMENTED),
    BuiltIn("handheld", "Handheld", "Adds subtle shake and parallax.", DOCUMENTED),
    BuiltIn("static", "Static", "The camera stands still."),
    BuiltIn("dolly-out", "Dolly out", "Smooth pull away from the subject."),
    BuiltIn("pan-left", "Pan left", "Turns to the left from a fixed place."),
    BuiltIn("pan-right", "Pan right", "Turns to the right from a fixed place."),
    BuiltIn("tilt-up", "Tilt up", "Turns upward from a fixed place."),
    BuiltIn("tilt-down", "Tilt down", "Turns downward from a fixed place."),
    BuiltIn("crane-up", "Crane up", "Rises above the scene."),
    BuiltIn("zoom-in", "Zoom in", "The lens closes in; the camera stands still."),
)
BUILT_IN_MOTIONS = tuple(preset.motion for preset in BUILT_INS)


def presets_of(workspace: Workspace) -> list[CameraPreset]:
    """The built-ins and the workspace's own, in the order to show them, in one query.

    Each has the standing that the workspace's own takes have given it. Not to be saved.
    """
    evidence = PresetEvidence.objects.filter(workspace=workspace, motion=OuterRef("motion"))
    learned = Subquery(evidence.values("standing")[:1])
    presets: list[CameraPreset] = []
    for preset in _offered_to(workspace).annotate(learned=learned):
        preset.standing = _standing(preset.standing, preset.learned)
        presets.append(preset)
    return presets


def motions_of(workspace: Workspace) -> list[str]:
    """The names of the camera moves that this workspace may use."""
    return list(_offered_to(workspace).values_list("motion", flat=True))


def motions_for(workspace: Workspace, post: Mapping[str, str]) -> list[str]:
    """The camera moves that a form's `motion` may name; not asked for where it has none."""
    return motions_of(workspace) if "motion" in post else []


def _offered_to(workspace: Workspace) -> QuerySet[CameraPreset]:
    return CameraPreset.objects.filter(Q(workspace=None) | Q(workspace=workspace))


def _standing(stated: str, learned: str | None) -> str:
    """What is documented stays so when it is accepted too: the vendor's word says more."""
    if learned is None or (learned == ACCEPTED and stated == DOCUMENTED):
        return stated
    return learned


def title_of(motion: str) -> str:
    """The move's name for people, without asking the database: a workspace's own go by theirs."""
    return _TITLES.get(motion, motion)


_TITLES = {preset.motion: preset.title for preset in BUILT_INS}
