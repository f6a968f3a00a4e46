"""A new master key: every stored API key is sealed again with it, and the old ones are dropped.

The new key joins the keyring before a row uses it, and the old leave it only after all rows are
committed: a crash in between loses nothing, and the next rotation finishes the work.
"""

import time
from dataclasses import dataclass

from django.db import transaction

from studio.accounts import audit, keyring
from studio.accounts.keyring import VERSION, Keyring
from studio.accounts.models import ApiKey, Workspace

# Who read the keyring just before us may still be sealing with the old key.
SETTLE_S = 1.0


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
    sealed_again = _seal_all_again(new)
    time.sleep(SETTLE_S)
    sealed_again += _seal_all_again(new)
    keyring.save(Keyring(new.current, {new.current: new.keys[new.current]}))
    return Rotation(new.current, tuple(old.keys), sealed_again)


@transaction.atomic
def _seal_all_again(new: Keyring) -> int:
    sealed = ApiKey.objects.select_for_update().exclude(ciphertext="")
    behind = sealed.exclude(ciphertext__startswith=f"{VERSION}:{new.current}:")
    for key in behind:
        plaintext = new.open(key.ciphertext, key.workspace_id, str(key.uid))
        key.ciphertext = new.seal(plaintext, key.workspace_id, str(key.uid))
        key.save(update_fields=["ciphertext"])
    for workspace in Workspace.objects.filter(api_keys__in=[key.pk for key in behind]).distinct():
        audit.record(workspace, None, "key.sealed_again", master_key=new.current)
    return len(behind)
