"""What people add, pictures and sounds, on its way into the vault.

Nobody's bytes enter: a child process writes each file anew (`pictures/probe.py`), and only that
lies in the vault. It waits there until an edit refers to it. From then on it is kept for ever,
because every revision can be brought back; what was never referred to goes after a day.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.accounts.models import Workspace
from studio.vault import storing
from studio.vault.integrity import seems_intact
from studio.vault.models import Asset

LOOKS_AT_ONCE = 2
PATIENCE_S = 15
KEPT_WAITING = timedelta(days=1)

_looking = threading.BoundedSemaphore(LOOKS_AT_ONCE)


class Busy(Exception):
    """Too many files are being looked at; the message says to try again."""


@contextmanager
def turn() -> Iterator[None]:
    """One of few: each child may take much of a core and of the memory. Raises `Busy`."""
    if not _looking.acquire(timeout=PATIENCE_S):
        raise Busy("The studio is busy with other files. Wait a moment, then add yours again.")
    try:
        yield
    finally:
        _looking.release()


def of_kind(workspace: Workspace, kind: str) -> QuerySet[Asset]:
    """What was taken in as that kind, waiting or kept for ever."""
    return Asset.objects.filter(workspace=workspace, facts__kind=kind)


def keep(
    workspace: Workspace, written: Path, media_type: str, kind: str, facts: dict[str, Any]
) -> Asset:
    """The file in the vault, where it waits: or the same file, if the workspace has it. Call it
    outside a transaction. Raises the vault's `NotKept`."""
    with written.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    for asset in of_kind(workspace, kind).filter(sha256=sha256):
        if seems_intact(asset):
            return asset
    return storing.keep(workspace, written, media_type, {**facts, "kind": kind, "waits": True})


def keep_for_ever(asset: Asset) -> bool:
    """Mark that a revision refers to it: in the very transaction that writes the revision. False
    where it waited too long and is gone."""
    facts = {**asset.facts, "waits": False}
    return bool(Asset.objects.filter(pk=asset.pk).update(facts=facts))


def prune() -> int:
    """Discard what waited a day for an edit that never came. Returns how many."""
    latest = timezone.now() - KEPT_WAITING
    waiting = Asset.objects.filter(facts__waits=True, created_at__lt=latest)
    pruned = 0
    for pk in waiting.values_list("pk", flat=True):
        with transaction.atomic():
            # Locked and looked at again: an edit may have taken it up just now.
            row = waiting.select_for_update().filter(pk=pk).first()
            if row is not None:
                row.delete()
        if row is not None:
            storing.path_of(row).unlink(missing_ok=True)
            pruned += 1
    return pruned
