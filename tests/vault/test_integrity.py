"""Whether a file in the vault is what was stored, told without reading it where that is enough."""

import os
from datetime import timedelta

import pytest

from studio.vault import integrity, storing


@pytest.fixture
def asset(workspace, tmp_path, settings):
    settings.STUDIO_VAULT = tmp_path / "vault"
    source = tmp_path / "arrived.mp4"
    source.write_bytes(b"a film that was approved")
    kept = storing.keep(workspace, source, "video/mp4", {})
    kept.created_at += timedelta(seconds=1)  # a coarse clock dates files a few ms off
    return kept


def test_a_file_as_old_as_its_row_is_not_read(asset, monkeypatch):
    monkeypatch.delattr(integrity, "_sha256")
    assert integrity.seems_intact(asset)


def test_other_bytes_under_the_old_date_are_noticed(asset):
    path = storing.path_of(asset)
    before = path.stat()
    asset.created_at -= timedelta(seconds=2)
    path.write_bytes(b"a film that nobody ever saw"[: asset.size_bytes])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not integrity.seems_intact(asset)
    assert not integrity.is_intact(asset)
