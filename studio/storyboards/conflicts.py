"""Two people at one board: what each of them wanted, side by side."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from studio.storyboards.boards import Board
from studio.storyboards.cards import inputs_of
from studio.storyboards.differences import Piece, pieces_of
from studio.storyboards.edits import summaries
from studio.storyboards.edits.revising import StaleEdit
from studio.storyboards.models import Revision
from studio.storyboards.typed import INPUTS, read_number

# Sent by the page itself; no version of anything.
_OWN = frozenset({"base", "seen", "whole", "csrfmiddlewaretoken"})
_COLUMNS = {name: column for column, name in INPUTS.items()}
_LONG = frozenset({"prompt", "brief", "notes"})
_CHOSEN = frozenset({"motion", "transition", "locked", "weaves_transitions"})


@dataclass(frozen=True)
class Side:
    """One field as both have it; `theirs` is None where the shot is gone."""

    name: str
    title: str
    mine: str
    theirs: str | None

    @property
    def is_long(self) -> bool:
        return self.name in _LONG

    @property
    def can_be_edited(self) -> bool:
        """Whether it is text, which two versions can be made one of."""
        return self.name not in _CHOSEN

    @cached_property
    def _pieces(self) -> list[Piece]:
        return pieces_of(self.theirs or "", self.mine)

    @property
    def my_pieces(self) -> list[Piece]:
        """My text: what only I have has `come`."""
        return [piece for piece in self._pieces if piece.kind != "gone"]

    @property
    def their_pieces(self) -> list[Piece]:
        """Their text: what only they have would be `gone` with mine."""
        return [piece for piece in self._pieces if piece.kind != "come"]


@dataclass(frozen=True)
class Conflict:
    """A stale edit, for the page: who was faster, when, and with what.

    Where it `clashes` somebody has to choose; otherwise the page makes it again by itself.
    """

    board: Board
    base: int
    action: str
    sides: tuple[Side, ...]
    resend: tuple[tuple[str, str], ...]
    shot: int | None = None
    can_keep_mine: bool = True
    clashes: bool = True
    seen: int = 0

    @property
    def latest(self) -> Revision | None:
        return self.board.latest

    @property
    def is_gone(self) -> bool:
        """Whether the shot that was edited has been deleted meanwhile."""
        return self.shot is not None and self.board.shot(self.shot) is None

    @property
    def number(self) -> int | None:
        """The shot's place, from 1."""
        pks = [shot.pk for shot in self.board.shots]
        return pks.index(self.shot) + 1 if self.shot in pks else None


def conflict_of(
    stale: StaleEdit,
    action: str,
    post: Mapping[str, str],
    *,
    fields: Collection[str] = (),
    shot: int | None = None,
    can_keep_mine: bool = True,
    clashes: bool = True,
) -> Conflict:
    """The conflict behind `stale`. Keep mine posts `post` to `action` again; `fields` are the
    inputs that were edited, of the project or of `shot` (its pk). Where there are none, one looks
    again and repeats. `clashes`: see `clashes.py`; edits of many shots at once always do."""
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
    return Conflict(
        board,
        stale.base,
        action,
        sides,
        tuple((name, value) for name, value in resend if not _is_edited(name, sides)),
        shot,
        can_keep_mine and not is_gone and bool(sides),
        clashes,
        seen=read_number(post, "seen") or stale.base,
    )


def _is_edited(name: str, sides: Collection[Side]) -> bool:
    return any(side.name == name and side.can_be_edited for side in sides)


def _title(name: str) -> str:
    return summaries.field_name(_COLUMNS.get(name, name)).capitalize()
