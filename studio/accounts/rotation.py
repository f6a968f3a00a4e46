"""A new master key: every stored secret is sealed again with it, and the old ones are dropped.

The new key joins the keyring before a row uses it, and the old leave it only after all rows are
committed: a crash in between loses nothing, and the next rotation finishes the work.
"""

import time
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from studio.accounts import audit, keyring, sealed
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
    others_sealed_again: int = 0


def rotate() -> Rotation:
    """Make a new master key and forget the others. Raises `KeyringError`; then all stays valid."""
    old = keyring.read()  # a fresh one would hide that the old is not where it should be
    new = old.with_new_key()
    keyring.save(new)
    keys, others = _seal_all_again(new)
    time.sleep(SETTLE_S)
    late_keys, late_others = _seal_all_again(new)
    keyring.save(Keyring(new.current, {new.current: new.keys[new.current]}))
    return Rotation(new.current, tuple(old.keys), keys + late_keys, others + late_others)


@transaction.atomic
def _seal_all_again(new: Keyring) -> tuple[int, int]:
    """How many API keys, and how many other secrets, were sealed again."""
    # All in one order, and each before its keys: as every other change of a key does.
    workspaces = Workspace.objects.filter(api_keys__in=_behind(new)).distinct().order_by("pk")
    keys = sum(_seal_again(workspace, new) for workspace in list(workspaces))
    return keys, sum(other.seal_again(new) for other in sealed.others())


def _seal_again(workspace: Workspace, new: Keyring) -> int:
    audit.lock(workspace)
    behind = _behind(new).filter(workspace=workspace).select_for_update()
    sealed_again = 0
    for key in behind:
        plaintext = new.open(key.ciphertext, key.workspace_id, str(key.uid))
        key.ciphertext = new.seal(plaintext, key.workspace_id, str(key.uid))
        key.save(update_fields=["ciphertext"])
        sealed_again += 1
    if sealed_again:
        audit.record(workspace, None, "key.sealed_again", master_key=new.current)
    return sealed_again


def _behind(new: Keyring) -> QuerySet[ApiKey]:
    """The keys that are still sealed with another master key."""
    stored = ApiKey.objects.exclude(ciphertext="")
    return stored.exclude(ciphertext__startswith=f"{VERSION}:{new.current}:")
