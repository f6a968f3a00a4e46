"""The database into a file and back: SQLite by its backup API, PostgreSQL by its own tools."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

SQLITE_FILE, POSTGRES_FILE = "database.sqlite3", "database.dump"


class DatabaseTool(Exception):
    """A database tool is missing or failed; the message says so."""


def engine() -> str:
    """`sqlite` or `postgresql`: what the studio runs on."""
    return str(connection.vendor)


def file_name(engine: str) -> str:
    """The database's file in a backup."""
    return SQLITE_FILE if engine == "sqlite" else POSTGRES_FILE


def live_file() -> Path:
    """Where the studio's SQLite database is."""
    return Path(settings.DATABASES["default"]["NAME"])


def dump(out: Path) -> None:
    """Write a consistent copy, while others go on writing. Raises `DatabaseTool`."""
    if engine() == "sqlite":
        # Never a plain copy: what is still in the write-ahead log would be missing.
        with closing(sqlite3.connect(live_file())) as live, closing(sqlite3.connect(out)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--file", str(out))
    out.chmod(0o600)


def load_postgres(dump: Path) -> None:
    """Replace what is in the PostgreSQL database, in one transaction. Raises `DatabaseTool`."""
    connections.close_all()
    name = settings.DATABASES["default"]["NAME"]
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error",
        "--single-transaction", "--dbname", str(name), str(dump),
    )  # fmt: skip


def faults(file: Path, engine: str) -> Iterator[str]:
    """A sentence for each way in which a dumped database is broken inside."""
    if engine == "sqlite":
        yield from _sqlite_faults(file)
        return
    try:
        _run("pg_restore", "--list", str(file))
    except DatabaseTool as error:
        yield str(error)


def _sqlite_faults(file: Path) -> Iterator[str]:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            for (says,) in copy.execute("PRAGMA integrity_check"):
                if says != "ok":
                    yield f"{file.name}: {says}"
            for table, *_ in copy.execute("PRAGMA foreign_key_check"):
                yield f"{file.name}: a row of {table} points to a row that is missing."
    except sqlite3.DatabaseError as error:
        yield f"{file.name} is no sound SQLite database: {error}."


def assets_in(file: Path) -> dict[str, str]:
    """SHA-256 of each vault file that a dumped SQLite database names, by its path."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        return dict(copy.execute("SELECT path, sha256 FROM vault_asset"))


def _run(*argv: str) -> None:
    database = settings.DATABASES["default"]
    # By the environment, because arguments can be read by every user of the machine.
    named = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database.get("NAME"),
    }
    env = os.environ | {name: str(value) for name, value in named.items() if value}
    try:
        subprocess.run(argv, env=env, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise DatabaseTool(
            f"{argv[0]} is not installed. Install PostgreSQL's client tools."
        ) from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise DatabaseTool(f"{argv[0]} failed: {last[0]}") from None
