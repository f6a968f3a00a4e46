"""A board as CSV: one row a shot, read back by `csv_reading` to the same shots.

UTF-8 with a byte order mark, because Excel takes it for Windows-1252 otherwise; commas, CRLF.
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from studio.storyboards.exchange.csv_cells import guarded
from studio.storyboards.exchange.csv_columns import EXPORTED
from studio.storyboards.models import Shot
from studio.storyboards.timing import to_seconds


def export_csv(shots: Iterable[Shot]) -> bytes:
    """The file. Texts are guarded against being run as formulas, numbers stay numbers."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["Number", *(field.export for field in EXPORTED)])
    for number, shot in enumerate(shots, start=1):
        cells = _cells(shot)
        writer.writerow([number, *(cells[field.name] for field in EXPORTED)])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _cells(shot: Shot) -> dict[str, str]:
    return {
        "scene_id": guarded(shot.scene_id),
        "prompt": guarded(shot.prompt),
        "duration": _seconds(shot.duration_ms),
        "motion": guarded(shot.motion),
        "speed": _number(shot.speed),
        "light_temperature": _number(shot.light_temperature),
        "light_intensity": _number(shot.light_intensity),
        "light_style": guarded(shot.light_style),
        "transition": shot.transition,
        "transition_ms": _seconds(shot.transition_ms) if shot.transition_ms else "",
        "notes": guarded(shot.notes),
        "is_locked": "yes" if shot.is_locked else "",
        "subject_x": _number(shot.subject_x),
        "subject_y": _number(shot.subject_y),
    }


def _seconds(milliseconds: int) -> str:
    return str(to_seconds(milliseconds))


def _number(value: float | None) -> str:
    """To the last digit, and never with an exponent."""
    if value is None:
        return ""
    return format(Decimal(repr(value)), "f").removesuffix(".0")
