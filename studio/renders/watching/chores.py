"""What the watcher sees to at each beat besides takes and lines: work that a queue lost.

Who has such work registers here: the layers above when they load (`apps.ready`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from studio.inbox import due as inbox
from studio.storyboards.animatics import due as animatics


@dataclass(frozen=True, slots=True)
class Chore:
    """`sweep` begins again what was lost; `last_seen_at` says when a worker that is busy with it
    in the queue "pictures" last showed that it lives."""

    sweep: Callable[[], None]
    last_seen_at: Callable[[], datetime | None]


def _draws_nothing() -> None:
    return None


_chores = {
    "inbox": Chore(inbox.sweep, _draws_nothing),
    "storyboards": Chore(animatics.sweep, animatics.last_drawn_at),
}


def register(app: str, chore: Chore) -> None:
    """Have the watcher do it; again under the same name, it takes the former's place."""
    _chores[app] = chore


def sweep() -> None:
    """Do every chore. Raises DatabaseError."""
    for chore in _chores.values():
        chore.sweep()


def last_drawn_at() -> datetime | None:
    """When a worker that is busy drawing last showed that it lives."""
    seen = (chore.last_seen_at() for chore in _chores.values())
    return max((at for at in seen if at is not None), default=None)
