"""A backup holds every file that its database names, though films are pruned while it is made."""

from hashlib import sha256

import pytest

from studio.operations.backups import making
from studio.vault import storing
from studio.vault.models import Asset
from studio.vault.storing import path_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings, tmp_path, workspace):
    """Puts such bytes into a vault of its own."""
    settings.STUDIO_VAR = tmp_path / "var"
    settings.STUDIO_VAULT = tmp_path / "var" / "vault"
    settings.STUDIO_VAR.mkdir()

    def keep(content):
        (tmp_path / "made").write_bytes(content)
        return storing.keep(workspace, tmp_path / "made", "video/mp4", {})

    return keep


@pytest.fixture
def meanwhile(monkeypatch):
    """Has something happen right after the database was written down."""

    def make(happens):
        def dump(out):
            out.write_bytes(b"rows")
            happens()

        monkeypatch.setattr(making.database, "dump", dump)

    return make


def test_what_is_pruned_while_it_is_made_is_in_it(kept, meanwhile, tmp_path):
    pruned, stays = kept(b"superseded"), kept(b"shown")
    at = path_of(pruned)

    def prune():
        Asset.objects.filter(pk=pruned.pk).delete()
        at.unlink()

    meanwhile(prune)
    made = making.make(tmp_path / "backup", with_keyring=False)
    assert made.problems == []
    for asset, content in ((pruned, b"superseded"), (stays, b"shown")):
        assert (made.folder / "vault" / asset.path).read_bytes() == content
        assert made.manifest.files[f"vault/{asset.path}"].sha256 == sha256(content).hexdigest()


def test_what_is_added_while_it_is_made_is_in_it_too(kept, meanwhile, tmp_path):
    added = []
    meanwhile(lambda: added.append(kept(b"just drawn")))
    made = making.make(tmp_path / "backup", with_keyring=False)
    assert (made.folder / "vault" / added[0].path).read_bytes() == b"just drawn"


def test_what_the_vault_lost_or_changed_is_said(kept, meanwhile, tmp_path):
    lost, changed = kept(b"lost"), kept(b"changed")
    path_of(lost).unlink()
    path_of(changed).chmod(0o600)
    path_of(changed).write_bytes(b"CHANGED")
    meanwhile(lambda: None)
    assert making.make(tmp_path / "backup", with_keyring=False).problems == [
        f"vault/{lost.path} is missing from the vault.",
        f"vault/{changed.path} is not what was stored: its SHA-256 differs.",
    ]
