"""Reference pictures: what people upload, paste or sketch, drawn anew and kept in the vault.

Nobody's bytes enter: a child process redraws each picture (`pictures/probe.py`), and only that
lies in the vault. A picture waits there until an edit refers to it. From then on it is kept for
ever, because every revision can be brought back; what was never referred to goes after a day.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.accounts.models import Workspace
from studio.pictures.distrust.limits import STILL_LIMITS
from studio.pictures.probe import StillFacts, Unacceptable, redraw_still
from studio.vault import storing
from studio.vault.integrity import seems_intact
from studio.vault.models import Asset

KIND = "reference"
LOOKS_AT_ONCE = 2
PATIENCE_S = 15
KEPT_WAITING = timedelta(days=1)

_looking = threading.BoundedSemaphore(LOOKS_AT_ONCE)


class NoPicture(ValueError):
    """What was sent cannot be a reference; the message says what to do."""


class Gone(NoPicture):
    """The picture waited too long for its edit and is not in the vault any more."""


class Busy(Exception):
    """Too many pictures are being looked at; the message says to try again."""


def taken_in(workspace: Workspace, upload: "UploadedFile[bytes]") -> Asset:
    """The uploaded picture, redrawn, as an asset of the workspace: the one it has, if it has that
    very picture.

    Call it outside a transaction. Raises `NoPicture`, `Busy`, and the vault's `NotKept`.
    """
    _check_size(upload.size or 0)
    try:
        with storing.incoming() as folder:
            sent, redrawn = folder / "sent", folder / "redrawn"
            with sent.open("wb") as file:
                file.writelines(upload.chunks())
            with _turn():
                facts = redraw_still(sent, redrawn)
            return _kept_already(workspace, redrawn) or _keep(workspace, redrawn, facts)
    except Unacceptable as refused:
        raise NoPicture(str(refused)) from refused
    except OSError as problem:
        raise storing.NotKept(storing.why_not(problem)) from problem


def _check_size(size_bytes: int) -> None:
    most = STILL_LIMITS.max_bytes
    if size_bytes > most:
        raise NoPicture(
            f"This picture has {size_bytes / 1_000_000:.1f} MB and we take up to "
            f"{most / 1_000_000:.0f} MB. Save it smaller, as JPEG for example, then add it."
        )
    if not size_bytes:
        raise NoPicture("The file is empty. Save the picture again, then add it.")


def waiting_or_kept(workspace: Workspace, pk: int) -> Asset:
    """The reference picture with this pk, taken in before. Raises `Gone`."""
    found = Asset.objects.filter(workspace=workspace, facts__kind=KIND, pk=pk).first()
    if found is None:
        raise Gone("This picture is not here any more. Add it again.")
    return found


def kept_for_ever(workspace: Workspace) -> QuerySet[Asset]:
    """The reference pictures that some revision of the workspace refers to."""
    return Asset.objects.filter(workspace=workspace, facts__kind=KIND, facts__waits=False)


def keep_for_ever(picture: Asset) -> None:
    """Mark that a revision refers to it: in the very transaction that writes the revision. Raises
    `Gone`."""
    facts = {**picture.facts, "waits": False}
    if not Asset.objects.filter(pk=picture.pk).update(facts=facts):
        raise Gone("This picture is not here any more. Add it again.")


def prune() -> int:
    """Discard the pictures that waited a day for an edit that never came. Returns how many."""
    latest = timezone.now() - KEPT_WAITING
    waiting = Asset.objects.filter(facts__kind=KIND, facts__waits=True, created_at__lt=latest)
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


@contextmanager
def _turn() -> Iterator[None]:
    """One of few: each child may take much of a core and of the memory."""
    if not _looking.acquire(timeout=PATIENCE_S):
        raise Busy("The studio is busy with other pictures. Wait a moment, then add yours again.")
    try:
        yield
    finally:
        _looking.release()


def _kept_already(workspace: Workspace, redrawn: Path) -> Asset | None:
    with redrawn.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    same = Asset.objects.filter(workspace=workspace, facts__kind=KIND, sha256=sha256)
    return next((asset for asset in same if seems_intact(asset)), None)


def _keep(workspace: Workspace, redrawn: Path, facts: StillFacts) -> Asset:
    shown = asdict(facts)
    media_type = shown.pop("media_type")
    return storing.keep(workspace, redrawn, media_type, {**shown, "kind": KIND, "waits": True})
