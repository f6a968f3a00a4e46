"""The operators' small commands: JSON out, sentences beside it, exit codes."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from studio.accounts import keys
from studio.accounts.models import ApiKey, AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.STUDIO_VAR = tmp_path
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"


def answer(capsys, *argv: str):
    call_command(*argv)
    return json.loads(capsys.readouterr().out)


def test_a_key_from_standard_input_becomes_the_active_one(workspace, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("tr-very-secret-4242\n"))
    told = answer(capsys, "add_api_key", "--workspace", "kitchen", "--label", "Ours")
    assert told["last_four"] == "4242"
    assert told["state"] == "active"
    active = keys.active_key(workspace)
    assert active is not None
    assert keys.plaintext(active) == "tr-very-secret-4242"
    assert AuditEntry.objects.get(action="key.added").actor is None


def test_a_key_is_never_repeated(workspace, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("tr very-secret"))
    with pytest.raises(CommandError) as refused:
        call_command("add_api_key", "--workspace", "kitchen", "--label", "Ours")
    assert "very-secret" not in str(refused.value) + capsys.readouterr().err
    assert refused.value.returncode == 1


COMMANDS = {
    "add_api_key": ("add_api_key", "--workspace", "kitchen", "--label", "Ours"),
    "rotate_master_key": ("rotate_master_key",),
    "seed_demo": ("seed_demo",),
}


@pytest.fixture(params=[None, "", '{"current": "k1", "keys": {}}'], ids=["gone", "empty", "broken"])
def unusable_keyring(request, settings, workspace):
    """The master keys are gone or damaged, and a stored API key needs them."""
    keys.add_key(workspace, "Ours", "tr-very-secret", None)
    settings.STUDIO_KEYRING.unlink()
    if request.param is not None:
        settings.STUDIO_KEYRING.write_text(request.param)
    return request.param


@pytest.mark.parametrize("argv", COMMANDS.values(), ids=COMMANDS)
def test_an_unusable_keyring_is_one_sentence_with_what_to_do(
    argv, unusable_keyring, settings, monkeypatch
):
    monkeypatch.setattr(sys, "stdin", io.StringIO("tr-very-secret-4242"))
    with pytest.raises(CommandError, match="Restore it from its backup") as refused:
        call_command(*argv)
    assert refused.value.returncode == 1
    assert str(settings.STUDIO_KEYRING) in str(refused.value)
    assert "4242" not in str(refused.value)
    assert ApiKey.objects.count() == 1
    now = settings.STUDIO_KEYRING.read_text() if settings.STUDIO_KEYRING.exists() else None
    assert now == unusable_keyring, "it is left for whoever restores it"


def test_an_unknown_workspace_is_wrong_use():
    with pytest.raises(CommandError, match="There is no workspace “nowhere”") as refused:
        call_command("add_api_key", "--workspace", "nowhere", "--label", "Ours")
    assert refused.value.returncode == 2


def test_an_unbroken_audit_log_verifies(workspace, admin, capsys):
    keys.add_key(workspace, "Ours", "tr-very-secret", admin.user)
    assert answer(capsys, "verify_audit") == {
        "valid": True,
        "workspaces": 1,
        "entries": 1,
        "problems": [],
    }


def test_rotation_names_master_keys_and_counts(workspace, capsys):
    keys.add_key(workspace, "Ours", "tr-very-secret", None)
    call_command("rotate_master_key")
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert "Keep the former copy too, as long as you keep backups made before" in said.err
    assert told["api_keys_sealed_again"] == 1
    assert len(told["dropped"]) == 1
    assert told["current"] not in told["dropped"]


def test_an_unknown_queue_is_wrong_use():
    with pytest.raises(CommandError, match="Choose one of: takes, long") as refused:
        call_command("qcluster", "--name", "mail")
    assert refused.value.returncode == 2


def test_doctor_answers_1_when_something_is_wrong(settings, capsys):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    names = [check["name"] for check in json.loads(capsys.readouterr().out)]
    assert names[:3] == ["python", "folder", "disk"]
    assert "heartbeats" in names
