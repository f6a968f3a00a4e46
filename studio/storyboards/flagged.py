"""What a board shows of its flags: which shots are to be fixed, and how many are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from studio.storyboards.boards import Board
from studio.storyboards.models import ShotFlag


@dataclass(frozen=True)
class Flagged:
    """The flags of the shots on this board; `selected` is the pk of the shot in the inspector.

    One query when first asked, and none for a project that never had a flag.
    """

    board: Board
    selected: int | None = None

    @cached_property
    def all(self) -> list[ShotFlag]:
        """In the order of their shots, then of their takes."""
        project = self.board.project
        if not project.flags_version:
            return []
        place = {shot.pk: place for place, shot in enumerate(self.board.shots)}
        rows = project.flags.filter(is_set_aside=False).select_related("done_by")
        return sorted((row for row in rows if row.shot in place), key=lambda row: place[row.shot])

    @cached_property
    def open(self) -> dict[int, ShotFlag]:
        """The shots to be fixed, by pk in the board's order, each with its first flag."""
        found: dict[int, ShotFlag] = {}
        for row in self.all:
            if row.done_at is None:
                found.setdefault(row.shot, row)
        return found

    @property
    def shots(self) -> str:
        """The pks of the shots to be fixed, in order: `3,8`."""
        return ",".join(str(pk) for pk in self.open)

    @property
    def here(self) -> list[ShotFlag]:
        """The flags of the selected shot, done ones too."""
        return [row for row in self.all if row.shot == self.selected]

    @property
    def done(self) -> int:
        """How many shots were to be fixed, and are."""
        return len({row.shot for row in self.all} - self.open.keys())

    @property
    def takes(self) -> str:
        """Such as `take 2`, or `takes 2 and 3`: who asks."""
        asking = [row for row in self.all if row.done_at is None] or self.all
        numbers = [str(number) for number in sorted({row.take_number for row in asking})]
        if len(numbers) < 2:
            return f"take {''.join(numbers)}"
        return f"takes {', '.join(numbers[:-1])} and {numbers[-1]}"

    @property
    def next(self) -> int | None:
        """The shot to be fixed that follows the selected one; after the last, the first."""
        return _after(self.selected, [shot.pk for shot in self.board.shots], list(self.open))


def _after(selected: int | None, order: Sequence[int], among: Sequence[int]) -> int | None:
    if not among:
        return None
    place = order.index(selected) if selected in order else -1
    return next((pk for pk in order[place + 1 :] if pk in among), among[0])
