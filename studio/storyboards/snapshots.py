"""A project frozen as plain data: what a revision keeps and what a take is made from."""

import copy
from collections.abc import Iterable
from operator import itemgetter
from typing import Any, TypedDict

from studio.storyboards.models import Project, Shot

_LIGHT = ("light_temperature", "light_intensity", "light_style")
PROJECT_FIELDS = (
    *("title", "brief", "motion", "speed"),
    *_LIGHT,
    *("webhook_metadata", "weaves_transitions", "soundtrack_id"),
)
SHOT_FIELDS = (
    *("scene_id", "prompt", "duration_ms", "motion", "speed"),
    *_LIGHT,
    *("transition", "transition_ms", "notes", "is_locked"),
    *("reference_id", "subject_x", "subject_y"),
)
# What the vendor never sees: no JSON field is documented for it, or it is nobody else's business.
LOCAL_SHOT_FIELDS = (
    *("transition", "transition_ms", "notes", "is_locked"),
    *("reference_id", "subject_x", "subject_y"),
)

_NAMES = ("pk", *SHOT_FIELDS)
_values_of = itemgetter("id", *SHOT_FIELDS)


class ShotSnapshot(TypedDict):
    pk: int
    scene_id: str
    prompt: str
    duration_ms: int
    motion: str
    speed: float | None
    light_temperature: float | None
    light_intensity: float | None
    light_style: str
    transition: str
    transition_ms: int
    notes: str
    is_locked: bool
    reference_id: int | None
    subject_x: int | None
    subject_y: int | None


class Snapshot(TypedDict):
    title: str
    brief: str
    motion: str
    speed: float | None
    light_temperature: float | None
    light_intensity: float | None
    light_style: str
    webhook_metadata: dict[str, Any]
    weaves_transitions: bool
    soundtrack_id: int | None
    shots: list[ShotSnapshot]


def snapshot_of(project: Project, shots: Iterable[Shot]) -> Snapshot:
    """The project and its shots (in order) as plain JSON data."""
    frozen: dict[str, Any] = {name: getattr(project, name) for name in PROJECT_FIELDS}
    # From where Django keeps the values: through its descriptors it takes ten times as long.
    frozen["shots"] = [dict(zip(_NAMES, _values_of(vars(shot)), strict=True)) for shot in shots]
    return frozen  # type: ignore[return-value]  # built from the same names the TypedDict lists


def thawed_shot(project: Project, frozen: ShotSnapshot) -> Shot:
    """The shot of a snapshot, under the key it had; not saved."""
    values = {name: frozen[name] for name in SHOT_FIELDS}  # type: ignore[literal-required]
    return Shot(pk=frozen["pk"], project=project, **values)


def thawed(project: Project, frozen: Snapshot) -> tuple[Project, list[Shot]]:
    """A copy of the project as it was in a snapshot, and its shots in order; nothing is saved."""
    former = copy.copy(project)
    for name in PROJECT_FIELDS:
        setattr(former, name, frozen[name])  # type: ignore[literal-required]
    return former, [thawed_shot(former, shot) for shot in frozen["shots"]]
