"""Who wants to know that a key was paused or works again.

The layers above register here when they load (`apps.ready`). They are told inside the transaction
of the pause, so what they write stands or falls with it, and no way to pause a key is missed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from studio.accounts.models import ApiKey


@dataclass(frozen=True)
class Listener:
    """What an app does when a key was paused (with the reason, a sentence) and when it resumed.

    Both get the moment of the pause that began or ended: it tells one pause from the next.
    """

    paused: Callable[[ApiKey, datetime, str], None]
    resumed: Callable[[ApiKey, datetime], None]


_listeners: dict[str, Listener] = {}


def register(app: str, listener: Listener) -> None:
    """Make a listener known; again under the same name, it takes the former's place."""
    _listeners[app] = listener


def tell_paused(key: ApiKey, at: datetime, reason: str) -> None:
    """Call it in the transaction that paused the key."""
    for listener in _listeners.values():
        listener.paused(key, at, reason)


def tell_resumed(key: ApiKey, paused_at: datetime) -> None:
    """Call it in the transaction that ended the pause of `paused_at`."""
    for listener in _listeners.values():
        listener.resumed(key, paused_at)
