"""Transactions that must survive a power cut: the claim of a paid POST, and its task's id."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def durable() -> Iterator[None]:
    """A transaction that is on disk once this returns. Raises RuntimeError inside another one.

    SQLite otherwise runs with synchronous=NORMAL, which may lose the last commits in a power cut;
    the connections that spend money (workers, watchers) are switched to FULL for good.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
    with transaction.atomic(durable=True):
        yield
