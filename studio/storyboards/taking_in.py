"""What people add, pictures and sounds, on its way into the vault.

Nobody's bytes enter: a child process writes each file anew (`pictures/probe.py`), and only that
lies in the vault. It waits there until an edit refers to it. From then on it is kept for ever,
because every revision can be brought back; what was never referred to goes after a day.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.accounts.models import Workspace
from studio.pictures.probe import Unacceptable
from studio.vault import storing
from studio.vault.integrity import seems_intact
from studio.vault.models import Asset

LOOKS_AT_ONCE = 2
PATIENCE_S = 15
KEPT_WAITING = timedelta(days=1)

_looking = threading.BoundedSemaphore(LOOKS_AT_ONCE)


class Busy(Exception):
    """Too many files are being looked at; the message says to try again."""


class Refused(ValueError):
    """What was sent cannot be used; the message says what to do."""


class Gone(Refused):
    """It waited too long for its edit and is not in the vault any more."""


@dataclass(frozen=True)
class Intake:
    """One kind of file that people add. `noun` is how people call it, `smaller` what to do about
    one of more than `most_bytes`; `write_anew` writes the first file's content to the second in a
    child process, and returns what it found, with the `media_type` of what it wrote, or raises
    `Unacceptable`."""

    kind: str
    noun: str
    most_bytes: int
    smaller: str
    write_anew: Callable[[Path, Path], dict[str, Any]]

    def take_in(self, workspace: Workspace, upload: "UploadedFile[bytes]", **facts: Any) -> Asset:
        """The uploaded file, written anew, as an asset of the workspace, where it waits: or the one
        it has, if it has that very file. What was found and `facts` are its facts.

        Call it outside a transaction. Raises `Refused`, `Busy`, and the vault's `NotKept`.
        """
        self._check_size(upload.size or 0)
        try:
            with storing.incoming() as folder:
                sent, written = folder / "sent", folder / "written"
                with sent.open("wb") as file:
                    file.writelines(upload.chunks())
                with _turn():
                    found = self.write_anew(sent, written)
                return self._kept(workspace, written, found.pop("media_type"), found | facts)
        except Unacceptable as refused:
            raise Refused(str(refused)) from refused
        except OSError as problem:
            raise storing.NotKept(storing.why_not(problem)) from problem

    def waiting_or_kept(self, workspace: Workspace, pk: int) -> Asset:
        """The one with this pk, taken in before. Raises `Gone`."""
        found = self.all_of(workspace).filter(pk=pk).first()
        if found is None:
            raise self._gone
        return found

    def keep_for_ever(self, asset: Asset) -> None:
        """Mark that a revision refers to it: in the very transaction that writes the revision.
        Raises `Gone`."""
        facts = {**asset.facts, "waits": False}
        if not Asset.objects.filter(pk=asset.pk).update(facts=facts):
            raise self._gone

    def all_of(self, workspace: Workspace) -> QuerySet[Asset]:
        """What was taken in, waiting or kept for ever."""
        return Asset.objects.filter(workspace=workspace, facts__kind=self.kind)

    def kept_for_ever(self, workspace: Workspace) -> QuerySet[Asset]:
        """What some revision of the workspace refers to."""
        return self.all_of(workspace).filter(facts__waits=False)

    def _check_size(self, size_bytes: int) -> None:
        if size_bytes > self.most_bytes:
            raise Refused(
                f"This {self.noun} has {size_bytes / 1_000_000:.1f} MB and we take up to "
                f"{self.most_bytes / 1_000_000:.0f} MB. {self.smaller}, then add it."
            )
        if not size_bytes:
            raise Refused(f"The file is empty. Save the {self.noun} again, then add it.")

    def _kept(
        self, workspace: Workspace, written: Path, media_type: str, facts: dict[str, Any]
    ) -> Asset:
        with written.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        for asset in self.all_of(workspace).filter(sha256=sha256):
            if seems_intact(asset):
                return asset
        waiting = {**facts, "kind": self.kind, "waits": True}
        return storing.keep(workspace, written, media_type, waiting)

    @property
    def _gone(self) -> Gone:
        return Gone(f"This {self.noun} is not here any more. Add it again.")


@contextmanager
def _turn() -> Iterator[None]:
    """One of few: each child may take much of a core and of the memory. Raises `Busy`."""
    if not _looking.acquire(timeout=PATIENCE_S):
        raise Busy("The studio is busy with other files. Wait a moment, then add yours again.")
    try:
        yield
    finally:
        _looking.release()


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
