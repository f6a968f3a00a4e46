"""Which shot of one plan is which shot of another, whatever was moved, added or removed between."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import cast

from studio.storyboards.snapshots import ShotSnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class Pair:
    """A shot by its places, from 0, in the former and in the later plan; None where it is not."""

    former: int | None
    later: int | None

    @property
    def turned(self) -> "Pair":
        """The same, the later plan taken for the former."""
        return Pair(self.later, self.former)


def matched(former: Snapshot, later: Snapshot) -> list[Pair]:
    """Every shot of both plans once: in the order of the later, then what was removed.

    The same row of the board is the same shot; else the same scene id is. What several shots of a
    plan share tells nothing.
    """
    before, after = former["shots"], later["shots"]
    places: dict[int, int] = {}  # later -> former
    for key in (_row, _scene):
        olds = _alone(before, key, set(places.values()))
        news = _alone(after, key, set(places))
        places |= {news[name]: olds[name] for name in news.keys() & olds.keys()}
    pairs = [Pair(places.get(place), place) for place in range(len(after))]
    kept = set(places.values())
    return pairs + [Pair(place, None) for place in range(len(before)) if place not in kept]


def aligned(former: Snapshot, later: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Both plans with keys (`pk`) that matched shots, and they alone, share."""
    before, after = list(former["shots"]), list(later["shots"])
    for key, pair in enumerate(matched(former, later), start=1):
        if pair.former is not None:
            before[pair.former] = cast(ShotSnapshot, {**before[pair.former], "pk": key})
        if pair.later is not None:
            after[pair.later] = cast(ShotSnapshot, {**after[pair.later], "pk": key})
    return cast(Snapshot, {**former, "shots": before}), cast(Snapshot, {**later, "shots": after})


def _row(shot: ShotSnapshot) -> Hashable:
    return shot["pk"]


def _scene(shot: ShotSnapshot) -> Hashable:
    return shot["scene_id"]


def _alone(
    shots: Sequence[ShotSnapshot], key: Callable[[ShotSnapshot], Hashable], taken: set[int]
) -> dict[Hashable, int]:
    """The places of those not taken yet that nobody shares the key with."""
    counts = Counter(key(shot) for shot in shots)
    return {
        key(shot): place
        for place, shot in enumerate(shots)
        if place not in taken and counts[key(shot)] == 1
    }
