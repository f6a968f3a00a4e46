"""Segments that were drawn before, kept in a folder for whoever draws the same again.

A file's name is the hash of what was to be drawn and the hash of its bytes: a file that is cut
short or damaged gives itself away, and is thrown out. Several processes may share the folder:
files come by renaming, and whoever takes one down has a link of his own, which outlives the file.
"""

import hashlib
import os
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

_MOST_BYTES = 512 * 1024 * 1024
_FORGOTTEN_S = 24 * 3600


class Shelf:
    """Made when it is missing; never over `most_bytes` for long: what was not used for longest
    goes first."""

    def __init__(self, folder: Path, most_bytes: int = _MOST_BYTES):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder, self._most_bytes = folder, most_bytes
        self._known: dict[str, str] = {}
        for entry in os.scandir(folder):
            key, _, digest = entry.name.partition(".")
            if key and digest:
                self._known[key] = digest

    def take_down(self, key: str, to: Path) -> bool:
        """Whether it is here: then `to` is the whole file."""
        digest = self._known.get(key)
        if digest is None:
            return False
        kept = self._folder / f"{key}.{digest}"
        with suppress(OSError):
            _link(kept, to)
            if _digest(to) == digest:
                with suppress(OSError):  # pruned meanwhile: the link outlives it
                    os.utime(kept)
                return True
            kept.unlink()
        # Whoever draws it anew must not write into a file that others have a link to.
        to.unlink(missing_ok=True)
        return False

    def put(self, key: str, drawn: Path) -> None:
        """Keep a link to the file, under its key. A shelf that cannot be written keeps nothing."""
        link = self._folder / f".{secrets.token_hex(8)}"
        with suppress(OSError):
            _link(drawn, link)
            os.replace(link, self._folder / f"{key}.{_digest(drawn)}")

    def prune(self) -> None:
        """Throw out what is too much, and what drawings that were killed left behind."""
        held = []
        for path in self._folder.iterdir():
            with suppress(OSError):
                facts = path.stat()
                if not path.name.startswith("."):
                    held.append((facts.st_mtime, facts.st_size, path))
                elif facts.st_mtime < time.time() - _FORGOTTEN_S:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        left = sum(size for _, size, _ in held)
        for _, size, path in sorted(held):
            if left <= self._most_bytes:
                break
            path.unlink(missing_ok=True)
            left -= size


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
