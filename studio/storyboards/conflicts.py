"""Two people at one board: what each of them wanted, side by side."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from studio.storyboards.boards import Board
from studio.storyboards.cards import inputs_of
from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import StaleEdit
from studio.storyboards.models import Revision

# Sent by the page itself; no version of anything.
_OWN = frozenset({"base", "whole", "csrfmiddlewaretoken"})
_COLUMNS = {
    "duration": "duration_ms",
    "transition_length": "transition_ms",
    "locked": "is_locked",
}


@dataclass(frozen=True)
class Side:
    """One field as both have it; `theirs` is None where the shot is gone."""

    name: str
    title: str
    mine: str
    theirs: str | None


@dataclass(frozen=True)
class Conflict:
    """A stale edit, for the page: who was faster, when, and with what."""

    board: Board
    base: int
    action: str
    sides: tuple[Side, ...]
    resend: tuple[tuple[str, str], ...]
    shot: int | None = None
    can_keep_mine: bool = True

    @property
    def latest(self) -> Revision | None:
        return self.board.latest

    @property
    def is_gone(self) -> bool:
        """Whether the shot that was edited has been deleted meanwhile."""
        return self.shot is not None and self.board.shot(self.shot) is None


def conflict_of(
    stale: StaleEdit,
    action: str,
    post: Mapping[str, str],
    *,
    fields: Collection[str] = (),
    shot: int | None = None,
    can_keep_mine: bool = True,
) -> Conflict:
    """The conflict behind `stale`. Keep mine posts `post` to `action` again; `fields` are the
    inputs that were edited, of the project or of `shot` (its pk)."""
    board = stale.current
    row = board.project if shot is None else board.shot(shot)
    current = inputs_of(row).values if row else {}
    resend = tuple((name, value) for name, value in post.items() if name not in _OWN)
    sides = tuple(
        Side(name, _title(name), value, current.get(name))
        for name, value in resend
        if name in fields and value != current.get(name)
    )
    is_gone = shot is not None and row is None
    return Conflict(board, stale.base, action, sides, resend, shot, can_keep_mine and not is_gone)


def _title(name: str) -> str:
    return summaries.field_name(_COLUMNS.get(name, name)).capitalize()
