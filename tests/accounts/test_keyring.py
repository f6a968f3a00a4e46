"""Master keys: what they seal opens in its own row only, and their file is nobody else's."""

import json
import stat
import subprocess
import sys
import time

import pytest

from studio.accounts import keyring
from studio.accounts.keyring import Keyring, KeyringError

SECRET = "tsk-live-1234567890"


@pytest.fixture
def ring() -> Keyring:
    return Keyring("", {}).with_new_key()


def test_what_is_sealed_opens_again(ring):
    sealed = ring.seal(SECRET, 7, "row")
    assert sealed.startswith(f"v1:{ring.current}:")
    assert SECRET not in sealed
    assert ring.open(sealed, 7, "row") == SECRET


def test_the_same_secret_is_never_sealed_alike_twice(ring):
    assert ring.seal(SECRET, 7, "row") != ring.seal(SECRET, 7, "row")


@pytest.mark.parametrize(("workspace", "row"), [(8, "row"), (7, "other row"), (8, "other row")])
def test_a_token_moved_to_another_row_or_workspace_does_not_open(ring, workspace, row):
    with pytest.raises(KeyringError, match="another workspace or row"):
        ring.open(ring.seal(SECRET, 7, "row"), workspace, row)


def test_older_master_keys_still_open_and_the_newest_seals(ring):
    old = ring.seal(SECRET, 7, "row")
    longer = ring.with_new_key()
    assert longer.open(old, 7, "row") == SECRET
    assert longer.seal(SECRET, 7, "row").startswith(f"v1:{longer.current}:")
    assert longer.current != ring.current


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda sealed: sealed[:-4] + "AAAA", "does not open with its master key"),
        (lambda sealed: sealed.replace("v1:k1", "v1:k9"), "not in the keyring"),
        (lambda sealed: sealed.replace("v1:", "v2:"), "not in the keyring"),
        (lambda sealed: "", "not in the keyring"),
    ],
)
def test_a_damaged_secret_is_a_sentence_with_what_to_do(ring, damage, says):
    with pytest.raises(KeyringError, match=says) as caught:
        ring.open(damage(ring.seal(SECRET, 7, "row")), 7, "row")
    assert "add the API key again" in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_keyring_never_shows_its_keys(ring):
    assert repr(ring) == "<Keyring of 1 keys>"
    assert ring.keys[ring.current] not in f"{ring} {ring!r}"


def test_the_file_is_made_once_and_for_this_user_alone(keyring_file):
    first = keyring.load()
    assert stat.S_IMODE(keyring_file.stat().st_mode) == 0o600
    assert keyring.load() == first
    assert [entry.name for entry in keyring_file.parent.iterdir()] == [keyring_file.name]


def test_saving_replaces_the_file_and_keeps_its_mode(keyring_file):
    longer = keyring.load().with_new_key()
    keyring.save(longer)
    assert keyring.read() == longer
    assert stat.S_IMODE(keyring_file.stat().st_mode) == 0o600


def test_reading_never_makes_one(keyring_file):
    with pytest.raises(KeyringError, match="is missing. Restore it from its backup"):
        keyring.read()
    assert not keyring_file.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"current": "k1", "keys": {}}',
        '{"current": "k1", "keys": {"k1": "short"}}',
        '{"current": "k1", "keys": 5}',
        '{"current": "k1", "keys": {"k1": null}}',
        '{"current": ["k1"], "keys": {}}',
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_broken_file_is_a_sentence_and_stays_as_it_is(keyring_file, content):
    content = content if isinstance(content, bytes) else content.encode()
    keyring_file.write_bytes(content)
    with pytest.raises(KeyringError, match="cannot be read. Restore it from its backup"):
        keyring.load()
    assert keyring_file.read_bytes() == content


def test_a_folder_that_is_not_there_is_a_sentence(settings, tmp_path):
    settings.STUDIO_KEYRING = tmp_path / "nowhere" / "keyring.json"
    with pytest.raises(KeyringError, match="cannot be written .No such file"):
        keyring.load()


def test_a_name_that_cannot_be_looked_up_is_a_sentence_too(settings, tmp_path):
    settings.STUDIO_KEYRING = tmp_path / ("x" * 300)
    with pytest.raises(KeyringError, match="cannot be written .File name too long"):
        keyring.load()


RACER = """
import sys, time
from pathlib import Path
from django.conf import settings
path, start = Path(sys.argv[1]), float(sys.argv[2])
settings.configure(STUDIO_KEYRING=path)
from studio.accounts import keyring
while time.time() < start:
    pass
keyring.create(path)
print(keyring.read().current)
"""


def test_processes_that_start_together_end_with_one_keyring(keyring_file):
    start = str(time.time() + 1.5)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(keyring_file), start],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = {racer.communicate(timeout=60)[0].strip() for racer in racers}
    assert answers == {json.loads(keyring_file.read_text())["current"]}
    assert [entry.name for entry in keyring_file.parent.iterdir()] == [keyring_file.name]
