"""Pictures drawn once and kept on disk, each under a name that is a hash of what it shows.

Any may go at any time: whoever asks again has it drawn again.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

KEPT_UNUSED_S = 30 * 24 * 3600.0
_USE_NOTED_EVERY_S = 24 * 3600.0

# Bytes by shelf that this process has added since it last pruned. Lost counts do no harm.
_added: Counter[str] = Counter()


class Busy(Exception):
    """Too many pictures are being drawn; ask again in a moment."""


@dataclass(frozen=True)
class Shelf:
    """A folder of pictures of one kind; above `kept_bytes` the longest unused of them go."""

    name: str
    suffix: str
    kept_bytes: int

    def place_of(self, name: str) -> Path:
        """Where the picture of this name is, or would be."""
        return self._folder / name[:2] / f"{name}{self.suffix}"

    def find(self, name: str) -> Path | None:
        """The picture, if it was drawn; that somebody looked at it is noted."""
        path = self.place_of(name)
        if not path.exists():
            return None
        with suppress(OSError):  # pruned just now
            # As the time of change, once a day: the time of reading is not kept everywhere.
            if time.time() - path.stat().st_mtime > _USE_NOTED_EVERY_S:
                os.utime(path)
        return path

    @contextmanager
    def put(self, name: str) -> Iterator[BinaryIO]:
        """A file to draw into, renamed at the end: a reader never sees half a picture. Whatever is
        raised meanwhile leaves none."""
        path = self.place_of(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
            size = os.stat(draft).st_size
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        self._make_room(size)

    def prune(self) -> int:
        """Delete what nobody has looked at for 30 days, and the longest unused above `kept_bytes`.
        Returns how many."""
        oldest, total, pruned = time.time() - KEPT_UNUSED_S, 0, 0
        for used_at, size, path in sorted(self._kept(), reverse=True):
            total += size
            if used_at < oldest or total > self.kept_bytes:
                path.unlink(missing_ok=True)
                pruned += 1
        return pruned

    def _make_room(self, size: int) -> None:
        """Prune once a quarter of `kept_bytes` was added here: who asks for ever new pictures does
        not fill the disk between two hourly prunings."""
        _added[self.name] += size
        if _added[self.name] > self.kept_bytes // 4:
            _added[self.name] = 0
            with suppress(OSError):  # another prunes the same folder
                self.prune()

    def _kept(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.glob("*/*"):
            with suppress(FileNotFoundError):  # a draft that got its name, or another's pruning
                stat = path.stat()
                yield stat.st_mtime, stat.st_size, path

    @property
    def _folder(self) -> Path:
        return Path(settings.STUDIO_VAR) / "cache" / self.name
