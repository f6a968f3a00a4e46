"""A new master key: every stored API key is sealed again with it, and the old ones are dropped.

The new key joins the keyring before a row uses it, and the old leave it only after all rows are
committed: a crash in between loses nothing, and the next rotation finishes the work.
"""

from dataclasses import dataclass

from django.db import transaction

from studio.accounts import keyring
from studio.accounts.keyring import Keyring
from studio.accounts.models import ApiKey


@dataclass(frozen=True)
class Rotation:
    """What a rotation did; the names of master keys are no secrets."""

    current: str
    dropped: tuple[str, ...]
    sealed_again: int


def rotate() -> Rotation:
    """Make a new master key and forget the others. Raises `KeyringError`; then all stays valid."""
    old = keyring.load()
    new = old.with_new_key()
    keyring.save(new)
    with transaction.atomic():
        sealed_again = _seal_all_again(new)
    keyring.save(Keyring(new.current, {new.current: new.keys[new.current]}))
    return Rotation(new.current, tuple(old.keys), sealed_again)


def _seal_all_again(new: Keyring) -> int:
    keys = ApiKey.objects.select_for_update().exclude(ciphertext="")
    for key in keys:
        plaintext = new.open(key.ciphertext, key.workspace_id, str(key.uid))
        key.ciphertext = new.seal(plaintext, key.workspace_id, str(key.uid))
        key.save(update_fields=["ciphertext"])
    return len(keys)
