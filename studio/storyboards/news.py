"""What happened to a board since a window last heard of it: which pieces to swap, and in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from studio.accounts.models import User
from studio.storyboards import changes
from studio.storyboards.boards import Board
from studio.storyboards.models import Revision
from studio.storyboards.snapshots import snapshot_of
from studio.storyboards.timing import MAX_TOTAL_MS

# Whoever was away for longer is told how much it was, and by whom.
MOST_TOLD = 50


@dataclass(frozen=True)
class News:
    """`cards` (pks) are other ones now; where that is not enough, the `whole` board is. `says`
    tells who did what, in one line; empty when nothing happened."""

    board: Board
    seen: int
    cards: Collection[int] = ()
    whole: bool = False
    says: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the window shows all there is."""
        return self.seen == self.board.project.revision

    def concerns(self, shot: int | None) -> bool:
        """Whether the inspector of this shot, or of the project, shows something else now."""
        return self.whole or shot in self.cards


def since(board: Board, seen: int, reader: User) -> News:
    """The news for a window that shows revision `seen`. Three queries at most."""
    if seen == board.project.revision:
        return News(board, seen)
    # Of the newest, and of the one that was seen, which has the snapshot to compare with.
    later = board.project.revisions.filter(number__gt=seen).defer("snapshot")
    revisions = list(later.select_related("author").order_by("-number")[:MOST_TOLD])
    says = _told(revisions, reader)
    former = board.project.revisions.filter(number=seen).first()
    if former is None:
        return News(board, seen, whole=True, says=says)
    found = changes.between(former.snapshot, snapshot_of(board.project, board.shots))
    former_ms = sum(shot["duration_ms"] for shot in former.snapshot["shots"])
    # Cards say where the film gets too long, and what they inherit.
    is_over = max(former_ms, board.budget.total_ms) > MAX_TOTAL_MS
    retimed = any("duration_ms" in names for names in found.shots.values())
    whole = bool(found.moves_cards or found.project or (is_over and retimed))
    return News(board, seen, cards=frozenset(found.shots), whole=whole, says=says)


def _told(revisions: Sequence[Revision], reader: User) -> str:
    if not revisions:
        return ""
    latest = revisions[0]
    rest = len(revisions) - 1
    line = f"{_who(latest, reader)}: {latest.summary}"
    if not rest:
        return line
    count = f"{rest}+" if len(revisions) == MOST_TOLD else str(rest)
    return f"{line}, and {count} more change{'s' if rest > 1 else ''}"


def _who(revision: Revision, reader: User) -> str:
    if revision.author == reader:
        return "You, in another window"
    return str(revision.author or "Somebody")
