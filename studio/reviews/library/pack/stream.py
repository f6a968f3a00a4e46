"""A pack on its way: words from a template, and files in base64 where it leaves room for them."""

import base64
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from studio.vault.streams import SLOTS, Slots

# Base64 turns 3 bytes into 4 letters: chunks of whole threes fit together.
_CHUNK_BYTES = 3 * 64 * 1024

Filling = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Contents:
    """`html` has the places of `fillings` by their names, as `place` writes them with `mark`: a
    random word that nobody's text can hold."""

    html: str
    mark: str
    fillings: Mapping[str, Filling]


def place(mark: str, name: str) -> str:
    """Where a filling goes."""
    return f"{mark}-{name}-"


def of_file(path: Path) -> Filling:
    """A file in base64, never all of it in memory."""

    def read() -> Iterator[bytes]:
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield base64.b64encode(chunk)

    return read


class Pack:
    """The pack's bytes, a piece at a time. Holds a download slot until `close()`.

    Raises `TooManyStreams`.
    """

    def __init__(self, contents: Contents, slots: Slots = SLOTS) -> None:
        slots.take()
        self._slots = slots
        self._is_open = True
        self._pieces = _pieces(contents)

    def __iter__(self) -> "Pack":
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the slot back; the server calls it when the client is gone."""
        if self._is_open:
            self._is_open = False
            self._pieces.close()
            self._slots.give_back()

    def __del__(self) -> None:
        # An answer that a middleware dropped was never closed by the server.
        if hasattr(self, "_is_open"):
            self.close()


def _pieces(contents: Contents) -> Generator[bytes, None, None]:
    words = re.split(rf"{contents.mark}-(\w+)-", contents.html)
    for index, piece in enumerate(words):
        if index % 2:
            yield from contents.fillings[piece]()
        elif piece:
            yield piece.encode()
