"""The keys address: what it shows, and what it never does."""

import pytest
from django.urls import reverse

from studio.accounts import keys
from studio.accounts.models import ApiKey
from tests.accounts.conftest import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(workspace) -> str:
    return reverse("accounts:keys", args=[workspace.slug])


@pytest.fixture
def key(workspace, admin) -> ApiKey:
    return keys.add_key(workspace, "Main", KEY, admin.user)


def of_key(name: str, key: ApiKey) -> str:
    return reverse(f"accounts:{name}", args=[key.workspace.slug, key.uid])


def test_without_keys_the_page_says_what_for(admin, address):
    text = admin.get(address).content.decode()
    assert "No API key yet" in text
    assert 'type="password"' in text
    assert 'autocomplete="off"' in text
    assert "never shown again, not even to you" in text


def test_adding_a_key_makes_it_active_and_asks_for_a_test(admin, address, workspace):
    answer = admin.post(address, {"label": "Main", "secret": KEY}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    text = answer.content.decode()
    assert "Main (…7Q4d) is the active key now. Test it" in text
    assert keys.plaintext(keys.active_key(workspace)) == KEY


@pytest.mark.parametrize(
    ("label", "secret", "says"),
    [
        ("Second “label”", "two words", "An API key is one line"),
        ("Second “label”", "", "Paste the key from the Transend console."),
        ("", KEY, "Give the key a label"),
        ("Second “label”" + "x" * 80, KEY, "at most 80 characters"),
    ],
)
def test_a_wrong_key_keeps_the_label_and_never_echoes_the_key(admin, address, label, secret, says):
    answer = admin.post(address, {"label": label, "secret": secret})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert f'value="{label}"' in text or not label
    assert 'aria-invalid="true"' in text
    secret_input = text[text.index('name="secret"') - 60 :].split(">")[0]
    assert "value=" not in secret_input
    assert not ApiKey.objects.exists()


def test_a_key_pasted_as_the_label_is_not_echoed_there_either(admin, address):
    answer = admin.post(address, {"label": f"My {KEY}", "secret": KEY})
    assert answer.status_code == 422
    assert "The label holds the key itself" in answer.content.decode()
    assert KEY not in answer.content.decode()


def test_a_broken_keyring_is_a_sentence_on_the_page(admin, address, keyring_file):
    keyring_file.write_text("{")
    answer = admin.post(address, {"label": "Main", "secret": KEY})
    assert answer.status_code == 422
    assert "cannot be read. Restore it from its backup" in answer.content.decode()


def test_a_tested_key_shows_when_and_with_what_result(admin, address, key, vendor):
    answer = admin.post(of_key("test-key", key), follow=True)
    assert answer.redirect_chain == [(address, 302)]
    text = answer.content.decode()
    assert "Transend accepted the API key." in text
    assert ">Never<" not in text


def test_by_htmx_a_test_answers_with_the_row_alone(admin, key, vendor):
    answer = admin.post(of_key("test-key", key), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.strip().startswith("<tr")
    assert text.count("<tr") == 1
    assert "Transend accepted the API key." in text


def test_a_refused_key_is_shown_paused_with_the_reason(admin, address, workspace, vendor):
    key = keys.add_key(workspace, "Wrong", "tsk-not-known-there", admin.user)
    text = admin.post(of_key("test-key", key), follow=True).content.decode()
    assert "Paused" in text
    assert "Transend refused the API key" in text
    assert "so takes wait" in text


def test_testing_with_a_lost_keyring_is_a_sentence(admin, key, keyring_file):
    keyring_file.unlink()
    text = admin.post(of_key("test-key", key), follow=True).content.decode()
    assert "is missing. Restore it from its backup" in text
    answer = admin.post(of_key("test-key", key), headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "is%20missing" in answer.headers["X-Says"]


def test_revoking_is_asked_about_first_and_says_what_it_stops(admin, address, key):
    text = admin.get(of_key("revoke-key", key)).content.decode()
    assert "Takes under way with this key would stop" in text
    key.refresh_from_db()
    assert key.state == ApiKey.State.ACTIVE
    text = admin.post(of_key("revoke-key", key), follow=True).content.decode()
    assert "is revoked. Nothing uses it any more." in text
    assert "No key is active." in text
    assert "already" in admin.get(of_key("revoke-key", key)).content.decode()


def test_an_old_key_is_shown_draining(admin, address, workspace, key):
    keys.add_key(workspace, "Second", KEY + "-2", admin.user)
    text = admin.get(address).content.decode()
    assert text.count('id="key-row-') == 2
    assert "Draining" in text
    assert "Replace the active key" in text


def test_a_label_is_text_wherever_it_is_shown(admin, address, workspace):
    admin.post(address, {"label": "<script>alert(1)</script>", "secret": KEY})
    audit_page = reverse("accounts:audit", args=[workspace.slug])
    for answer in (admin.get(address), admin.get(audit_page)):
        assert b"<script>alert" not in answer.content
        assert b"&lt;script&gt;alert" in answer.content


def test_more_keys_cost_no_more_queries(
    admin, address, workspace, django_assert_num_queries, django_assert_max_num_queries
):
    keys.add_key(workspace, "Key", KEY, admin.user)
    with django_assert_max_num_queries(6) as few:
        admin.get(address)
    for _ in range(5):
        keys.add_key(workspace, "Key", KEY, admin.user)
    with django_assert_num_queries(len(few)):
        admin.get(address)


def test_by_htmx_a_test_also_renews_the_notice_above(admin, key, vendor):
    vendor.set_scenario({"accept_keys": []})
    answer = admin.post(of_key("test-key", key), headers={"HX-Request": "true"})
    assert '<div id="keys-notice" hx-swap-oob="true">' in answer.content.decode()
    assert "so takes wait" in answer.content.decode()
    vendor.set_scenario({})
    answer = admin.post(of_key("test-key", key), headers={"HX-Request": "true"})
    assert "so takes wait" not in answer.content.decode()
