"""The life of an API key: added, tested, paused, resumed, replaced, revoked."""

import socket
import threading

import pytest

from studio.accounts import keyring, keys
from studio.accounts.keyring import KeyringError
from studio.accounts.keys import UnusableKey
from studio.accounts.models import ApiKey, AuditEntry
from studio.transend.client import KeyVerdict
from tests.accounts.conftest import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(workspace, admin) -> ApiKey:
    return keys.add_key(workspace, "Main", KEY, admin.user)


def log(workspace) -> list[str]:
    entries = AuditEntry.objects.filter(workspace=workspace).order_by("number")
    return [f"{entry.actor_name}: {entry.action}" for entry in entries]


def test_a_key_is_stored_sealed_and_becomes_the_active_one(key, workspace):
    assert keys.active_key(workspace) == key
    assert (str(key), key.last_four) == ("Main (…7Q4d)", "7Q4d")
    assert KEY not in key.ciphertext
    assert keys.plaintext(key) == KEY


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "two words of a key",
        "tsk-\x00-null-byte",
        "tsk-ümlaut-key",
        "x" * 401,
        "a\nb" * 9,
    ],
)
def test_what_cannot_be_a_key_is_refused_in_words(workspace, admin, secret):
    with pytest.raises(UnusableKey, match="Copy it once more from the Transend console"):
        keys.add_key(workspace, "Main", secret, admin.user)
    assert not ApiKey.objects.exists()
    assert not AuditEntry.objects.exists()


def test_spaces_around_a_pasted_key_are_dropped(workspace, admin):
    assert keys.plaintext(keys.add_key(workspace, "Main", f"  {KEY}\n", admin.user)) == KEY


def test_a_label_may_not_hold_the_key_nor_run_on(workspace, admin):
    with pytest.raises(UnusableKey, match="The label holds the key itself") as caught:
        keys.add_key(workspace, f"Main {KEY}", KEY, admin.user)
    assert KEY not in str(caught.value)
    with pytest.raises(UnusableKey, match="81 characters") as caught:
        keys.add_key(workspace, "x" * 81, KEY, admin.user)
    assert caught.value.field == "label"
    with pytest.raises(UnusableKey, match="invisible control characters") as caught:
        keys.add_key(workspace, "Main\u202eyek", KEY, admin.user)
    assert caught.value.field == "label"
    assert keys.add_key(workspace, "\u200b", KEY, admin.user).label == "API key"


def test_a_new_key_takes_over_and_the_old_one_drains(key, workspace, admin):
    new = keys.add_key(workspace, "Second", KEY + "-2", admin.user)
    key.refresh_from_db()
    assert keys.active_key(workspace) == new
    assert key.state == ApiKey.State.DRAINING
    assert keys.plaintext(key) == KEY


def test_keys_of_another_workspace_are_left_alone(key, workspace, other_workspace, admin):
    keys.add_key(other_workspace, "Theirs", KEY, None)
    assert keys.active_key(workspace) == key


@pytest.mark.parametrize("moved", ["row", "workspace"])
def test_a_ciphertext_copied_elsewhere_does_not_open(key, workspace, other_workspace, admin, moved):
    target = other_workspace if moved == "workspace" else workspace
    thief = keys.add_key(target, "Thief", "tsk-some-other-key", admin.user)
    ApiKey.objects.filter(pk=thief.pk).update(ciphertext=key.ciphertext)
    thief.refresh_from_db()
    with pytest.raises(KeyringError, match="another workspace or row"):
        keys.plaintext(thief)


def test_a_revoked_key_is_destroyed_and_says_so(key, workspace, admin):
    assert keys.revoke_key(key, admin.user)
    key.refresh_from_db()
    assert (key.state, key.ciphertext) == (ApiKey.State.REVOKED, "")
    assert keys.active_key(workspace) is None
    with pytest.raises(KeyringError, match="was revoked. Add another API key"):
        keys.plaintext(key)
    assert not keys.revoke_key(key, admin.user)
    assert log(workspace)[1:] == ["Admin (admin@kitchen.example): key.revoked"]


