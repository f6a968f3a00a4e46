import os
import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from studio.accounts import keys
from studio.operations import health
from studio.renders.models import Heartbeat
from studio.renders.views.readings import LATE_AFTER_S
from studio.renders.watching import heartbeats
from studio.vault import storing
from tests.faults.studio_processes import free_ports

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    tmp_path.chmod(0o700)
    settings.STUDIO_VAR = tmp_path
    settings.STUDIO_VAULT = tmp_path / "vault"
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    settings.TRANSEND_BASE_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return tmp_path


def finding(name: str) -> tuple[bool, str]:
    (check,) = [check for check in health.examine() if check["name"] == name]
    return check["ok"], check["says"]


def test_a_sound_house_is_said_to_be_sound(settings):
    for name in heartbeats.EXPECTED:
        heartbeats.beat(name)
    with socket.create_server(("127.0.0.1", 0)) as vendor:
        settings.TRANSEND_BASE_URL = f"http://127.0.0.1:{vendor.getsockname()[1]}"
        assert [check for check in health.examine() if not check["ok"]] == []


def test_a_folder_that_others_may_read_is_found(house):
    house.chmod(0o755)
    is_ok, says = finding("folder")
    assert not is_ok
    assert f"chmod 700 {house}" in says


def test_little_room_is_found(monkeypatch):
    monkeypatch.setattr(health, "LOW_DISK_BYTES", 1 << 62)
    is_ok, says = finding("disk")
    assert not is_ok
    assert "make room" in says


def test_a_keyring_that_others_may_read_is_found(house, workspace):
    keys.add_key(workspace, "Ours", "tr-first-secret", None)
    assert finding("keyring") == (True, "The keyring opens all 1 API keys.")
    (house / "keyring.json").chmod(0o644)
    is_ok, says = finding("keyring")
    assert not is_ok
    assert "chmod 600" in says


def test_a_lost_keyring_is_found(house, workspace):
    keys.add_key(workspace, "Ours", "tr-first-secret", None)
    os.unlink(house / "keyring.json")
    is_ok, says = finding("keyring")
    assert not is_ok
    assert "Restore it from its backup" in says
    assert not (house / "keyring.json").exists(), "looking makes none"


def test_files_that_nothing_refers_to_are_told_of_and_no_failure(house, workspace, monkeypatch):
    (house / "source").write_bytes(b"GIF89a")
    kept = storing.path_of(storing.keep(workspace, house / "source", "image/gif", {}))
    lost = [kept.with_name(f"lost-{number}.mp4") for number in range(health.NAMED_FILES + 2)]
    for path in lost:
        path.write_bytes(bytes(1 << 20))
    nothing = (True, "The vault holds no file that nothing refers to.")
    assert finding("vault") == nothing, "their rows may still be on the way"
    monkeypatch.setattr(storing, "_ROW_WITHIN_S", -1)
    is_ok, says = finding("vault")
    assert is_ok
    assert "nothing refers to 7 files of the vault (7.0 MiB)" in says
    assert str(lost[0]) in says
    assert "and 2 more" in says
    assert str(kept) not in says


def test_a_silent_worker_is_named():
    for name in heartbeats.EXPECTED:
        heartbeats.beat(name)
    quiet = heartbeats.EXPECTED[-1]
    Heartbeat.objects.filter(process=quiet).update(beat_at=timezone.now() - timedelta(minutes=5))
    is_ok, says = finding("heartbeats")
    assert not is_ok
    assert f"{quiet} (300 s ago)" in says
    assert "qcluster" in says


def test_a_worker_busy_with_one_request_is_not_late():
    """/readyz would call it well, and doctor says the same."""
    for name in heartbeats.EXPECTED:
        heartbeats.beat(name)
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=LATE_AFTER_S - 5))
    assert finding("heartbeats")[0] is True


def test_a_vendor_that_cannot_be_reached_is_named(settings):
    is_ok, says = finding("vendor")
    assert not is_ok
    assert urlsplit(settings.TRANSEND_BASE_URL).netloc in says
