"""Into the vault: on its own disk, hashed, synced to disk, renamed, and only then a row.

A crash at any step leaves either nothing that a row speaks of, or the whole file (ARCHITECTURE.md,
invariant 6). Nothing here is below a served folder; files are readable by this user alone.
"""

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from studio.accounts.models import Workspace
from studio.vault.models import Asset

_INCOMING = ".incoming"
_CHUNK_BYTES = 1 << 20
_LEFTOVERS_AFTER_S = 24 * 3600
_ROW_WITHIN_S = 3600
_SUFFIXES = {
    "audio/mp4": ".m4a",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "video/mp4": ".mp4",
}


class NotKept(Exception):
    """A file could not be brought into the vault; the message says what to do."""


def keep(workspace: Workspace, source: Path, media_type: str, facts: dict[str, Any]) -> Asset:
    """Bring `source` into the vault and return its row.

    A file from `incoming()` is moved, for it lies on the vault's disk already; any other is copied
    and stays where it is. `media_type` and `facts` are what a probe found, never what a sender
    claimed. Call it outside a transaction: a rollback would leave a file without a row. Raises
    `NotKept`.
    """
    if media_type not in _SUFFIXES:
        raise ValueError(f"The vault holds no {media_type}.")
    try:
        with incoming() as folder:
            if source.parent.parent == folder.parent:
                draft = source
                sha256, size_bytes = _synced(draft)
            else:
                draft = folder / "draft"
                sha256, size_bytes = _copied(source, draft)
            name = f"{sha256}-{secrets.token_hex(4)}{_SUFFIXES[media_type]}"
            place = _folder(f"{workspace.pk}/{sha256[:2]}") / name
            os.replace(draft, place)
            _sync_folder(place.parent)
    except OSError as problem:
        raise NotKept(why_not(problem)) from problem
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


def orphans() -> Iterator[Path]:
    """The vault's files that no row speaks of: a process died between the rename and the row.

    Files of the last hour are not looked at, for their rows may still be on the way. What is still
    incoming is cleared by itself.
    """
    vault = Path(settings.STUDIO_VAULT)
    latest = time.time() - _ROW_WITHIN_S
    for folder in sorted(vault.glob("[0-9]*/*/")):
        known = set(
            Asset.objects.filter(path__startswith=f"{folder.relative_to(vault)}/").values_list(
                "path", flat=True
            )
        )
        for path in sorted(folder.iterdir()):
            with suppress(FileNotFoundError):  # discarded just now
                # A rename changes the ctime, and no download sets it back.
                if str(path.relative_to(vault)) not in known and path.stat().st_ctime < latest:
                    yield path


def why_not(problem: OSError) -> str:
    """What to tell about a disk that did not take a file, and what to do."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The vault's disk is full. Ask an operator to free some space, then try again."
    reason = problem.strerror or type(problem).__name__
    return f"The file could not be stored in the vault: {reason}. Ask an operator to look at it."


@contextmanager
def incoming(name: str | None = None) -> Iterator[Path]:
    """A private folder on the vault's own disk for what is still on its way; gone afterwards.

    What a killed process left there is removed by whoever comes a day later; where that is too
    late, give it a `name`, by which `incoming_of` finds it.
    """
    waiting = _folder(_INCOMING)
    for leftover in waiting.iterdir():
        with suppress(FileNotFoundError):  # whoever made it is through, or another sweeps too
            if leftover.stat().st_mtime < time.time() - _LEFTOVERS_AFTER_S:
                shutil.rmtree(leftover, ignore_errors=True)
    folder = waiting / (name or secrets.token_hex(8))
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def incoming_in_pieces(name: str) -> Iterator[Path]:
    """As `incoming(name)`, but what is in the folder stays there for whoever comes next, until
    `forget_incoming(name)`. While somebody else is at it, a folder of one's own, for once."""
    with ExitStack() as held:
        folder = _folder(_INCOMING) / name
        folder.mkdir(mode=0o700, exist_ok=True)
        os.utime(folder)  # it is no leftover yet
        descriptor = os.open(folder, os.O_RDONLY)
        held.callback(os.close, descriptor)
        try:
            # Given back by the system, too, when the process dies.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            folder = held.enter_context(incoming())
        try:
            yield folder
        finally:
            with suppress(OSError):
                folder.rmdir()  # if nothing waits in it


def forget_incoming(name: str) -> None:
    """Remove what has arrived under `name`; there may be nothing."""
    shutil.rmtree(_folder(_INCOMING) / name, ignore_errors=True)


def require_room(size_bytes: int = 0) -> None:
    """Raise `NotKept` when `size_bytes` more would take the vault's disk down to its reserve
    (`STUDIO_VAULT_RESERVE_MB`), which the database and the pages live on."""
    free = shutil.disk_usage(_folder("")).free
    if free - size_bytes < settings.STUDIO_VAULT_RESERVE_BYTES:
        reserve = settings.STUDIO_VAULT_RESERVE_BYTES // 1_000_000
        raise NotKept(
            f"The vault's disk is full: {free // 1_000_000:,} MB are free, {reserve:,} MB of them "
            f"are kept in reserve, and the file needs {-(-size_bytes // 1_000_000):,} MB. "
            "Ask an operator to free some space, then try again."
        )


def incoming_of(kind: str) -> list[Path]:
    """The folders of what is incoming whose names begin with `kind` and a dash."""
    return sorted((Path(settings.STUDIO_VAULT) / _INCOMING).glob(f"{kind}-*"))


def _folder(name: str) -> Path:
    """A folder of the vault; made, parents too, for this user alone."""
    path = Path(settings.STUDIO_VAULT)
    for part in ("", *name.split("/")):
        path = path / part
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def _synced(draft: Path) -> tuple[str, int]:
    """Hash and sync a file where it lies; return the SHA-256 (hex) and the size in bytes."""
    descriptor = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        os.fchmod(descriptor, 0o600)
        digest = hashlib.file_digest(file, "sha256")
        size_bytes = file.tell()
        os.fsync(descriptor)
    return digest.hexdigest(), size_bytes


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
