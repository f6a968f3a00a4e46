"""What this user alone may read; small files are written whole or not at all."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


def replace(path: Path, text: str) -> None:
    """Put `text` at `path`, in place of what is there. Raises OSError; then nothing has changed."""
    with _draft_beside(path, text) as draft:
        draft.replace(path)
        sync_folder(path.parent)


def create(path: Path, text: str) -> None:
    """Put `text` at `path`. Raises FileExistsError when another process was faster, or OSError."""
    with _draft_beside(path, text) as draft:
        os.link(draft, path)  # atomic, and fails where something is already
        sync_folder(path.parent)


def close_to_others(folder: Path) -> None:
    """Leave a folder and everything below it to this user alone, whatever the umask was."""
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


@contextlib.contextmanager
def _draft_beside(path: Path, text: str) -> Iterator[Path]:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have a folder's names on disk: else a power cut may undo a rename or a deletion."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
