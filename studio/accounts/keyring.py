"""The master keys that API keys are encrypted with: a file outside the database, mode 0600.

The file is JSON: `{"current": "<kid>", "keys": {"<kid>": "<Fernet key>"}}`. A stored secret is
`v1:<kid>:<Fernet token>`; the token's plaintext names the workspace and the row it was made for, so
that a token copied into another row does not open there.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from studio.lib import private_files

VERSION = "v1"


class KeyringError(Exception):
    """The keyring or a stored secret cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Keyring:
    """Master keys by their id, and which of them encrypts new secrets."""

    current: str
    keys: dict[str, str]

    def __repr__(self) -> str:
        return f"<Keyring of {len(self.keys)} keys>"

    def seal(self, plaintext: str, workspace_id: int, row: str) -> str:
        """Encrypt `plaintext` for one row (its uid) of one workspace."""
        bound = json.dumps({"workspace": workspace_id, "row": row, "secret": plaintext})
        token = Fernet(self.keys[self.current]).encrypt(bound.encode()).decode()
        return f"{VERSION}:{self.current}:{token}"

    def open(self, sealed: str, workspace_id: int, row: str) -> str:
        """The plaintext of what `seal` made for the same row; KeyringError otherwise."""
        version, _, rest = sealed.partition(":")
        kid, _, token = rest.partition(":")
        if version != VERSION or kid not in self.keys:
            raise KeyringError(
                f"This secret was sealed with master key {kid!r}, which is not in the keyring. "
                "Restore the keyring from its backup, or add the API key again."
            )
        try:
            bound = json.loads(Fernet(self.keys[kid]).decrypt(token.encode()))
        except (InvalidToken, ValueError):
            raise KeyringError(
                "This secret does not open with its master key: the database and the keyring do "
                "not belong together. Restore both from the same backup, or add the API key again."
            ) from None
        if (bound["workspace"], bound["row"]) != (workspace_id, row):
            raise KeyringError(
                "This secret belongs to another workspace or row. Add the API key again."
            )
        return str(bound["secret"])

    def with_new_key(self) -> "Keyring":
        """The same keyring with one more master key, which encrypts from now on."""
        kid = f"k{len(self.keys) + 1}-{secrets.token_hex(3)}"
        return Keyring(kid, {**self.keys, kid: Fernet.generate_key().decode()})


def load() -> Keyring:
    """The studio's keyring, made on first use. Raises `KeyringError`."""
    if not is_there():
        create(Path(settings.STUDIO_KEYRING))
    return read()


def is_there() -> bool:
    """Whether the studio has a keyring, as far as this user may see."""
    return os.path.exists(settings.STUDIO_KEYRING)  # Path's raises where a folder is closed to us


def read() -> Keyring:
    """The studio's keyring; `KeyringError` when it is missing or broken. Never makes one.

    Whoever opens a stored secret reads: a keyring made just now could not open it anyway.
    """
    path = Path(settings.STUDIO_KEYRING)
    try:
        held = json.loads(path.read_text())
        keyring = Keyring(held["current"], dict(held["keys"]))
        for key in keyring.keys.values():
            Fernet(key)
        keyring.keys[keyring.current]
    except FileNotFoundError:
        says = f"The keyring {path} is missing."
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        says = f"The keyring {path} cannot be read."
    else:
        return keyring
    raise KeyringError(
        f"{says} Restore it from its backup; without it the stored API keys cannot be opened."
    )


def create(path: Path) -> None:
    """Make a keyring, unless another process is faster: then theirs stands."""
    with contextlib.suppress(FileExistsError):
        _write(private_files.create, path, Keyring("", {}).with_new_key())


def save(keyring: Keyring) -> None:
    """Replace the studio's keyring atomically. Raises `KeyringError`."""
    _write(private_files.replace, Path(settings.STUDIO_KEYRING), keyring)


def _write(write: Callable[[Path, str], None], path: Path, keyring: Keyring) -> None:
    try:
        write(path, json.dumps({"current": keyring.current, "keys": keyring.keys}))
    except FileExistsError:
        raise
    except OSError as error:
        raise KeyringError(
            f"The keyring {path} cannot be written ({error.strerror}). "
            "Give Shotboard's user a folder for it that it may write to."
        ) from None
