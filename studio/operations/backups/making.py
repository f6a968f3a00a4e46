"""Making a backup: the vault and the database that names its files, then the manifest."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from studio.lib import private_files
from studio.operations.backups import database, manifest
from studio.operations.backups.manifest import UnusableBackup
from studio.vault.models import Asset
from studio.vault.storing import path_of

SECRETS = "secrets"


@dataclass(frozen=True)
class Made:
    """What was backed up; `problems`: a sentence for each vault file that is lost or changed."""

    folder: Path
    manifest: manifest.Manifest
    problems: list[str]


def make(folder: Path, *, with_keyring: bool) -> Made:
    """Back up into `folder`, which must be new or empty; nothing is left there on failure.

    Raises `UnusableBackup` and `database.DatabaseTool`.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UnusableBackup(f"{folder} is not empty. Name a new folder.")
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    draft.mkdir(mode=0o700, parents=True)
    try:
        # Before the dump, too: what is pruned meanwhile could not be copied after it.
        _copy_vault(draft / "vault")
        # Assets are on disk before their rows: what else this dump names can be copied afterwards.
        database.dump(draft / database.file_name(database.engine()))
        problems = _completed_vault(draft / "vault")
        if with_keyring:
            _copy_secrets(draft / SECRETS)
        listed = manifest.Manifest(
            made_at=timezone.now().isoformat(timespec="seconds"),
            engine=database.engine(),
            has_keyring=with_keyring,
            files=manifest.entries_below(draft),
        )
        listed.write(draft)
        private_files.close_to_others(draft)
        draft.replace(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Made(folder, listed, problems)


def _copy_vault(out: Path) -> None:
    for asset in Asset.objects.filter(deleted_at=None).order_by("pk").iterator():
        _copied(asset, out)


def _completed_vault(out: Path) -> list[str]:
    """Copy what has been added since; a sentence for each file that is lost or changed."""
    problems = []
    for asset in Asset.objects.order_by("pk").iterator():
        if asset.deleted_at is not None:
            (out / asset.path).unlink(missing_ok=True)  # deleted since its first copy
            continue
        copy = _copied(asset, out)
        if copy is None:
            problems.append(f"vault/{asset.path} is missing from the vault.")
        elif manifest.entry_of(copy) != manifest.Entry(asset.sha256, asset.size_bytes):
            problems.append(f"vault/{asset.path} is not what was stored: its SHA-256 differs.")
    return problems


def _copied(asset: Asset, out: Path) -> Path | None:
    """Its copy, made now unless it is there; None where its file cannot be read."""
    copy = out / asset.path
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path_of(asset), copy)
        except OSError:
            copy.unlink(missing_ok=True)
            return None
    return copy


def secret_files() -> dict[str, Path]:
    """The files that open what is encrypted or signed, by their name in a backup."""
    return {
        "keyring.json": Path(settings.STUDIO_KEYRING),
        "secret_key": Path(settings.STUDIO_VAR) / "secret_key",
    }


def _copy_secrets(out: Path) -> None:
    out.mkdir()
    for name, path in secret_files().items():
        if path.exists():
            shutil.copyfile(path, out / name)
