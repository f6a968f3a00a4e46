"""The frame of a shot: its reference picture, or a card drawn from its prompt and light.

Made once, and kept by what it shows.
"""

import hashlib
import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.models import prefetch_related_objects
from PIL import Image

from studio.pictures.camera.sketch import framed
from studio.pictures.placeholder import card
from studio.pictures.plan import Light
from studio.pictures.scenery.scene import still_for
from studio.storyboards.models import Lighting, Project, Shot
from studio.storyboards.shelves import Busy, Shelf
from studio.vault.storing import path_of

SIZE = (480, 270)
LARGE = (1280, 720)
# Raised whenever pictures draw differently, so that old frames are not shown any more.
DRAWING = 6
# What a drawn frame shows besides its scene: the first words of the prompt among the marks of the
# frame, the marks alone where the prompt is printed beside it, or nothing where people draw on it.
WORDS, MARKS, SCENE = "words", "marks", "scene"
DRAWS_AT_ONCE = 2
PATIENCE_S = 10
QUALITY = 82
# A prompt leaves one frame of about 20 kB for each wording that was ever looked at.
SHELF = Shelf("frames", ".jpg", kept_bytes=500 * 1000 * 1000)

_drawing = threading.BoundedSemaphore(DRAWS_AT_ONCE)


def light_of(shot: Lighting, project: Project) -> Light:
    """The light the shot is seen in: its own where it has one, else the project's."""

    def own(name: str) -> Any:
        value = getattr(shot, name)
        return getattr(project, name) if value in (None, "") else value

    kelvin = own("light_temperature")
    return Light(
        temperature_k=None if kelvin is None else round(kelvin),
        intensity=own("light_intensity"),
        style=own("light_style") or None,
    )


def know_references(shots: Iterable[Shot]) -> None:
    """Read the reference pictures of many shots in one query, ahead of their fingerprints."""
    prefetch_related_objects([shot for shot in shots if shot.reference_id], "reference")


def fingerprint(
    shot: Shot, project: Project, size: tuple[int, int] = SIZE, *, shows: str = WORDS
) -> str:
    """What the frame shows, as a hash: the same for every shot that looks the same.

    Reads the reference's row where the shot has one, unless `know_references` has.
    """
    if shot.reference:
        drawn: list[Any] = [DRAWING, size, "reference", shot.reference.sha256]
    else:
        light = light_of(shot, project)
        lit = [light.temperature_k, light.intensity, light.style]
        drawn = [DRAWING, size, shot.prompt, *lit, shows]
    return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:32]


def frame_of(
    shot: Shot, project: Project, size: tuple[int, int] = SIZE, *, shows: str = WORDS
) -> Path:
    """The JPEG of the shot, of `size` in pixels, made now if nobody asked for it before. A drawn
    one `shows` its prompt's `WORDS`, or no more than the frame's `MARKS`, or the bare `SCENE`.

    Raises `Busy` when no drawing place became free within `PATIENCE_S` seconds: web threads must
    not queue up behind pictures. Raises OSError when the vault has lost the reference.
    """
    name = fingerprint(shot, project, size, shows=shows)
    if found := SHELF.find(name):
        return found
    if not _drawing.acquire(timeout=PATIENCE_S):
        raise Busy
    try:
        if not SHELF.place_of(name).exists():
            with SHELF.put(name) as file:
                _picture(shot, project, size, shows).save(file, "JPEG", quality=QUALITY)
    finally:
        _drawing.release()
    return SHELF.place_of(name)


def _picture(shot: Shot, project: Project, size: tuple[int, int], shows: str) -> Image.Image:
    if shot.reference:
        return framed(path_of(shot.reference), size)
    light = light_of(shot, project)
    if shows == SCENE:
        return still_for(shot.prompt, light, size)
    return card(shot.prompt, light, size, words=shows == WORDS)


def prune() -> int:
    """Delete frames that nobody looks at any more; returns how many."""
    return SHELF.prune()
