"""Into the vault: copied beside its place, hashed, synced to disk, renamed, and only then a row.

A crash at any step leaves either nothing that a row speaks of, or the whole file (ARCHITECTURE.md,
invariant 6). Nothing here is below a served folder; files are readable by this user alone.
"""

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from studio.accounts.models import Workspace
from studio.vault.models import Asset

_CHUNK_BYTES = 1 << 20
_LEFTOVERS_AFTER_S = 24 * 3600
_SUFFIXES = {
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "video/mp4": ".mp4",
}


class NotKept(Exception):
    """A file could not be brought into the vault; the message says what to do."""


def keep(workspace: Workspace, source: Path, media_type: str, facts: dict[str, Any]) -> Asset:
    """Copy `source` into the vault and return its row. `source` stays where it is.

    `media_type` and `facts` are what a probe found, never what a sender claimed. Call it outside a
    transaction: a rollback would leave a file without a row. Raises `NotKept`.
    """
    if media_type not in _SUFFIXES:
        raise ValueError(f"The vault holds no {media_type}.")
    try:
        with incoming() as folder:
            draft = folder / "draft"
            sha256, size_bytes = _copied(source, draft)
            name = f"{sha256}-{secrets.token_hex(4)}{_SUFFIXES[media_type]}"
            place = _folder(f"{workspace.pk}/{sha256[:2]}") / name
            os.replace(draft, place)
            _sync_folder(place.parent)
    except OSError as problem:
        raise NotKept(_sentence(problem)) from problem
    try:
        return Asset.objects.create(
            workspace=workspace,
            sha256=sha256,
            size_bytes=size_bytes,
            media_type=media_type,
            path=str(place.relative_to(settings.STUDIO_VAULT)),
            facts=facts,
        )
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def discard(asset: Asset) -> None:
    """Take an asset that nothing refers to out of the vault: the row first, then the bytes."""
    path = path_of(asset)
    asset.delete()
    path.unlink(missing_ok=True)


def path_of(asset: Asset) -> Path:
    """Where the bytes of `asset` are."""
    return Path(settings.STUDIO_VAULT) / asset.path


@contextmanager
def incoming() -> Iterator[Path]:
    """A private folder on the vault's own disk for what is still on its way; gone afterwards.

    What a killed process left there is removed by whoever comes a day later.
    """
    waiting = _folder(".incoming")
    for leftover in waiting.iterdir():
        if leftover.stat().st_mtime < time.time() - _LEFTOVERS_AFTER_S:
            shutil.rmtree(leftover, ignore_errors=True)
    folder = waiting / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder(name: str) -> Path:
    """A folder of the vault; made, parents too, for this user alone."""
    path = Path(settings.STUDIO_VAULT)
    for part in ("", *name.split("/")):
        path = path / part
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def _copied(source: Path, draft: Path) -> tuple[str, int]:
    """Copy, hash and sync; return the SHA-256 (hex) and the size in bytes."""
    digest, size_bytes = hashlib.sha256(), 0
    with source.open("rb") as reading, _new_file(draft) as writing:
        while chunk := reading.read(_CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += len(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest(), size_bytes


def _new_file(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _sync_folder(folder: Path) -> None:
    """Without this the file is on disk, but after a power cut perhaps not its name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sentence(problem: OSError) -> str:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The vault's disk is full. Ask an operator to free some space, then try again."
    reason = problem.strerror or type(problem).__name__
    return f"The file could not be stored in the vault: {reason}. Ask an operator to look at it."
