"""A file between its upload and its import: kept for a day, for the person who brought it."""

import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from studio.accounts.models import User
from studio.lib import unseen

KEPT_S = 24 * 3600
KEPT_OF_ONE_PERSON = 20
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
PASTED = "pasted text"


class Gone(LookupError):
    """There is no such upload of this person, not any more, or it has been imported."""


@dataclass(frozen=True)
class Upload:
    """`name` is the file's, made fit to be shown; empty for pasted text."""

    token: str
    name: str
    raw: bytes

    @property
    def shown_name(self) -> str:
        return self.name or PASTED


def keep(user: User, name: str, raw: bytes) -> Upload:
    """Put the bytes aside, under a name that cannot be guessed, and forget what is too old."""
    token = secrets.token_urlsafe(16)
    shown = unseen.without_controls(name)[-120:]
    path = _path(user, token)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(json.dumps({"name": shown}).encode() + b"\n" + raw)
    return Upload(token, shown, raw)


def fetch(user: User, token: str) -> Upload:
    """The upload of this person. Raises `Gone`."""
    try:
        head, _, raw = _path(user, token).read_bytes().partition(b"\n")
    except OSError:
        raise Gone(token) from None
    return Upload(token, json.loads(head)["name"], raw)


@contextmanager
def used_once(user: User, upload: Upload) -> Iterator[None]:
    """Import the upload within; it is gone afterwards, and kept when that failed.

    Raises `Gone` for whoever comes second: a double click imports nothing twice.
    """
    path = _path(user, upload.token)
    taken = path.with_suffix(".taken")
    try:
        path.rename(taken)
    except OSError:
        raise Gone(upload.token) from None
    try:
        yield
    except BaseException:
        taken.rename(path)
        raise
    taken.unlink(missing_ok=True)


def _path(user: User, token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise Gone(token)
    return Path(settings.STUDIO_VAR) / "cache" / "imports" / str(user.pk) / token


def _forget(mine: Path) -> None:
    """Delete what is older than a day, of everybody, and more than a few of this person's."""
    everything = [path for path in mine.parent.glob("*/*") if path.is_file()]
    kept: list[tuple[float, Path]] = []
    for path in everything:
        with suppress(OSError):
            changed = path.stat().st_mtime
            if changed < time.time() - KEPT_S:
                path.unlink(missing_ok=True)
            elif path.parent == mine:
                kept.append((changed, path))
    for _, path in sorted(kept, reverse=True)[KEPT_OF_ONE_PERSON - 1 :]:
        path.unlink(missing_ok=True)
