"""Reference pictures: what people upload, paste or sketch, drawn anew and kept in the vault."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.pictures.distrust.limits import STILL_LIMITS
from studio.pictures.probe import redraw_still
from studio.storyboards.taking_in import Intake


def _redrawn(sent: Path, redrawn: Path) -> dict[str, Any]:
    return asdict(redraw_still(sent, redrawn))


PICTURES = Intake(
    "reference", "picture", STILL_LIMITS.max_bytes, "Save it smaller, as JPEG for example", _redrawn
)
