"""The plan of an animatic: what a board shows, shot by shot, with what each inherits filled in."""

from collections.abc import Sequence
from pathlib import Path

from studio.pictures.camera.motion import MOTIONS
from studio.pictures.plan import CENTRE, Camera, FilmPlan, ShotPlan, Transition
from studio.storyboards.frames import know_references, light_of
from studio.storyboards.models import Project, Shot
from studio.storyboards.snapshots import thawed
from studio.vault.models import Asset
from studio.vault.storing import path_of

DEFAULT_SPEED = 0.5


class NoAnimatic(ValueError):
    """There is nothing to draw, or no way to draw it; the message says what to do."""


def plan_of(project: Project, shots: Sequence[Shot] | None = None) -> FilmPlan:
    """What the animatic of the project shows: with its `shots` as they stand now, or with those
    given, in order. Raises `NoAnimatic`."""
    if shots is None:
        shots = list(project.shots.select_related("reference"))
    if not shots:
        raise NoAnimatic(f"“{project.title}” has no shots yet. Add one, then draw the animatic.")
    know_references(shots)
    drawn = tuple(planned(project, n, shot) for n, shot in enumerate(shots, 1))
    for shot in drawn:
        if shot.camera.motion not in MOTIONS:
            raise NoAnimatic(
                f"Shot {shot.number} moves by “{shot.camera.motion}”, a move of your workspace's "
                "own that Shotboard has no model to draw by. Choose one of the twelve for it while "
                "you draw the animatic."
            )
    return FilmPlan(project.title, drawn)


def as_of(project: Project, number: int) -> tuple[Project, list[Shot]]:
    """The project and its shots as a revision holds them, whatever has been edited since; nothing
    of it is saved. Raises `NoAnimatic`."""
    revision = project.revisions.filter(number=number).only("snapshot").first()
    if revision is None:
        raise NoAnimatic(f"Revision {number} of “{project.title}” is not here. Reload the page.")
    return thawed(project, revision.snapshot)


def soundtrack_of(project: Project) -> Path | None:
    """The file that plays under the animatic, encoded by ourselves. Raises `NoAnimatic`."""
    if project.soundtrack is None:
        return None
    return _file(project.soundtrack, "The soundtrack", "the project")


def planned(project: Project, number: int, shot: Shot) -> ShotPlan:
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
    return _file(shot.reference, f"The reference picture of shot {number}", "the shot")


def _file(asset: Asset, what: str, where: str) -> Path:
    path = path_of(asset)
    if not path.is_file():
        raise NoAnimatic(
            f"{what} is missing from the vault. "
            f"Ask your admin to restore it from a backup, or remove it from {where}."
        )
    return path
