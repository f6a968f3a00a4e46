"""What was edited between two plans, in one line."""

from studio.renders.spending.differences import Difference, every_difference
from studio.reviews.comparing.matching import aligned
from studio.storyboards.snapshots import Snapshot

_MOST = 3


def in_one_line(former: Snapshot, later: Snapshot) -> str:
    """Such as `Shot 2: prompt, camera move. Shot 4 added.`; of what is sent, no more."""
    said = [_said(edit) for edit in every_difference(*aligned(former, later))]
    if not said:
        return "Nothing was edited."
    more = len(said) - _MOST
    return " ".join(said[:_MOST]) + (f" And {more} more." if more > 0 else "")


def _said(edit: Difference) -> str:
    fields = ", ".join(change.title for change in edit.changes)
    if edit.kind in ("added", "removed"):
        what = f"Shot {edit.number}" if edit.kind == "added" else f"Former shot {edit.number}"
        return f"{what} {edit.kind}."
    moved = " moved" if edit.kind == "moved" else ""
    return f"{edit.place}{moved}{': ' if fields else ''}{fields}."
