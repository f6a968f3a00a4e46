"""The frame of a shot: its reference picture, or one drawn from its prompt and light.

Made once, and kept by what it shows.
"""

import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from PIL import Image

from studio.pictures.camera.sketch import framed
from studio.pictures.plan import Light
from studio.pictures.scenery.scene import still_for
from studio.storyboards.models import Lighting, Project, Shot
from studio.vault.storing import path_of

SIZE = (480, 270)
LARGE = (1280, 720)
# Raised whenever pictures draw differently, so that old frames are not shown any more.
DRAWING = 1
DRAWS_AT_ONCE = 2
PATIENCE_S = 10
QUALITY = 82
# A prompt leaves one frame of about 20 kB for each wording that was ever looked at.
KEPT_UNUSED_S = 30 * 24 * 3600.0
KEPT_BYTES = 500 * 1000 * 1000
_USE_NOTED_EVERY_S = 24 * 3600.0

_drawing = threading.BoundedSemaphore(DRAWS_AT_ONCE)


class Busy(Exception):
    """Too many frames are being drawn; ask again in a moment."""


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


def fingerprint(shot: Shot, project: Project, size: tuple[int, int] = SIZE) -> str:
    """What the frame shows, as a hash: the same for every shot that looks the same.

    Reads the reference's row where the shot has one, unless `know_references` has.
    """
    if shot.reference:
        shows: list[Any] = [DRAWING, size, "reference", shot.reference.sha256]
    else:
        light = light_of(shot, project)
        shows = [DRAWING, size, shot.prompt, light.temperature_k, light.intensity, light.style]
    return hashlib.sha256(json.dumps(shows).encode()).hexdigest()[:32]


def frame_of(shot: Shot, project: Project, size: tuple[int, int] = SIZE) -> Path:
    """The JPEG of the shot, of `size` in pixels, made now if nobody asked for it before.

    Raises `Busy` when no drawing place became free within `PATIENCE_S` seconds: web threads must
    not queue up behind pictures. Raises OSError when the vault has lost the reference.
    """
    name = fingerprint(shot, project, size)
    path = _folder() / name[:2] / f"{name}.jpg"
    if path.exists():
        _note_use(path)
        return path
    if not _drawing.acquire(timeout=PATIENCE_S):
        raise Busy
    try:
        if not path.exists():
            _keep(path, lambda: _picture(shot, project, size))
    finally:
        _drawing.release()
    return path


def _picture(shot: Shot, project: Project, size: tuple[int, int]) -> Image.Image:
    if shot.reference:
        return framed(path_of(shot.reference), size)
    return still_for(shot.prompt, light_of(shot, project), size)


def prune() -> int:
    """Delete frames that nobody has looked at for 30 days, and the longest unused above 500 MB.

    Returns how many. Any may go at any time: whoever asks again has it drawn again.
    """
    found = sorted(((path.stat().st_mtime, path) for path in _folder().glob("*/*")), reverse=True)
    oldest, total, pruned = time.time() - KEPT_UNUSED_S, 0, 0
    for used_at, path in found:
        total += path.stat().st_size
        if used_at < oldest or total > KEPT_BYTES:
            path.unlink(missing_ok=True)
            pruned += 1
    return pruned


def _folder() -> Path:
    return Path(settings.STUDIO_VAR) / "cache" / "frames"


def _note_use(path: Path) -> None:
    """As the file's time of change, once a day: the time of reading is not kept everywhere."""
    with suppress(OSError):  # pruned just now
        if time.time() - path.stat().st_mtime > _USE_NOTED_EVERY_S:
            os.utime(path)


def _keep(path: Path, draw: Callable[[], Image.Image]) -> None:
    """Draw into a file beside `path`, then rename: a reader never sees half a picture."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
    try:
        with os.fdopen(descriptor, "wb") as file:
            draw().save(file, "JPEG", quality=QUALITY)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
