"""What the vendor received and answered, one JSON line each."""

import json
import os
import re
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from studio.transend.wire import decode_json

_KEPT = 10_000
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
    """Keeps the last requests in memory and, when a path is given, all of them in a file."""

    def __init__(self, log_path: Path | None) -> None:
        self._entries: deque[Received] = deque(maxlen=_KEPT)
        self._file = _opened(log_path) if log_path else None

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
        if self._file:
            line = asdict(entry)
            del line["raw"]
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()


def without_signature(text: str) -> str:
    """Return `text` with the signatures of links left out."""
    return _SIGNATURE.sub(r"\1[left out]", text)


def _opened(path: Path) -> TextIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8")


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
