"""A file that arrives in pieces: what is there of it, and whether the next piece belongs to it.

Beside the bytes lies a note: how many there are, their SHA-256, and what the sender said of the
whole. A process may die at any step; what the note does not vouch for is not gone on with.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

_STRONG_TAG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')
_SPAN = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")
_CHUNK_BYTES = 1 << 20
_NOTED_EVERY_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Whole:
    """What the sender says of a whole file. `validator` is what If-Range takes: a strong ETag, or
    a Last-Modified that is as good as one."""

    size_bytes: int
    validator: str

    @classmethod
    def told_by(cls, headers: Mapping[str, str]) -> Self | None:
        """Read the head of a 200. None: pieces of this file could not be told from another's."""
        length = headers.get("content-length", "")
        is_counted = length.isascii() and length.isdigit() and "transfer-encoding" not in headers
        validator = _validator(headers)
        if not is_counted or not validator or headers.get("accept-ranges", "").lower() == "none":
            return None
        return cls(int(length), validator)

    def goes_on(self, headers: Mapping[str, str], first: int) -> bool:
        """Whether the head of a 206 is that of all the rest of this very file, from byte `first`.

        With If-Range a 206 has to repeat the ETag; it need not repeat Last-Modified (RFC 9110,
        15.3.7).
        """
        span = _SPAN.fullmatch(headers.get("content-range", ""))
        wanted = (first, self.size_bytes - 1, self.size_bytes)
        if span is None or tuple(int(number) for number in span.groups()) != wanted:
            return False
        if int(headers.get("content-length", self.size_bytes - first)) != self.size_bytes - first:
            return False
        if self.validator.startswith('"'):
            return headers.get("etag") == self.validator
        return headers.get("last-modified", self.validator) == self.validator


class Draft:
    """What has arrived of one file, open for more: bytes, their running SHA-256, and the note.

    `spent_s` is how long all the pieces before this one took. Without `note` nothing outlives it.
    """

    def __init__(self, file: BinaryIO, note: Path | None = None) -> None:
        self.file = file
        self.size_bytes = 0
        self.whole: Whole | None = None
        self.media_type = ""
        self.spent_s = 0.0
        self._digest = hashlib.sha256()
        self._note = note
        self._noted_bytes = 0
        self._from_before = 0

    @classmethod
    def take_up(cls, file: BinaryIO, note: Path) -> Self:
        """Go on with the bytes in `file`, as far as the note vouches for them; else begin anew."""
        draft = cls(file, note)
        try:
            draft._read_note()
        except (OSError, ValueError, TypeError, KeyError):
            draft.restart()
        return draft

    @property
    def is_pieced(self) -> bool:
        """Whether some of it is from an earlier download."""
        return self._from_before > 0

    @property
    def is_whole(self) -> bool:
        return self.whole is not None and self.size_bytes == self.whole.size_bytes

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def add(self, chunk: bytes) -> None:
        """Append what has arrived. Raises OSError."""
        self.file.write(chunk)
        self._digest.update(chunk)
        self.size_bytes += len(chunk)
        if self.size_bytes - self._noted_bytes >= _NOTED_EVERY_BYTES:
            self.keep()

    def keep(self) -> None:
        """Vouch for what is there, so that another process can go on with it. Raises OSError."""
        self._noted_bytes = self.size_bytes
        if self._note is None or self.whole is None:
            return
        self.sync()
        told = {
            "whole": asdict(self.whole),
            "media_type": self.media_type,
            "size_bytes": self.size_bytes,
            "sha256": self.sha256,
            "spent_s": self.spent_s,
        }
        draft = self._note.with_suffix(".new")
        draft.write_text(json.dumps(told))
        os.replace(draft, self._note)

    def sync(self) -> None:
        """Have the bytes on disk. Raises OSError."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def restart(self) -> None:
        """Forget all that has arrived. Raises OSError."""
        if self._note is not None:
            self._note.unlink(missing_ok=True)
        if self.size_bytes or self._note is not None:
            self.file.seek(0)
            self.file.truncate()
        self.size_bytes = self._noted_bytes = self._from_before = 0
        self.whole, self.media_type = None, ""
        self._digest = hashlib.sha256()

    def _read_note(self) -> None:
        if self._note is None:
            return
        told: dict[str, Any] = json.loads(self._note.read_text())
        whole, size_bytes = Whole(**told["whole"]), int(told["size_bytes"])
        self._rehash(size_bytes)
        if self.sha256 != told["sha256"] or not 0 < size_bytes <= whole.size_bytes:
            raise ValueError
        self.file.truncate(size_bytes)  # more may have been written than was vouched for
        self.size_bytes = self._noted_bytes = self._from_before = size_bytes
        self.whole, self.media_type = whole, str(told["media_type"])
        self.spent_s = float(told["spent_s"])

    def _rehash(self, size_bytes: int) -> None:
        self.file.seek(0)
        while size_bytes > 0 and (chunk := self.file.read(min(size_bytes, _CHUNK_BYTES))):
            self._digest.update(chunk)
            size_bytes -= len(chunk)


def _validator(headers: Mapping[str, str]) -> str:
    tag = headers.get("etag", "")
    if tag:
        return tag if _STRONG_TAG.fullmatch(tag) else ""
    modified = headers.get("last-modified", "")
    with suppress(ValueError, TypeError):  # absent, or no dates, or one without a zone
        # Within the second in which a file was sent it may have changed again (RFC 9110, 8.8.2.2).
        sent = parsedate_to_datetime(headers.get("date", ""))
        if parsedate_to_datetime(modified) <= sent - timedelta(seconds=1):
            return modified
    return ""
