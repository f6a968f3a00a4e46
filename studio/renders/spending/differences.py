"""What a render would show that the take before it did not, in words: of what is sent, no more."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from studio.storyboards import changes
from studio.storyboards.differences import Piece, pieces_of
from studio.storyboards.edits import summaries
from studio.storyboards.snapshots import ShotSnapshot, Snapshot

_LIGHT = ("light_temperature", "light_intensity", "light_style")
_OF_FILM = ("brief", "motion", "speed", *_LIGHT, "webhook_metadata", "weaves_transitions")
_OF_SHOT = ("scene_id", "prompt", "duration_ms", "motion", "speed", *_LIGHT)
_WOVEN = ("transition", "transition_ms")
_TEXTS = ("brief", "prompt")
MOST_SHOWN = 12
_LONGEST_NAME = 160


@dataclass(frozen=True)
class Change:
    """One field, as the take had it and as it would be rendered now."""

    name: str
    old: Any
    new: Any
    is_of_shot: bool = True

    @property
    def title(self) -> str:
        return summaries.field_name(self.name)

    @property
    def was(self) -> str:
        return self._shown(self.old)

    @property
    def became(self) -> str:
        return self._shown(self.new)

    @property
    def says(self) -> str:
        """For what is too long to be shown as it was and as it is."""
        return "changed" if self.name == "webhook_metadata" else ""

    @cached_property
    def pieces(self) -> list[Piece]:
        """Of a text, what went and what came, word by word."""
        return pieces_of(self.old, self.new) if self.name in _TEXTS else []

    def _shown(self, value: Any) -> str:
        if self.is_of_shot and self.name != "scene_id" and value in (None, ""):
            return "the film's"
        return summaries.shown(self.name, value)


@dataclass(frozen=True)
class Difference:
    """What became of the film, or of one shot. `kind`: added, removed, moved or changed.

    `number` is the shot's, from 1, in the later plan, or in the former if it was removed there; 0
    is the film's.
    """

    kind: str
    place: str
    name: str = ""
    says: str = ""
    changes: tuple[Change, ...] = ()
    number: int = 0


@dataclass(frozen=True)
class Differences:
    """The first of them, to be shown, and how many more there are."""

    shown: tuple[Difference, ...]
    more: int

    def __bool__(self) -> bool:
        return bool(self.shown)


def differences_of(before: Snapshot, after: Snapshot) -> Differences:
    """What differs between two snapshots in what the vendor is sent."""
    found = every_difference(before, after)
    shown = tuple(islice(found, MOST_SHOWN))
    return Differences(shown, sum(1 for _ in found))


def every_difference(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    """The film's, then each shot's in the order of `after`, then those of removed shots."""
    film = _changed(_OF_FILM, before, after, is_of_shot=False)
    if film:
        yield Difference("changed", "The film", changes=film)
    found = changes.between(before, after)
    old = {shot["pk"]: shot for shot in before["shots"]}
    places = {shot["pk"]: number for number, shot in enumerate(before["shots"], start=1)}
    moved = _moved([places[shot["pk"]] for shot in after["shots"] if shot["pk"] in places])
    sent = (*_OF_SHOT, *(_WOVEN if after["weaves_transitions"] else ()))
    for number, shot in enumerate(after["shots"], start=1):
        place, name = f"Shot {number}", name_of(shot)
        if shot["pk"] not in old:
            yield Difference("added", place, name, _lasting(shot), number=number)
            continue
        was_at = places[shot["pk"]]
        says = f"was shot {was_at}" if was_at in moved else ""
        changed = _changed(sent, old[shot["pk"]], shot) if shot["pk"] in found.shots else ()
        if any(change.name == "prompt" for change in changed):
            name = ""  # the prompt is shown with what changed in it
        if says or changed:
            kind = "moved" if says else "changed"
            yield Difference(kind, place, name, says, changed, number)
    for shot in before["shots"]:
        if shot["pk"] in found.removed:
            was_at = places[shot["pk"]]
            place = f"Was shot {was_at}"
            yield Difference("removed", place, name_of(shot), _lasting(shot), number=was_at)


def _changed(
    names: Sequence[str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    is_of_shot: bool = True,
) -> tuple[Change, ...]:
    return tuple(
        Change(name, before.get(name), after.get(name), is_of_shot)
        for name in names
        if before.get(name) != after.get(name)
    )


def _moved(former_places: Sequence[int]) -> set[int]:
    """Those that somebody moved: all but the longest run that kept its order."""
    ends: list[int] = []  # the smallest end of a run of each length
    lengths = []
    for place in former_places:
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        lengths.append(length)
    moved, wanted = set(), len(ends) - 1
    for place, length in zip(reversed(former_places), reversed(lengths), strict=True):
        if length == wanted:
            wanted -= 1
        else:
            moved.add(place)
    return moved


def name_of(shot: ShotSnapshot) -> str:
    """What a shot goes by in a line: how its prompt begins."""
    return " ".join(shot["prompt"].split())[:_LONGEST_NAME] or shot["scene_id"]


def _lasting(shot: ShotSnapshot) -> str:
    return summaries.shown("duration_ms", shot["duration_ms"])
