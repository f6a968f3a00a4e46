"""What the vendor received and answered, one JSON line each."""

import json
import os
import re
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from studio.transend.wire import decode_json

_KEPT = 10_000
# The file and its predecessor together: a developer's disk is not for years of polling.
_FILE_BYTES = 20 * 1000 * 1000
_SIGNATURE = re.compile(r"(signature=)[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Received:
    """A request and its answer. `raw` is the body as it came; it is not written to the log.

    `status` is None when the connection was dropped without an answer; `response` is the parsed
    JSON of the answer or None. The key is cut to its last four characters, signatures are left
    out.
    """

    at: float
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    status: int | None
    response: Any
    raw: bytes = field(default=b"", repr=False)


class Journal:
    """Keeps the last requests in memory and, when a path is given, more of them in a file."""

    def __init__(self, log_path: Path | None, *, file_bytes: int = _FILE_BYTES) -> None:
        self._entries: deque[Received] = deque(maxlen=_KEPT)
        self._log = _Log(log_path, file_bytes) if log_path else None

    @property
    def entries(self) -> list[Received]:
        """The last requests, oldest first."""
        return list(self._entries)

    def add(
        self,
        at: float,
        method: str,
        path: str,
        headers: dict[str, str],
        raw: bytes,
        status: int | None,
        answer: bytes,
    ) -> None:
        """Write a request down."""
        entry = Received(
            at=at,
            method=method,
            path=without_signature(path),
            headers=_redacted(headers),
            body=_json_or_none(raw),
            status=status,
            response=_json_or_none(without_signature(answer.decode("utf-8", "replace")).encode()),
            raw=raw,
        )
        self._entries.append(entry)
        if self._log:
            self._log.write(_as_line(entry))

    def close(self) -> None:
        """Close the file."""
        if self._log:
            self._log.close()


class _Log:
    """A file of whole lines. When it is full it becomes `….1`, in place of the one before."""

    def __init__(self, path: Path, file_bytes: int) -> None:
        self._path = path
        self._file_bytes = file_bytes
        self._file = _opened(path)

    def write(self, line: bytes) -> None:
        if self._file.tell() + len(line) > self._file_bytes:
            self._file.close()
            os.replace(self._path, self._path.with_name(f"{self._path.name}.1"))
            self._file = _opened(self._path)
        self._file.write(line)
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def without_signature(text: str) -> str:
    """Return `text` with the signatures of links left out."""
    return _SIGNATURE.sub(r"\1[left out]", text)


def _opened(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return os.fdopen(os.open(path, flags, 0o600), "ab")


def _as_line(entry: Received) -> bytes:
    """What the file keeps. The end of a webhook's address is its secret: that is left out."""
    kept = asdict(entry)
    del kept["raw"]
    url = entry.body.get("webhook_url") if isinstance(entry.body, dict) else None
    if isinstance(url, str) and "/" in url:
        kept = _replaced(kept, url, f"{url.rpartition('/')[0]}/[left out]")
    return json.dumps(kept).encode() + b"\n"


def _replaced(value: Any, text: str, instead: str) -> Any:
    if isinstance(value, str):
        return value.replace(text, instead)
    if isinstance(value, dict):
        return {name: _replaced(inner, text, instead) for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, text, instead) for inner in value]
    return value


def _redacted(headers: dict[str, str]) -> dict[str, str]:
    shown = dict(headers)
    if "authorization" in shown:
        shown["authorization"] = f"Bearer …{shown['authorization'][-4:]}"
    return shown


def _json_or_none(data: bytes) -> Any:
    try:
        return decode_json(data)
    except ValueError:
        return None
