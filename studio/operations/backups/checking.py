"""Checking a backup: each file's sum, the database inside, and that the vault's files are there."""

from collections.abc import Iterator
from pathlib import Path

from studio.operations.backups import database, manifest
from studio.operations.backups.manifest import Manifest


def damage_of(folder: Path, listed: Manifest) -> list[str]:
    """A sentence for everything that happened to a backup since it was made."""
    found = list(manifest.differences(folder, listed))
    if found:
        return found
    file = database.file_name(listed.engine)
    if file not in listed.files:
        return [f"{file} is missing."]
    return list(database.faults(folder / file, listed.engine))


def losses_of(folder: Path, listed: Manifest) -> Iterator[str]:
    """A sentence for each vault file that was lost or changed before an intact backup was made."""
    if listed.engine != "sqlite":
        return
    named = database.assets_in(folder / database.SQLITE_FILE)
    for path, sha256 in sorted(named.items()):
        held = listed.files.get(f"vault/{path}")
        if held is None:
            yield f"vault/{path} is missing: the vault had lost it before the backup."
        elif held.sha256 != sha256:
            yield f"vault/{path} is not what was stored: it had changed before the backup."


def problems_of(folder: Path, listed: Manifest) -> list[str]:
    """Both: a sentence for everything that is wrong with a backup."""
    return damage_of(folder, listed) or list(losses_of(folder, listed))
