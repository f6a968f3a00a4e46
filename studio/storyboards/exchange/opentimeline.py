"""A board as an OpenTimelineIO timeline, for editors.

Cut points are exact times rounded to whole frames, each on its own, so that no error adds up and
the timeline lasts as long as the film. Clips carry no media yet: their references are missing, but
say how much there would be, with the handles that the transitions need.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from studio.lib import unseen
from studio.storyboards.boards import Board
from studio.storyboards.models import Shot, Transition
from studio.storyboards.presets import title_of
from studio.storyboards.snapshots import PROJECT_FIELDS, SHOT_FIELDS, snapshot_of

RATES = {
    "23.976": Fraction(24_000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30_000, 1001),
    "30": Fraction(30),
}
DEFAULT_RATE = "24"
_DISSOLVE = otio.schema.TransitionTypes.SMPTE_Dissolve
_CUSTOM = otio.schema.TransitionTypes.Custom  # told apart by name and metadata
_ENDINGS = (Transition.DIP_TO_BLACK, Transition.DIP_TO_WHITE)


@dataclass(frozen=True)
class _Over:
    """How far a transition reaches back from the cut and past it, in frames."""

    before: int = 0
    after: int = 0

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


def write_timeline(board: Board, rate: str = DEFAULT_RATE) -> str:
    """The `.otio` document. `rate` is one of `RATES`, in frames per second."""
    return str(timeline_of(board, rate).to_json_string(indent=2))


def timeline_of(board: Board, rate: str = DEFAULT_RATE) -> otio.schema.Timeline:
    """One video track: a clip for each shot, a gap for one with neither prompt nor picture."""
    fps = RATES[rate]
    lengths = frame_lengths([shot.duration_ms for shot in board.shots], fps)
    overs = _overs(board.shots, lengths, fps)
    snapshot: dict[str, Any] = dict(snapshot_of(board.project, board.shots))
    timeline = otio.schema.Timeline(
        board.project.title, global_start_time=RationalTime(0, float(fps))
    )
    timeline.metadata["shotboard"] = {
        "project": board.project.pk,
        "revision": board.project.revision,
        "total_ms": board.budget.total_ms,
        **{name: snapshot[name] for name in PROJECT_FIELDS},
    }
    track = otio.schema.Track("Storyboard", kind=otio.schema.TrackKind.Video)  # type: ignore[attr-defined]
    timeline.tracks.append(track)
    for index, shot in enumerate(board.shots):
        head = overs[index - 1].before if index else 0
        item = _item(board, index, lengths[index], (head, overs[index].after), float(fps))
        item.metadata["shotboard"] = {
            "number": index + 1,
            **{name: snapshot["shots"][index][name] for name in SHOT_FIELDS},
        }
        track.append(item)
        if overs[index]:
            track.append(_transition(shot, overs[index], float(fps)))
    return timeline


def frame_lengths(durations_ms: list[int], fps: Fraction) -> list[int]:
    """Whole frames of each shot, between cut points that are rounded each on its own."""
    cuts, elapsed = [0], 0
    for duration in durations_ms:
        elapsed += duration
        cuts.append(_frames(elapsed, fps))
    return [end - start for start, end in zip(cuts, cuts[1:], strict=False)]


def _frames(milliseconds: int, fps: Fraction) -> int:
    return int(Fraction(milliseconds, 1000) * fps + Fraction(1, 2))


def _overs(shots: list[Shot], lengths: list[int], fps: Fraction) -> list[_Over]:
    """Each transition half on both sides of its cut, yet over no more than half of either shot:
    two of them never meet in one."""
    overs = []
    for index, shot in enumerate(shots):
        if shot.transition == Transition.CUT:
            overs.append(_Over())
            continue
        wanted = _frames(shot.transition_ms, fps)
        if index + 1 < len(shots):
            before = min(wanted // 2, lengths[index] // 2)
            overs.append(_Over(before, min(wanted - wanted // 2, lengths[index + 1] // 2)))
        else:
            ends = Transition(shot.transition) in _ENDINGS  # nothing follows to go over into
            overs.append(_Over(min(wanted, lengths[index] // 2) if ends else 0))
    return overs


def _item(
    board: Board, index: int, length: int, handles: tuple[int, int], fps: float
) -> otio.schema.Clip | otio.schema.Gap:
    shot, (head, tail) = board.shots[index], handles
    name = f"Shot {index + 1} – {shot.scene_id}"
    source = TimeRange(RationalTime(head, fps), RationalTime(length, fps))
    if unseen.is_blank(shot.prompt) and not shot.reference_id:
        gap = otio.schema.Gap(name, source_range=source)
        says = f"{name} has neither a prompt nor a picture yet."
        gap.markers.append(_marker("Empty", says, "RED", source))
        return gap
    media = TimeRange(RationalTime(0, fps), RationalTime(head + length + tail, fps))
    clip = otio.schema.Clip(
        name, otio.schema.MissingReference(name=shot.scene_id, available_range=media), source
    )
    motion = title_of(shot.motion or board.project.motion)
    clip.markers.append(_marker(f"Scene {shot.scene_id}", shot.prompt, "BLUE", source))
    clip.markers.append(_marker(f"Camera: {motion}", motion, "GREEN", source))
    if shot.notes:
        clip.markers.append(_marker("Notes", shot.notes, "YELLOW", source))
    return clip


def _marker(name: str, says: str, colour: str, source: TimeRange) -> otio.schema.Marker:
    """At the shot's first frame, one frame long."""
    first = TimeRange(source.start_time, RationalTime(1, source.duration.rate))
    marker = otio.schema.Marker(name, first, colour, comment=says)
    marker.metadata["shotboard"] = {"says": says}
    return marker


def _transition(shot: Shot, over: _Over, fps: float) -> otio.schema.Transition:
    kind = Transition(shot.transition)
    return otio.schema.Transition(
        kind.label,
        _DISSOLVE if kind == Transition.CROSSFADE else _CUSTOM,
        RationalTime(over.before, fps),
        RationalTime(over.after, fps),
        {"shotboard": {"kind": kind.value, "transition_ms": shot.transition_ms}},
    )
