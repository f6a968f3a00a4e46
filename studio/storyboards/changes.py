"""What differs between two snapshots of one board: for clashes, for news, and for the history."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.storyboards.snapshots import PROJECT_FIELDS, SHOT_FIELDS, Snapshot


@dataclass(frozen=True)
class Changes:
    """The columns and shots (by pk) in which the later snapshot differs from the former."""

    project: frozenset[str] = frozenset()
    shots: Mapping[int, frozenset[str]] = field(default_factory=dict)
    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()
    is_reordered: bool = False

    @property
    def moves_cards(self) -> bool:
        """Whether the list itself is another one: other shots, or another order."""
        return bool(self.added or self.removed or self.is_reordered)

    def touches(self, pk: int) -> bool:
        """Whether the shot has other fields, or is gone."""
        return pk in self.shots or pk in self.removed


def between(former: Snapshot, later: Snapshot) -> Changes:
    """What an edit, or any number of them, made of `former`."""
    before = {shot["pk"]: shot for shot in former["shots"]}
    after = {shot["pk"]: shot for shot in later["shots"]}
    kept = [pk for pk in before if pk in after]
    changed = {pk: _differing(SHOT_FIELDS, before[pk], after[pk]) for pk in kept}
    return Changes(
        project=_differing(PROJECT_FIELDS, former, later),
        shots={pk: names for pk, names in changed.items() if names},
        added=frozenset(after.keys() - before.keys()),
        removed=frozenset(before.keys() - after.keys()),
        is_reordered=kept != [pk for pk in after if pk in before],
    )


def _differing(
    names: tuple[str, ...], before: Mapping[str, object], after: Mapping[str, object]
) -> frozenset[str]:
    return frozenset(name for name in names if before.get(name) != after.get(name))
