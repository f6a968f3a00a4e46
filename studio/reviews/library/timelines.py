"""A take as an OpenTimelineIO timeline: its plan, its film, and its notes as markers."""

from collections.abc import Iterable
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from studio.renders.collecting.measuring import MEASURED
from studio.reviews.notes.exporting import NoteRow
from studio.storyboards.boards import Board
from studio.storyboards.exchange.opentimeline import DEFAULT_RATE, RATES, timeline_of
from studio.vault.models import Asset

_LONGEST_NAME = 60


def rate_of(film: Asset | None) -> str:
    """The rate of `RATES` that is nearest to the film's own."""
    measured = film.facts.get(MEASURED, {}) if film else {}
    exact = measured.get("fps") or [0, 1]
    if not exact[0]:
        return DEFAULT_RATE
    fps = Fraction(*exact)
    return min(RATES, key=lambda rate: abs(RATES[rate] - fps))


def write_timeline(
    board: Board, rate: str, notes: Iterable[NoteRow], film: Asset | None, film_name: str
) -> str:
    """The `.otio` document at `rate`, one of `RATES`. A `film` is a track of its own above the
    plan, one clip long, that names the file `film_name` to lie beside the timeline."""
    fps = float(RATES[rate])
    timeline = timeline_of(board, rate)
    if film is not None:
        _add_film(timeline, film, film_name, fps)
    # A note at the film's very end: programs drop a marker that stands behind the last frame.
    last_frame = timeline.duration() - RationalTime(1, fps)
    for row in notes:
        timeline.tracks.markers.append(_marker(row, fps, last_frame))
    return str(timeline.to_json_string(indent=2))


def _add_film(timeline: otio.schema.Timeline, film: Asset, name: str, fps: float) -> None:
    whole = _span(0, film.facts.get("duration_ms", 0), fps)
    media = otio.schema.ExternalReference(target_url=name, available_range=whole)
    media.metadata["shotboard"] = {"sha256": film.sha256, "size_bytes": film.size_bytes}
    track = otio.schema.Track("Released film", kind=otio.schema.TrackKind.Video)  # type: ignore[attr-defined]
    track.append(otio.schema.Clip(name, media, whole))
    timeline.tracks.append(track)


def _marker(row: NoteRow, fps: float, last_frame: RationalTime) -> otio.schema.Marker:
    """A note without a time is about the whole take: it stands at the beginning."""
    begins = row.from_ms or 0
    span = _span(begins, row.to_ms or begins, fps)
    what = "Answer" if row.answers else "Note"
    marker = otio.schema.Marker(
        f"{what} {row.number}, {row.author}"[:_LONGEST_NAME],
        TimeRange(min(span.start_time, last_frame), span.duration),
        "PURPLE" if row.channel == "internal" else "GREEN",
        comment=row.text or row.drawing,
    )
    marker.metadata["shotboard"] = {
        "channel": row.channel,
        "state": row.state,
        "shot": row.shot,
        "scene_id": row.scene_id,
        "written_utc": row.written,
    }
    return marker


def _span(from_ms: int, to_ms: int, fps: float) -> TimeRange:
    """Whole frames, one at least."""
    first, last = (RationalTime(round(ms * fps / 1000), fps) for ms in (from_ms, to_ms))
    return TimeRange(first, max(last - first, RationalTime(1, fps)))
