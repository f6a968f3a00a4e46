"""The dry run of a shot: its camera move on its own picture, in its light, before anything is paid.

What somebody is just trying out goes before what is saved, so a choice is seen before it is made.
"""

import hashlib
import json
import threading
from collections.abc import Generator, Mapping
from copy import copy
from dataclasses import dataclass

from studio.pictures import dry_run as pictures
from studio.pictures.camera.motion import MOTIONS
from studio.pictures.looks import look_named
from studio.pictures.plan import Camera
from studio.pictures.scenery.reading import reads
from studio.storyboards.animatics.plans import DEFAULT_SPEED, planned
from studio.storyboards.frames import light_of
from studio.storyboards.models import Project, Shot
from studio.storyboards.presets import motions_of
from studio.storyboards.shelves import Busy, Shelf
from studio.storyboards.typed import read_shot

# Raised whenever pictures move or look differently, so that old loops are not shown any more.
DRAWING = 2
SIZE = (320, 180)
# A loop has about 0.7 MB.
SHELF = Shelf("dry-runs", ".gif", kept_bytes=500 * 1000 * 1000)
DRAWS_AT_ONCE = 4
PATIENCE_S = 8.0

# What an address may try out: the shot's inputs, by their short names.
TRIED = {
    "motion": "motion",
    "speed": "speed",
    "temperature": "light_temperature",
    "intensity": "light_intensity",
    "style": "light_style",
    "x": "subject_x",
    "y": "subject_y",
}

_drawing = threading.BoundedSemaphore(DRAWS_AT_ONCE)


class NotThis(ValueError):
    """What is to be tried out does not fit its field; the message says what to do."""


@dataclass(frozen=True)
class DryRun:
    """A shot as it would be filmed; `is_still` asks for its first frame alone."""

    shot: Shot
    project: Project
    is_still: bool = False

    @property
    def camera(self) -> Camera:
        speed = self.project.speed if self.shot.speed is None else self.shot.speed
        motion = self.shot.motion or self.project.motion
        return Camera(motion, DEFAULT_SPEED if speed is None else speed)

    @property
    def fingerprint(self) -> str:
        """What it shows, as a hash. Reads the reference's row where the shot has one."""
        shot, camera, light = self.shot, self.camera, light_of(self.shot, self.project)
        picture = ["reference", shot.reference.sha256] if shot.reference else [shot.prompt]
        shows = [
            *(DRAWING, SIZE, self.is_still, shot.scene_id, camera.motion, camera.speed),
            *(light.temperature_k, light.intensity, light.style),
            *(shot.subject_x, shot.subject_y, picture),
        ]
        return hashlib.sha256(json.dumps(shows).encode()).hexdigest()[:32]

    @property
    def problem(self) -> str:
        """Why there is nothing to see: the move is one of the workspace's own."""
        if has_model(self.camera.motion):
            return ""
        return (
            f"“{self.camera.motion}” is a move of your workspace's own. It is sent as it is spelt; "
            "Shotboard has no model to draw it by."
        )

    @property
    def note(self) -> str:
        """What the picture does not show: a lighting style that has no look."""
        style = light_of(self.shot, self.project).style
        if not style or look_named(style) or (not self.shot.reference_id and reads(style)):
            return ""
        return f"No look is known for “{style}”: it is sent as typed, the colours stay as they are."

    def drawn(self) -> Generator[bytes]:
        """The GIF as it is drawn, the first chunk a whole picture; kept when it is complete, and
        nothing is kept when it is not.

        Raises `Busy` before the first chunk when no drawing place became free, `NoAnimatic` when
        the vault has lost the reference, OSError when it cannot be read.
        """
        if not _drawing.acquire(timeout=PATIENCE_S):
            raise Busy
        try:
            number = self.project.shots.filter(position__lt=self.shot.position).count() + 1
            plan = planned(self.project, number, self.shot)
            chunks = iter([pictures.still(plan)]) if self.is_still else pictures.dry_run(plan)
            with SHELF.put(self.fingerprint) as file:
                for chunk in chunks:
                    file.write(chunk)
                    yield chunk
        finally:
            _drawing.release()


def dry_run_of(project: Project, saved: Shot, tried: Mapping[str, str]) -> DryRun:
    """The dry run of the shot as it is saved, but for what is `tried`: empty values inherit, as
    they do in a form. Raises `NotThis`; changes nothing."""
    typed = read_shot(
        {name: tried[short] for short, name in TRIED.items() if short in tried},
        motions_of(project.workspace) if "motion" in tried else [],
    )
    if not typed.is_valid:
        raise NotThis(next(iter(typed.errors.values())))
    shot = copy(saved)
    for name, value in typed.values.items():
        setattr(shot, name, value)
    return DryRun(shot, project, is_still=tried.get("still") == "1")


def has_model(motion: str) -> bool:
    """Whether we can draw this camera move."""
    return motion in MOTIONS


def prune() -> int:
    """Delete loops that nobody looks at any more; returns how many."""
    return SHELF.prune()
