import pytest

from studio.accounts import audit, keyring, keys, rotation
from studio.accounts.keyring import KeyringError
from studio.accounts.models import ApiKey, AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings, tmp_path, monkeypatch):
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    monkeypatch.setattr(rotation, "SETTLE_S", 0.0)


def test_every_key_opens_with_the_new_master_key_alone(workspace, other_workspace):
    stored = [
        keys.add_key(workspace, "Ours", "tr-first-secret", None),
        keys.add_key(other_workspace, "Theirs", "tr-second-secret", None),
    ]
    former = keyring.load()
    rotated = rotation.rotate()
    now = keyring.load()
    assert rotated.sealed_again == 2
    assert set(now.keys) == {rotated.current} == {now.current}
    assert not set(now.keys) & set(former.keys)
    assert [keys.plaintext(ApiKey.objects.get(pk=key.pk)) for key in stored] == [
        "tr-first-secret",
        "tr-second-secret",
    ]


def test_the_former_master_key_opens_nothing_any_more(workspace):
    key = keys.add_key(workspace, "Ours", "tr-first-secret", None)
    former = keyring.load()
    rotation.rotate()
    key.refresh_from_db()
    with pytest.raises(KeyringError):
        former.open(key.ciphertext, key.workspace_id, str(key.uid))


def test_an_interrupted_rotation_loses_nothing_and_is_finished_by_the_next(workspace):
    key = keys.add_key(workspace, "Ours", "tr-first-secret", None)
    keyring.save(keyring.load().with_new_key())  # as far as it came
    key.refresh_from_db()
    assert keys.plaintext(key) == "tr-first-secret"
    rotated = rotation.rotate()
    key.refresh_from_db()
    assert len(rotated.dropped) == 2
    assert keys.plaintext(key) == "tr-first-secret"


def test_a_key_that_does_not_open_stops_it_and_all_stay_valid(workspace, other_workspace):
    good = keys.add_key(workspace, "Ours", "tr-first-secret", None)
    bad = keys.add_key(other_workspace, "Theirs", "tr-second-secret", None)
    ApiKey.objects.filter(pk=bad.pk).update(ciphertext=good.ciphertext)
    with pytest.raises(KeyringError):
        rotation.rotate()
    good.refresh_from_db()
    assert keys.plaintext(good) == "tr-first-secret"


def test_a_missing_keyring_is_never_replaced_by_a_fresh_one(workspace, keyring_file):
    keys.add_key(workspace, "Ours", "tr-first-secret", None)
    keyring_file.unlink()
    with pytest.raises(KeyringError, match="is missing. Restore it from its backup"):
        rotation.rotate()
    assert not keyring_file.exists()


def test_revoked_keys_stay_destroyed(workspace, admin):
    keys.revoke_key(keys.add_key(workspace, "Ours", "tr-first-secret", None), admin.user)
    assert rotation.rotate().sealed_again == 0
    assert ApiKey.objects.get().ciphertext == ""


def test_the_audit_log_tells_of_it_without_the_key(workspace):
    keys.add_key(workspace, "Ours", "tr-first-secret", None)
    rotated = rotation.rotate()
    entry = AuditEntry.objects.get(action="key.sealed_again")
    assert entry.data == {"master_key": rotated.current}
    assert list(audit.broken_links(workspace)) == []
