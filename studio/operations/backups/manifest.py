"""The list of what a backup holds, and whether that is still so."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1


class UnusableBackup(Exception):
    """The message says what is wrong with the folder."""


@dataclass(frozen=True)
class Entry:
    """One file of a backup."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: `files` by their path below its folder, in POSIX form."""

    made_at: str
    engine: str
    has_keyring: bool
    files: dict[str, Entry]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n")


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises `UnusableBackup`."""
    try:
        held: dict[str, Any] = json.loads((folder / NAME).read_text())
        files = {str(name): Entry(**entry) for name, entry in held.pop("files").items()}
        manifest = Manifest(**held, files=files)
    except FileNotFoundError:
        raise UnusableBackup(f"{folder} is no backup: it has no {NAME}.") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise UnusableBackup(f"{folder / NAME} cannot be read.") from None
    if manifest.format != FORMAT:
        raise UnusableBackup(
            f"This backup has format {manifest.format}; this Shotboard reads format {FORMAT}."
        )
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in manifest.files):
        raise UnusableBackup(f"{folder / NAME} names files outside of the backup.")
    return manifest


def entry_of(path: Path) -> Entry:
    """Size and SHA-256 of a file as it is now."""
    with path.open("rb") as file:
        return Entry(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def entries_below(folder: Path) -> dict[str, Entry]:
    """Every file below a folder, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): entry_of(path) for path in files}


def differences(folder: Path, manifest: Manifest) -> Iterator[str]:
    """A sentence for each file that is missing, changed, or not in the manifest."""
    there = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    } - {NAME}
    for name, entry in sorted(manifest.files.items()):
        path = folder / name
        if name not in there:
            yield f"{name} is missing."
        elif path.is_symlink() or entry_of(path) != entry:
            yield f"{name} was changed after the backup was made."
    for name in sorted(there - set(manifest.files)):
        yield f"{name} does not belong to the backup."
