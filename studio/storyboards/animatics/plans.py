"""The animatic: our own moving picture of a project's plan, free of charge."""

from collections.abc import Callable
from pathlib import Path

from studio.pictures.animatic import render_gif, render_mp4
from studio.pictures.plan import CENTRE, Camera, FilmPlan, ShotPlan, Transition
from studio.storyboards.frames import light_of
from studio.storyboards.models import Project, Shot
from studio.vault.storing import path_of

DEFAULT_SPEED = 0.5
WRITERS: dict[str, Callable[..., None]] = {".gif": render_gif, ".mp4": render_mp4}


class NoAnimatic(ValueError):
    """There is nothing to draw, or no way to draw it; the message says what to do."""


def plan_of(project: Project) -> FilmPlan:
    """What the animatic of the project, as it stands now, shows. Raises `NoAnimatic`."""
    shots = tuple(project.shots.select_related("reference"))
    if not shots:
        raise NoAnimatic(f"“{project.title}” has no shots yet. Add one, then draw the animatic.")
    return FilmPlan(project.title, tuple(_planned(project, n, s) for n, s in enumerate(shots, 1)))


def _planned(project: Project, number: int, shot: Shot) -> ShotPlan:
    """A shot with what it inherits filled in; `number` counts from 1."""
    speed = project.speed if shot.speed is None else shot.speed
    return ShotPlan(
        id=shot.scene_id,
        number=number,
        prompt=shot.prompt,
        duration_ms=shot.duration_ms,
        camera=Camera(shot.motion or project.motion, DEFAULT_SPEED if speed is None else speed),
        light=light_of(shot, project),
        still=_still(shot, number),
        subject=_subject(shot),
        transition=Transition(shot.transition, shot.transition_ms),
    )


def _subject(shot: Shot) -> tuple[float, float]:
    if shot.subject_x is None or shot.subject_y is None:
        return CENTRE
    return shot.subject_x / 100, shot.subject_y / 100


def _still(shot: Shot, number: int) -> Path | None:
    """The file of its reference picture, which is one that we drew ourselves."""
    if shot.reference is None:
        return None
    path = path_of(shot.reference)
    if not path.is_file():
        raise NoAnimatic(
            f"The reference picture of shot {number} is missing from the vault. "
            "Ask your admin to restore it from a backup, or remove it from the shot."
        )
    return path


def render_animatic(
    project: Project, out: Path, on_progress: Callable[[float], None] | None = None
) -> FilmPlan:
    """Draw the project's animatic to `out`, whose suffix is one of `WRITERS`.

    `on_progress` gets 0.0–1.0. Raises `NoAnimatic`.
    """
    plan = plan_of(project)
    try:
        WRITERS[out.suffix.lower()](plan, out, on_progress=on_progress)
    except ValueError as wrong:  # a camera move of this workspace that we have no model of
        raise NoAnimatic(str(wrong)) from wrong
    return plan
