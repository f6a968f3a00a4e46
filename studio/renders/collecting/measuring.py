"""What a delivery sheet says of a film, as the facts of its asset keep it."""

import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.pictures.errors import Unacceptable
from studio.pictures.probe import Limits, measure_film

VIDEO_MAX_BYTES = 2 * 1000 * 1000 * 1000
MEASURED = "measured"
_PROBLEM = "The technical facts of this film could not be measured."

log = logging.getLogger(__name__)


def measured(path: Path) -> dict[str, Any]:
    """`{"measured": …}` of a film that the probe found sound: the fields of `FilmFacts`, or a
    `problem` for people. Only an aid: a paid film is not given up for it. Raises OSError."""
    try:
        return {MEASURED: asdict(measure_film(path, Limits(max_bytes=VIDEO_MAX_BYTES)))}
    except Unacceptable as refused:
        log.warning("A film could not be measured: %s", refused)
        return {MEASURED: {"problem": _PROBLEM}}
