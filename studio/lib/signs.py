"""What long work tells its row while it goes on, and how it learns that nobody wants it any more.

Each word is a conditional UPDATE that names the attempt: who is told "0 rows" was cancelled, or
was given up for dead, and stops without a trace.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

TOLD_EVERY_S = 0.5
_SEEN_EVERY_S = 3.0

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The work was cancelled or deleted, or is done by another: leave it alone."""


class SignsOfLife:
    """Of one attempt. `rows` is the row as this attempt has it, with its `progress` in thousandths,
    `seen_at` and `finished_at`; a later attempt's row is not this one's: it reads as `Stopped`."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self._told_at = 0.0
        self._is_wanted = True

    def tell(self, done: float) -> None:
        """Write down how much is done, 0.0 to 1.0, at most twice a second. Raises `Stopped`."""
        if not self._is_wanted:
            raise Stopped
        if time.monotonic() - self._told_at < TOLD_EVERY_S:
            return
        self._told_at = time.monotonic()
        # The last per mille is the vault's.
        self._write(progress=min(round(done * 1000), 999))
        if not self._is_wanted:
            raise Stopped

    def end(self, status: str, **fields: Any) -> None:
        """The work has come to its end. Raises `Stopped` if nobody waits for it any more."""
        if not self.rows.update(status=status, finished_at=timezone.now(), **fields):
            raise Stopped

    @contextmanager
    def given(self) -> Iterator[None]:
        """Show from a thread that the worker lives: looking and storing tell no progress."""
        over = threading.Event()
        thread = threading.Thread(target=self._show, args=(over,), name="signs", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _show(self, over: threading.Event) -> None:
        try:
            while not over.wait(_SEEN_EVERY_S):
                self._write()
        finally:
            connection.close()

    def _write(self, **fields: Any) -> None:
        try:
            if not self.rows.update(seen_at=timezone.now(), **fields):
                self._is_wanted = False
        except DatabaseError as problem:
            log.warning("Work could not show that it goes on: %s", problem)
            connection.close()  # a lost one never comes back; the next try makes its own
