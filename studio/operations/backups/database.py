"""The database into a file and back: SQLite by its backup API, PostgreSQL by its own tools."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.db import connection, connections
from psycopg.pq import Conninfo

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
    script = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--file", "-", str(dump)]
    with TemporaryFile() as sql:
        _run(*script, stdout=sql)
        sql.seek(0)
        _run(
            "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1",
            "--command", _DROP_ALL_TABLES, "--file", "-", stdin=sql,
        )  # fmt: skip


# Tables of a newer Shotboard, unknown to the dump, would be in the way of its migrations.
_DROP_ALL_TABLES = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', found.tablename);
  END LOOP;
END $$
"""


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
        columns = {row[1] for row in copy.execute("PRAGMA table_info(vault_asset)")}
        # What retention deleted is not missing; older backups know of no such thing.
        kept = " WHERE deleted_at IS NULL" if "deleted_at" in columns else ""
        return dict(copy.execute(f"SELECT path, sha256 FROM vault_asset{kept}"))  # noqa: S608


def libpq_environment(params: Mapping[str, Any]) -> dict[str, str]:
    """How PostgreSQL's own tools are told to connect as we do, with TLS and all.

    libpq itself lists its options and the variable of each. Those without one, such as keepalives,
    do not change where to or how safely it connects.
    """
    options = {option.keyword: option.envvar for option in Conninfo.get_defaults()}
    found = {}
    for keyword, value in params.items():
        variable = options.get(keyword.encode())
        if variable and value not in (None, ""):
            found[variable.decode()] = str(value)
    return found


def _run(*argv: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None) -> None:
    # By the environment, because arguments can be read by every user of the machine.
    env = os.environ | libpq_environment(connection.get_connection_params())
    try:
        subprocess.run(  # noqa: S603
            argv,
            env=env,
            check=True,
            stdin=stdin,
            stdout=stdout or subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise DatabaseTool(
            f"{argv[0]} is not installed. Install PostgreSQL's client tools."
        ) from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise DatabaseTool(f"{argv[0]} failed: {' '.join(last) or 'no reason given'}") from None
