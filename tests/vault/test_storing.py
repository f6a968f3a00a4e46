"""Into the vault: whole or not at all."""

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError

from studio.vault import storing
from studio.vault.models import Asset

BYTES = b"GIF89a" + bytes(range(256)) * 5_000


@pytest.fixture
def source(tmp_path, vault):
    file = tmp_path / "arrived.gif"
    file.write_bytes(BYTES)
    return file


@pytest.fixture
def vault(tmp_path, settings):
    settings.STUDIO_VAULT = tmp_path / "vault"
    return settings.STUDIO_VAULT


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_a_kept_file_is_a_hashed_copy_with_its_row(workspace, source):
    asset = storing.keep(workspace, source, "image/gif", {"width": 480})
    assert storing.path_of(asset).read_bytes() == BYTES == source.read_bytes()
    assert asset.sha256 == hashlib.sha256(BYTES).hexdigest()
    assert (asset.size_bytes, asset.media_type) == (len(BYTES), "image/gif")
    assert Asset.objects.get().facts == {"width": 480}
    assert storing.path_of(asset).suffix == ".gif"


def test_only_this_user_may_read_what_is_kept(workspace, source, settings):
    asset = storing.keep(workspace, source, "image/gif", {})
    assert stat.S_IMODE(storing.path_of(asset).stat().st_mode) == 0o600
    folders = [
        settings.STUDIO_VAULT,
        *storing.path_of(asset).relative_to(settings.STUDIO_VAULT).parents,
    ]
    for folder in folders:
        assert stat.S_IMODE((settings.STUDIO_VAULT / folder).stat().st_mode) == 0o700


def test_the_vault_is_outside_every_served_folder():
    served = [*django_settings.STATICFILES_DIRS, django_settings.STATIC_ROOT]
    vault = Path(django_settings.STUDIO_VAULT)
    assert not any(vault.is_relative_to(folder) for folder in served if folder)


def test_the_same_bytes_kept_twice_are_two_assets(workspace, source):
    one = storing.keep(workspace, source, "image/gif", {})
    two = storing.keep(workspace, source, "image/gif", {})
    assert one.sha256 == two.sha256
    assert storing.path_of(one) != storing.path_of(two)


def test_an_unknown_media_type_is_refused(workspace, source, settings):
    with pytest.raises(ValueError, match="text/html"):
        storing.keep(workspace, source, "text/html", {})
    assert not Path(settings.STUDIO_VAULT).exists()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_at_any_step_leaves_no_file_and_no_row(
    workspace, source, settings, monkeypatch, step
):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(storing.NotKept, match="disk is full"):
        storing.keep(workspace, source, "image/gif", {})
    assert not Asset.objects.exists()
    assert files_in(settings.STUDIO_VAULT) == []


def test_a_source_that_is_gone_is_a_sentence(workspace, source, settings):
    source.unlink()
    with pytest.raises(storing.NotKept, match="could not be stored in the vault"):
        storing.keep(workspace, source, "image/gif", {})
    assert files_in(settings.STUDIO_VAULT) == []


def test_a_row_that_cannot_be_written_takes_its_file_along(
    workspace, source, settings, monkeypatch
):
    def refused(**fields):
        raise IntegrityError("no")

    monkeypatch.setattr(Asset.objects, "create", refused)
    with pytest.raises(IntegrityError):
        storing.keep(workspace, source, "image/gif", {})
    assert files_in(settings.STUDIO_VAULT) == []


def test_discarding_removes_row_and_bytes(workspace, source, settings):
    asset = storing.keep(workspace, source, "image/gif", {})
    storing.discard(asset)
    assert not Asset.objects.exists()
    assert files_in(settings.STUDIO_VAULT) == []


def test_the_incoming_folder_is_private_and_gone_afterwards(source):
    with storing.incoming() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "half").write_bytes(b"x")
    assert not folder.exists()


def test_leftovers_of_a_killed_process_are_swept_after_a_day(source):
    with storing.incoming() as folder:
        old, fresh = folder.with_name("old"), folder.with_name("fresh")
        old.mkdir()
        fresh.mkdir()
        os.utime(old, (1, 1))
    with storing.incoming():
        assert not old.exists()
        assert fresh.exists()


def test_leftovers_that_vanish_while_they_are_looked_at_are_skipped(source, monkeypatch):
    really = Path.iterdir

    def racing(folder):
        yield from [*really(folder), folder / "gone-by-now"]

    monkeypatch.setattr(Path, "iterdir", racing)
    with storing.incoming() as folder:
        assert folder.is_dir()


def test_a_file_that_lies_in_the_vault_is_moved_not_copied(workspace, vault):
    with storing.incoming() as folder:
        fetched = folder / "fetched.gif"
        fetched.write_bytes(BYTES)
        fetched.chmod(0o644)
        inode = fetched.stat().st_ino
        asset = storing.keep(workspace, fetched, "image/gif", {})
        assert not fetched.exists()
    kept = storing.path_of(asset)
    assert kept.stat().st_ino == inode
    assert kept.read_bytes() == BYTES
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (asset.sha256, asset.size_bytes) == (hashlib.sha256(BYTES).hexdigest(), len(BYTES))
    assert files_in(vault) == [kept]


def test_a_moved_file_is_on_disk_before_it_has_its_name(workspace, vault, monkeypatch):
    steps = []
    really_sync, really_move = os.fsync, os.replace

    def synced(descriptor):
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        really_sync(descriptor)

    def moved(here, there):
        steps.append("name")
        really_move(here, there)

    monkeypatch.setattr(storing.os, "fsync", synced)
    monkeypatch.setattr(storing.os, "replace", moved)
    with storing.incoming() as folder:
        (folder / "fetched").write_bytes(BYTES)
        storing.keep(workspace, folder / "fetched", "image/gif", {})
    assert steps == ["file", "name", "folder"]


def test_no_link_is_followed_into_the_vault(workspace, source):
    with storing.incoming() as folder:
        (folder / "link").symlink_to(source)
        with pytest.raises(storing.NotKept):
            storing.keep(workspace, folder / "link", "image/gif", {})


def test_files_without_a_row_are_found_and_young_ones_left_alone(
    workspace, source, settings, monkeypatch
):
    asset = storing.keep(workspace, source, "image/gif", {})
    kept = storing.path_of(asset)
    orphan = kept.with_name("orphan.gif")
    orphan.write_bytes(b"x")
    with storing.incoming() as folder:
        (folder / "half").write_bytes(b"x")
        assert list(storing.orphans()) == []
        monkeypatch.setattr(storing, "_ROW_WITHIN_S", -1)
        assert list(storing.orphans()) == [orphan]
    asset.delete()
    assert set(storing.orphans()) == {kept, orphan}


def test_a_vault_that_was_never_used_has_no_orphans(db, settings, tmp_path):
    settings.STUDIO_VAULT = tmp_path / "nowhere"
    assert list(storing.orphans()) == []
