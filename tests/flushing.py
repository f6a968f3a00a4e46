"""Emptying the database between tests with real transactions, although its history is guarded.

SQLite has no TRUNCATE: rows are deleted one by one, and triggers hear of each. PostgreSQL's passes
them by.
"""

from typing import Any

from django.core.management.commands import flush
from django.db import connections, transaction


class Flush(flush.Command):
    """Django's command. All in one transaction: no other connection finds the guards lowered."""

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "sqlite":
            super().handle(**options)
            return
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
            for name, _ in guards:
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
            super().handle(**options)
            for _, statement in guards:
                cursor.execute(statement)