def test_a_pause_by_the_studio_is_written_once(key, workspace):
    assert keys.pause_key(key, "Transend answered 401.")
    assert not keys.pause_key(key, "Again.")
    key.refresh_from_db()
    assert key.is_paused
    assert key.pause_reason == "Transend answered 401."
    assert log(workspace)[1:] == ["Shotboard: key.paused"]


def test_a_revoked_key_neither_pauses_nor_resumes(key, admin):
    keys.revoke_key(key, admin.user)
    assert not keys.pause_key(key, "Late.")
    assert not keys.resume_key(key, admin.user)


def test_an_accepted_test_resumes_a_paused_key(key, workspace, admin, vendor):
    keys.pause_key(key, "Transend answered 401.")
    assert keys.test_key(key, admin.user).verdict == KeyVerdict.ACCEPTED
    key.refresh_from_db()
    assert not key.is_paused
    assert key.pause_reason == ""
    assert key.last_test_result == ApiKey.TestResult.ACCEPTED
    assert key.last_tested_at == key.last_used_at
    assert [line.split()[-1] for line in log(workspace)] == [
        "key.added",
        "key.paused",
        "key.tested",
        "key.resumed",
    ]


def test_a_test_asks_the_vendor_with_this_key_and_spends_nothing(key, admin, vendor):
    keys.test_key(key, admin.user)
    (request,) = vendor.requests
    assert request.method == "GET"
    assert request.status == 404


def test_a_refused_test_pauses_the_key_with_the_reason(workspace, admin, vendor):
    key = keys.add_key(workspace, "Wrong", "tsk-not-known-there", admin.user)
    assert keys.test_key(key, admin.user).verdict == KeyVerdict.REFUSED
    key.refresh_from_db()
    assert key.is_paused
    assert "refused the API key" in key.pause_reason
    assert key.last_test_says == key.pause_reason


def test_an_answer_that_says_nothing_leaves_the_key_as_it_was(key, admin, vendor):
    vendor.set_scenario({"rules": [{"do": "rate_limited"}]})
    assert keys.test_key(key, admin.user).verdict == KeyVerdict.NOT_KNOWN
    key.refresh_from_db()
    assert not key.is_paused
    assert key.last_test_result == ApiKey.TestResult.UNKNOWN


def test_a_vendor_that_is_down_is_a_sentence(key, admin, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.TRANSEND_BASE_URL = f"http://127.0.0.1:{unused.getsockname()[1]}"
        outcome = keys.test_key(key, admin.user)
    assert outcome.verdict == KeyVerdict.NOT_KNOWN
    key.refresh_from_db()
    assert key.last_test_says.endswith("Test the key again later.")


def test_a_vendor_that_never_finishes_answering_is_given_up_on(key, admin, settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.TRANSEND_BASE_URL = f"http://127.0.0.1:{server.getsockname()[1]}"
        is_over = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not is_over.wait(0.1):
                    try:
                        connection.sendall(b"z")
                    except OSError:
                        return

        slow = threading.Thread(target=drip)
        slow.start()
        # It comes back while the vendor goes on, which ends only after that.
        outcome = keys.test_key(key, admin.user, total_s=0.6)
        is_over.set()
        slow.join()
    assert outcome.verdict == KeyVerdict.NOT_KNOWN


def test_a_key_revoked_while_the_vendor_thinks_stays_revoked(key, workspace, admin, vendor):
    stale = ApiKey.objects.get(pk=key.pk)
    keys.revoke_key(key, admin.user)
    keys.test_key(stale, admin.user)
    key.refresh_from_db()
    assert key.state == ApiKey.State.REVOKED
    assert key.last_tested_at is None
    assert "key.tested" not in " ".join(log(workspace))


def test_a_lost_keyring_is_not_replaced_in_silence(key, workspace, admin, keyring_file):
    keyring_file.unlink()
    with pytest.raises(KeyringError, match="is missing. Restore it"):
        keys.plaintext(key)
    with pytest.raises(KeyringError, match="or revoke those keys first"):
        keys.add_key(workspace, "Second", KEY, admin.user)
    assert not keyring_file.exists()
    keys.revoke_key(key, admin.user)
    again = keys.add_key(workspace, "Second", KEY, admin.user)
    assert keys.plaintext(again) == KEY


def test_keys_outlive_a_new_master_key(key):
    keyring.save(keyring.load().with_new_key())
    assert keys.plaintext(key) == KEY
