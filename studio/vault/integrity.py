"""Whether the bytes on disk are still the bytes that were stored."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from studio.vault.models import Asset
from studio.vault.storing import path_of


def is_intact(asset: Asset) -> bool:
    """Whether the file of `asset` has the size and the SHA-256 of its row.

    The file is read once per process, and again only when its inode says that it was touched.
    """
    if asset.deleted_at is not None:
        return False
    path = path_of(asset)
    try:
        stat = path.stat()
        if stat.st_size != asset.size_bytes:
            return False
        return _sha256(path, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns) == asset.sha256
    except OSError:
        return False


def seems_intact(asset: Asset) -> bool:
    """As `is_intact`, for pages: a file of the right size that is older than its row is believed.

    The vault writes a file once, before its row, so whatever changed it since made it younger; only
    then it is read. Also by its ctime, for anybody sets back the other date. Still, nothing may
    leave the house on this word alone: whoever has the machine sets the clock.
    """
    if asset.deleted_at is not None:
        return False
    try:
        stat = path_of(asset).stat()
    except OSError:
        return False
    touched_at = max(stat.st_mtime, stat.st_ctime)
    if stat.st_size == asset.size_bytes and touched_at <= asset.created_at.timestamp():
        return True
    return is_intact(asset)


def has_its_size(asset: Asset) -> bool:
    """Whether a file of the right size is there: for lists, which look at many and read none.

    Another file of the same size is not told apart; the page of that one file does.
    """
    try:
        return asset.deleted_at is None and path_of(asset).stat().st_size == asset.size_bytes
    except OSError:
        return False


@lru_cache(maxsize=1024)
def _sha256(path: Path, inode: int, modified_ns: int, changed_ns: int) -> str:
    # A changed file has another ctime, which no ordinary program can set back: a new cache key.
    with open(os.fspath(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
