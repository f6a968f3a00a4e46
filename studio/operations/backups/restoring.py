"""Restoring a backup: staged beside what is there, then swapped in by renames, all or nothing.

What was there is kept (a PostgreSQL database as a dump), so that a restore of the wrong backup is
undone by hand. Takes that wait in it may have been sent since: they are held (`holding`).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections

from studio.lib import private_files
from studio.operations import ports
from studio.operations.backups import checking, database, holding, manifest
from studio.operations.backups.making import SECRETS, secret_files
from studio.operations.backups.manifest import Manifest, UnusableBackup
from studio.renders.models import Heartbeat
from studio.renders.watching import heartbeats

# Workers and watcher beat every few seconds, wherever they run.
QUIET_AFTER_S = 30.0


class Refused(Exception):
    """The restore was not begun; the message says why."""


@dataclass(frozen=True)
class Restored:
    """What was done: the folder of what was moved aside, each thing that is kept, and how many
    takes are held because they may have been sent since."""

    aside: Path
    kept: list[Path]
    held: int


@dataclass(frozen=True)
class Part:
    """What stands at `place` goes to `aside`, and a copy of `source` comes there (None: nothing).

    All renames stay within the file system of `place`.
    """

    source: Path | None
    place: Path
    aside: Path

    @property
    def staged(self) -> Path:
        """Where the copy waits for its turn."""
        return self.place.with_name(f".restoring-{os.getpid()}-{self.place.name}")

    def stage(self) -> None:
        """Copy `source` beside `place`; an empty folder for a vault that held nothing."""
        if self.source is None:
            return
        if self.source.is_file():
            _copy(self.source, self.staged)
        elif self.source.exists():
            shutil.copytree(self.source, self.staged, copy_function=_copy)
            private_files.close_to_others(self.staged)
        else:
            self.staged.mkdir(mode=0o700)

    def unstage(self) -> None:
        """Remove the copy, if its turn never came."""
        if self.staged.is_dir():
            shutil.rmtree(self.staged, ignore_errors=True)
        else:
            self.staged.unlink(missing_ok=True)


def _copy(source: str | Path, target: str | Path) -> None:
    shutil.copyfile(source, target)
    Path(target).chmod(0o600)


def restore(folder: Path, *, force: bool) -> Restored:
    """Put a backup in place of what is there. `force`: also where this studio holds data.

    Raises `UnusableBackup`, `Refused` and `database.DatabaseTool`; then nothing has changed.
    """
    folder = folder.resolve()
    listed = manifest.read(folder)
    if problems := checking.damage_of(folder, listed):
        raise UnusableBackup("The backup is damaged: " + " ".join(problems[:5]))
    _require_same_engine(listed)
    _require_stopped()
    if not force and _holds_something():
        raise Refused(
            "This studio holds data already. Add --force to replace it; it is kept, not lost."
        )
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = Path(settings.STUDIO_VAR) / f"before-restore-{stamp}"
    aside.mkdir(mode=0o700)
    parts, held = list(_parts(listed, folder, aside)), 0

    def settle_in() -> None:
        nonlocal held
        _load_postgres(listed, folder)
        try:
            held = holding.hold_what_waits(listed.made_at)
        finally:
            connections.close_all()  # before any rename back, or its log would stay here

    try:
        for part in parts:
            part.stage()
        kept = _keep_postgres(listed, aside)
        connections.close_all()
        kept += swap(parts, settle_in)
    except BaseException:
        _forget(aside)
        raise
    finally:
        for part in parts:
            part.unstage()
    return Restored(aside, kept, held)


def swap(parts: list[Part], last: Callable[[], None] = lambda: None) -> list[Path]:
    """Rename each old part aside and each new one in, then do `last`; returns what is kept.

    On any failure everything is renamed back.
    """
    done: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        source.replace(target)
        done.append((source, target))

    kept = []
    try:
        for part in parts:
            if part.place.exists():
                move(part.place, part.aside)
                kept.append(part.aside)
        for part in parts:
            if part.source is not None:
                move(part.staged, part.place)
        last()
    except BaseException:
        for source, target in reversed(done):
            target.replace(source)
        raise
    return kept


def _forget(aside: Path) -> None:
    """Remove the folder of a restore that changed nothing; anything moved there stays."""
    (aside / database.POSTGRES_FILE).unlink(missing_ok=True)
    with suppress(OSError):
        aside.rmdir()


def _keep_postgres(listed: Manifest, aside: Path) -> list[Path]:
    """The database as it is now, into the folder: nobody can rename it aside."""
    if listed.engine != "postgresql":
        return []
    file = aside / database.POSTGRES_FILE
    database.dump(file)
    return [file]


def _load_postgres(listed: Manifest, folder: Path) -> None:
    if listed.engine == "postgresql":
        database.load_postgres(folder / database.POSTGRES_FILE)


def _require_same_engine(listed: Manifest) -> None:
    if listed.engine != database.engine():
        raise Refused(
            f"The backup is of {listed.engine} and DATABASE_URL names {database.engine()}. "
            "Change DATABASE_URL to the same kind."
        )


def _require_stopped() -> None:
    """Nobody may write meanwhile, on any machine; --force changes nothing about that."""
    try:
        ports.require_free_web()
    except ports.PortUnusable:
        raise Refused("The studio is running. Stop it first, workers and watcher too.") from None
    for process, age_s in _signs_of_life():
        if age_s < QUIET_AFTER_S:
            raise Refused(
                f"{process} worked {age_s:.0f} s ago, here or on another machine. Stop web, "
                f"workers and watcher everywhere, wait {QUIET_AFTER_S:.0f} s, then try again."
            )


def _signs_of_life() -> list[tuple[str, float]]:
    try:
        if Heartbeat._meta.db_table in connection.introspection.table_names():
            return sorted(heartbeats.ages_s().items(), key=lambda beat: beat[1])
    except DatabaseError:
        # A broken SQLite file is what a backup is for; a server that is away cannot be restored.
        if database.engine() != "sqlite":
            raise
    return []


def _holds_something() -> bool:
    vault = Path(settings.STUDIO_VAULT)
    if vault.exists() and any(path.is_file() for path in vault.rglob("*")):
        return True
    try:
        return "accounts_workspace" in connection.introspection.table_names() and _has_workspace()
    except DatabaseError:
        return True  # what cannot be read may be something


def _has_workspace() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_workspace LIMIT 1")
        return cursor.fetchone() is not None


def _parts(listed: Manifest, folder: Path, aside: Path) -> Iterator[Part]:
    yield _part(folder / "vault", Path(settings.STUDIO_VAULT), aside)
    if listed.engine == "sqlite":
        live = database.live_file()
        yield _part(folder / database.SQLITE_FILE, live, aside)
        # A write-ahead log of the old database would be played into the new one.
        for suffix in ("-wal", "-shm"):
            yield _part(None, live.with_name(live.name + suffix), aside)
    if listed.has_keyring:
        for name, path in secret_files().items():
            if f"{SECRETS}/{name}" in listed.files:
                yield _part(folder / SECRETS / name, path, aside)


def _part(source: Path | None, place: Path, aside: Path) -> Part:
    place = place.resolve()
    if place.parent == aside.parent.resolve():
        return Part(source, place, aside / place.name)
    # What lies elsewhere may be on another file system, where no rename leads to.
    return Part(source, place, place.with_name(f"{place.name}.{aside.name}"))
