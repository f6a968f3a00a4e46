"""Reading the environment for `studio/settings.py`, and nothing else.

Every helper fails loudly, with the variable's name and what to write, instead of guessing.
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from studio.lib import private_files
from studio.transend.mentioned import checked_path

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# What the studio puts into STUDIO_VAR.
_OURS = (
    "before-restore-", "cache", "demo_api_key", "keyring.json", "secret_key", "sign-ins.json",
    "simulator", "studio.sqlite3", "vault",
)  # fmt: skip

env = Env()


def folder(name: str, default: Path) -> Path:
    """The folder a variable names: made for this user alone, or closed to others if it is ours."""
    path = Path(env.str(name, "") or default).expanduser().resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_ours(path):
            path.chmod(0o700)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: the folder {path} cannot be made ({error.strerror}). "
            f"Set {name} to a folder this user may write to."
        ) from error
    return path


def _is_ours(path: Path) -> bool:
    """Whether only the studio uses a folder; of shared ones (/tmp) `doctor` tells."""
    found = path.stat()
    if found.st_uid != os.geteuid() or found.st_mode & stat.S_ISVTX or path == path.parent:
        return False
    return all(name.startswith(_OURS) for name in os.listdir(path))


def _random_text() -> str:
    return secrets.token_urlsafe(50)


def generated_secret(path: Path, generate: Callable[[], str] = _random_text) -> str:
    """The secret kept at `path`, generated (mode 0600) by whichever process comes first."""
    if not path.exists():
        with contextlib.suppress(FileExistsError):
            private_files.create(path, generate())
    return path.read_text().strip()


def port(name: str, default: int) -> int:
    """A TCP port from the environment."""
    number = env.int(name, default)
    if not 1 <= number <= 65535:
        raise ImproperlyConfigured(f"{name} is {number}: a port is a number from 1 to 65535.")
    return number


def url(name: str, default: str) -> str:
    """An http(s) address without a trailing slash; the empty string stays empty."""
    address = env.str(name, default).strip().rstrip("/")
    if address:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ImproperlyConfigured(
                f"{name} is {address!r}: write a whole address, such as https://studio.example.com."
            )
    return address


@dataclass(frozen=True)
class MailServer:
    """Where e-mails are handed in. Its password is in no `repr`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    is_tls: bool
    is_starttls: bool


# By scheme: the usual port, TLS from the first byte, STARTTLS.
_MAIL_SCHEMES = {
    "smtp": (25, False, False),
    "smtp+tls": (587, False, True),
    "smtps": (465, True, False),
}


def mail_server(name: str) -> MailServer | None:
    """The server of an address such as `smtp+tls://user:password@mail.example.com:587`."""
    address = env.str(name, "").strip()
    if not address:
        return None
    try:
        parts = urlsplit(address)
        usual_port, is_tls, is_starttls = _MAIL_SCHEMES[parts.scheme]
        if not parts.hostname:
            raise ValueError
        return MailServer(
            parts.hostname,
            parts.port or usual_port,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            is_tls=is_tls,
            is_starttls=is_starttls,
        )
    except (KeyError, ValueError):  # not repeated: it may hold a password
        raise ImproperlyConfigured(
            f"{name} is no address of a mail server: write smtp+tls://user:password@mail.example"
            ".com:587 (smtps:// for TLS from the start, smtp:// for none)."
        ) from None


def vendor_path(name: str, default: str) -> str:
    """The path of a part of the vendor's API; the empty string stays empty."""
    try:
        return checked_path(env.str(name, default).strip())
    except ValueError as problem:
        raise ImproperlyConfigured(f"{name}: {problem}") from None


def is_loopback(address: str) -> bool:
    """Whether an http(s) address names this machine."""
    return urlsplit(address).hostname in LOOPBACK
