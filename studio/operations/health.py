"""What `doctor` looks at: each check says in a sentence what is there, or what to do."""

import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection

from studio.accounts import keyring
from studio.accounts.models import ApiKey
from studio.accounts.sealed import others
from studio.lib import migrations
from studio.renders.views.readings import LATE_AFTER_S
from studio.renders.watching import heartbeats
from studio.vault import storing

LOW_DISK_BYTES = 2 * 1024**3
CONNECT_TIMEOUT_S = 5.0
NAMED_FILES = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at. `says` tells what was found and, when it is not ok, what to do."""

    name: str
    ok: bool
    says: str


def examine() -> list[dict[str, Any]]:
    """Every check, in the order in which to mend what they find."""
    return [asdict(check) for check in _all_checks()]


def _all_checks() -> Iterator[Check]:
    yield _python()
    yield _folder()
    yield _disk()
    yield from _guarded("database", _database, DatabaseError)
    yield from _guarded("migrations", _migrations, DatabaseError)
    yield from _guarded("cache", _cache, Exception)
    yield from _guarded("vault", _vault, DatabaseError, OSError)
    yield from _guarded("keyring", _keyring, keyring.KeyringError, DatabaseError)
    yield from _guarded("heartbeats", _heartbeats, DatabaseError)
    yield from _guarded("vendor", _vendor, OSError)


def _guarded(name: str, look: Callable[[], Check], *errors: type[Exception]) -> Iterator[Check]:
    try:
        yield look()
    except errors as error:
        yield Check(name, False, _failure(name, error))


def _failure(name: str, error: Exception) -> str:
    advice = {
        "database": "Check DATABASE_URL and that the database runs.",
        "migrations": "Check DATABASE_URL and that the database runs.",
        "vault": "Run 'python manage.py migrate', and let this user read the vault.",
        "heartbeats": "Run 'python manage.py migrate'.",
        "cache": "Check REDIS_URL, or run 'python manage.py createcachetable' without it.",
        "vendor": f"Check TRANSEND_BASE_URL ({settings.TRANSEND_BASE_URL}) and the network.",
    }.get(name, "")
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{said.rstrip('.')}. {advice}".strip()


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", True, f"Python {version} runs Shotboard.")


def _folder() -> Check:
    folder = Path(settings.STUDIO_VAR)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check("folder", False, f"{folder} cannot be written. Give it to this user.")
    if mode & 0o077:
        says = f"Others may read {folder}, which holds secrets. Run: chmod 700 {folder}"
        return Check("folder", False, says)
    return Check("folder", True, f"{folder} can be written, by this user alone.")


def _disk() -> Check:
    free = shutil.disk_usage(settings.STUDIO_VAR).free
    says = f"{free / 1024**3:.1f} GiB are free under {settings.STUDIO_VAR}."
    if free < LOW_DISK_BYTES:
        return Check("disk", False, f"{says} Renders fill the vault: make room.")
    return Check("disk", True, says)


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Check("database", True, f"The {connection.display_name} database answers.")


def _migrations() -> Check:
    if missing := migrations.missing():
        says = f"{len(missing)} migrations are not applied. Run 'python manage.py migrate'."
        return Check("migrations", False, says)
    return Check("migrations", True, "All migrations are applied.")


def _cache() -> Check:
    cache.set("doctor", "well", 10)
    if cache.get("doctor") != "well":
        return Check("cache", False, "The cache forgets at once. Check REDIS_URL.")
    return Check("cache", True, "The cache remembers.")


def _vault() -> Check:
    """Files without a row take room and do no harm: they are told of, and all is well."""
    sizes = {}
    for path in storing.orphans():
        with suppress(FileNotFoundError):  # discarded just now
            sizes[path] = path.stat().st_size
    if not sizes:
        return Check("vault", True, "The vault holds no file that nothing refers to.")
    named = ", ".join(str(path) for path in list(sizes)[:NAMED_FILES])
    more = f" and {len(sizes) - NAMED_FILES} more" if len(sizes) > NAMED_FILES else ""
    says = (
        f"Warning: nothing refers to {len(sizes)} files of the vault "
        f"({sum(sizes.values()) / 1024**2:.1f} MiB); killed processes left them. "
        f"If you need the room, move them elsewhere, then delete them: {named}{more}."
    )
    return Check("vault", True, says)


def _keyring() -> Check:
    path = Path(settings.STUDIO_KEYRING)
    sealed = ApiKey.objects.exclude(ciphertext="")
    if not keyring.is_there() and not sealed.exists():
        return Check("keyring", True, "There is no keyring yet: the first API key makes it.")
    ring = keyring.read()
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        says = f"Others may read the keyring. Run: chmod 600 {path}"
        return Check("keyring", False, says)
    for key in sealed:
        ring.open(key.ciphertext, key.workspace_id, str(key.uid))
    counted = [(other.open_all(ring), other.name) for other in others()]
    opened = [f"{count} {name}" for count, name in counted if count]
    opens = " and ".join([f"{len(sealed)} API keys", *opened])
    return Check("keyring", True, f"The keyring opens all {opens}.")


def _heartbeats() -> Check:
    ages = heartbeats.ages_s()
    late = [
        f"{name} ({ages[name]:.0f} s ago)" if name in ages else f"{name} (never)"
        for name in heartbeats.EXPECTED
        if ages.get(name, float("inf")) > LATE_AFTER_S
    ]
    if late:
        says = (
            f"No sign of life from {', '.join(late)}. "
            "Start 'python manage.py qcluster' and 'python manage.py watch_takes'."
        )
        return Check("heartbeats", False, says)
    return Check("heartbeats", True, "Workers and watcher show signs of life.")


def _vendor() -> Check:
    parts = urlsplit(settings.TRANSEND_BASE_URL)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    with socket.create_connection((parts.hostname, port), timeout=CONNECT_TIMEOUT_S):
        return Check("vendor", True, f"{parts.netloc} can be reached.")
