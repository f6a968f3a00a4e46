"""Bodies read from files, and how many long ones one process sends at a time.

A WSGI thread is held for as long as a slow client reads (measured with granian: two such downloads
stop a worker of two threads). A body of one chunk holds none: the server takes it whole, and its
own event loop feeds the client. So parts up to `MAX_PART_BYTES` go out as one chunk, and longer
bodies get a slot. The server starts more threads than there are slots, so pages always find one,
however many clients download.
"""

from threading import BoundedSemaphore
from typing import BinaryIO

from studio.vault.ranges import Span

MAX_PART_BYTES = 2 * 1024 * 1024
CHUNK_BYTES = 256 * 1024
MAX_STREAMS = 16


class TooManyStreams(Exception):
    """Every slot is taken by another download."""


class Slots:
    """How many bodies may be on their way at once in this process."""

    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(count)

    def take(self) -> None:
        """Take a slot, or raise `TooManyStreams` at once."""
        if not self._free.acquire(blocking=False):
            raise TooManyStreams

    def give_back(self) -> None:
        self._free.release()


SLOTS = Slots(MAX_STREAMS)


class FileStream:
    """The bytes of a span, a chunk at a time. Holds a slot until `close()`; owns the file."""

    def __init__(self, file: BinaryIO, span: Span, slots: Slots = SLOTS) -> None:
        slots.take()
        self._slots = slots
        self._file = file
        self._left = span.length
        self._is_open = True
        file.seek(span.first)

    def __iter__(self) -> "FileStream":
        return self

    def __next__(self) -> bytes:
        if not self._left:
            self.close()
            raise StopIteration
        chunk = self._file.read(min(CHUNK_BYTES, self._left))
        if not chunk:
            # Ending early and quietly would pass for the whole film.
            raise OSError("The file in the vault is shorter than it was when this answer began.")
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        """Give the slot back and close the file; the server calls it when the client is gone."""
        if self._is_open:
            self._is_open = False
            self._slots.give_back()
            self._file.close()

    def __del__(self) -> None:
        # An answer that a middleware dropped was never closed by the server.
        if hasattr(self, "_is_open"):
            self.close()
