"""Restoring a backup: staged beside what is there, then swapped in by renames, all or nothing.

What was there is moved aside and kept, so that a restore of the wrong backup is undone by hand.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from studio.operations import ports
from studio.operations.backups import checking, database, manifest
from studio.operations.backups.making import SECRETS, secret_files
from studio.operations.backups.manifest import Manifest, UnusableBackup


class Refused(Exception):
    """The restore was not begun; the message says why."""


def restore(folder: Path, *, force: bool) -> Path:
    """Put a backup in place of what is there; returns the folder of what was moved aside.

    Raises `UnusableBackup`, `Refused` and `database.DatabaseTool`; then nothing has changed.
    """
    folder = folder.resolve()
    listed = manifest.read(folder)
    if problems := checking.damage_of(folder, listed):
        raise UnusableBackup("The backup is damaged: " + " ".join(problems[:5]))
    _require_fitting(listed)
    if not force and _holds_something():
        raise Refused(
            "This studio holds data already. Add --force to replace it; "
            "it is moved aside, not lost."
        )
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = Path(settings.STUDIO_VAR) / f"before-restore-{stamp}"
    staged = Path(settings.STUDIO_VAR) / f".restoring-{os.getpid()}"
    try:
        aside.mkdir(mode=0o700)
        shutil.copytree(folder, staged)
        connections.close_all()
        _swap(listed, staged, aside)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return aside


def _require_fitting(listed: Manifest) -> None:
    if listed.engine != database.engine():
        raise Refused(
            f"The backup is of {listed.engine} and DATABASE_URL names {database.engine()}. "
            "Change DATABASE_URL to the same kind."
        )
    try:
        ports.require_free_web()
    except ports.PortUnusable:
        raise Refused("The studio is running. Stop it first, workers and watcher too.") from None


def _holds_something() -> bool:
    vault = Path(settings.STUDIO_VAULT)
    if vault.exists() and any(path.is_file() for path in vault.rglob("*")):
        return True
    return "accounts_workspace" in connection.introspection.table_names() and _has_workspace()


def _has_workspace() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_workspace LIMIT 1")
        return cursor.fetchone() is not None


def _swap(listed: Manifest, staged: Path, aside: Path) -> None:
    """Rename each old part aside and each new part in; on any failure rename all of them back."""
    done: list[tuple[Path, Path]] = []
    try:
        for old in _replaced(listed):
            if old.exists():
                _move(old, aside / old.name, done)
        for new, place in _parts(listed, staged):
            _move(new, place, done)
        if listed.engine == "postgresql":
            database.load_postgres(staged / database.POSTGRES_FILE)
    except BaseException:
        for source, target in reversed(done):
            target.replace(source)
        raise


def _replaced(listed: Manifest) -> list[Path]:
    old = [Path(settings.STUDIO_VAULT)]
    if listed.engine == "sqlite":
        live = database.live_file()
        # A write-ahead log of the old database would be played into the new one.
        old += [live, live.with_name(f"{live.name}-wal"), live.with_name(f"{live.name}-shm")]
    if listed.has_keyring:
        old += [
            path for name, path in secret_files().items() if f"{SECRETS}/{name}" in listed.files
        ]
    return old


def _parts(listed: Manifest, staged: Path) -> list[tuple[Path, Path]]:
    (staged / "vault").mkdir(mode=0o700, exist_ok=True)
    parts = [(staged / "vault", Path(settings.STUDIO_VAULT))]
    if listed.engine == "sqlite":
        parts.append((staged / database.SQLITE_FILE, database.live_file()))
    if listed.has_keyring:
        parts += [
            (staged / SECRETS / name, path)
            for name, path in secret_files().items()
            if f"{SECRETS}/{name}" in listed.files
        ]
    return parts


def _move(source: Path, target: Path, done: list[tuple[Path, Path]]) -> None:
    source.replace(target)
    done.append((source, target))
