"""What is sealed with the master keys besides API keys.

The layers above register here when they load (`apps.ready`): a rotation of the master key seals
their secrets again in its transaction, and `doctor` tries whether the keyring opens them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from studio.accounts.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Sealed:
    """One app's sealed secrets. Both functions return how many they dealt with, and raise
    `KeyringError` when one does not open."""

    name: str
    seal_again: Callable[[Keyring], int]
    open_all: Callable[[Keyring], int]


_others: dict[str, Sealed] = {}


def register(app: str, sealed: Sealed) -> None:
    """Make it known; again under the same name, it takes the former's place."""
    _others[app] = sealed


def others() -> Iterable[Sealed]:
    """All that is sealed besides API keys."""
    return _others.values()
