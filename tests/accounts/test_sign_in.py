"""Signing in and out: plain words, no planted session, no redirect elsewhere, patience."""

import re

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from studio.accounts.models import Membership, Role, User
from tests.cheap_passwords import CheapArgon2

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
PASSWORD = "a-long-and-quiet-sentence"


@pytest.fixture
def mia(workspace) -> User:
    user = User.objects.create_user("mia@example.com", PASSWORD, name="Mia")
    Membership.objects.create(workspace=workspace, user=user, role=Role.CREATIVE)
    return user


def sign_in(client, password: str = PASSWORD, email: str = "mia@example.com", **more: str):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def words_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_right_password_leads_to_the_projects(client, mia):
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(mia.pk)


@pytest.mark.parametrize("email", ["MIA@example.com", " mia@Example.COM "])
def test_an_address_is_the_same_however_it_is_typed(client, mia, email):
    assert sign_in(client, email=email).status_code == 302


@pytest.mark.parametrize("email", ["mia@example.com", "nobody@example.com"])
def test_a_wrong_password_is_a_sentence_that_tells_nothing_and_keeps_the_address(
    client, mia, email
):
    answer = sign_in(client, "wrong", email)
    text = answer.content.decode()
    assert "This e-mail and password do not belong together." in text
    assert f'value="{email}"' in text
    assert "wrong" not in text
    assert "_auth_user_id" not in client.session


def test_passwords_are_kept_as_argon2_at_full_cost(kept_for_real, mia):
    kept = re.fullmatch(r"argon2\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$.+", mia.password)
    assert kept
    memory_kib, rounds, _ = map(int, kept.groups())
    # OWASP's least for argon2id: 19 MiB and two rounds.
    assert (memory_kib >= 19_456, rounds >= 2) == (True, True)
    assert mia.check_password(PASSWORD)


def test_signing_in_gives_a_new_session_so_that_nobody_can_plant_one(client, mia):
    planted = client.session
    planted["planted"] = "yes"
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    sign_in(client)
    assert client.session.session_key != planted.session_key


def test_signing_in_gives_a_new_csrf_secret(client, mia):
    client.get(LOGIN)
    before = client.cookies["csrftoken"].value
    sign_in(client)
    assert client.cookies["csrftoken"].value != before


def test_the_page_asked_for_comes_after_signing_in(client, mia):
    text = client.get(f"{LOGIN}?next=/w/kitchen/keys/%3Fa%3D1").content.decode()
    assert '<input type="hidden" name="next" value="/w/kitchen/keys/?a=1">' in text
    wrong = sign_in(client, "wrong", next="/w/kitchen/keys/?a=1").content.decode()
    assert 'name="next" value="/w/kitchen/keys/?a=1"' in wrong
    right = sign_in(client, next="/w/kitchen/keys/?a=1")
    assert right.headers["Location"] == "/w/kitchen/keys/?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "///evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "http://localhost/",
        "http://testserver.evil.example/",
        "\thttps://evil.example/",
        "http://127.0.0.1:9999/",
    ],
)
def test_no_address_elsewhere_comes_after_signing_in_or_out(client, mia, elsewhere):
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"
    out = client.post("/accounts/logout/", {"next": elsewhere})
    assert out.headers["Location"] == LOGIN


def test_signing_out_is_a_post_and_ends_the_session(client, mia):
    sign_in(client)
    key = client.session.session_key
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert client.get("/accounts/password/change/").status_code == 200
    answer = client.post("/accounts/logout/", follow=True)
    assert "You are signed out." in answer.content.decode()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/accounts/password/change/").status_code == 302


def test_signing_in_without_the_csrf_token_is_refused(client, mia):
    client.handler.enforce_csrf_checks = True
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "too old to send" in answer.content.decode()


def test_too_many_wrong_tries_say_how_long_to_wait_and_then_let_in(client, mia):
    with time_machine.travel(1_900_000_000.0, tick=False) as clock:
        for _ in range(5):
            assert "do not belong together" in words_of(sign_in(client, "wrong"))
            clock.shift(10)
        text = words_of(sign_in(client))
        assert "Too many tries with a wrong password. Wait 5 minutes, then sign in again." in text
        assert 'value="mia@example.com"' in sign_in(client).content.decode()
        clock.shift(200)
        assert "Wait 50 seconds" in words_of(sign_in(client))
        clock.shift(51)
        assert sign_in(client).status_code == 302


def test_tries_count_for_the_address_from_wherever_they_come(client, mia):
    for number in range(5):
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        sign_in(client, "wrong")
    client.defaults["REMOTE_ADDR"] = "203.0.113.99"
    assert "Too many tries" in words_of(sign_in(client))


def test_a_place_that_tries_many_addresses_waits_too(client, mia):
    for number in range(10):
        sign_in(client, "wrong", f"guess{number}@example.com")
    text = words_of(sign_in(client))
    assert re.search(r"Too many tries with a wrong password. Wait \d\d seconds,", text)
    client.defaults["REMOTE_ADDR"] = "203.0.113.99"
    assert sign_in(client).status_code == 302


def test_right_passwords_do_not_use_up_the_tries(client, mia):
    for _ in range(7):
        assert sign_in(client).status_code == 302
        client.post("/accounts/logout/")


def test_behind_a_proxy_each_visitor_is_counted_alone(client, mia, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        client.post(
            LOGIN,
            {"login": f"guess{number}@example.com", "password": "wrong"},
            headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"},
        )
    forged = {"X-Forwarded-For": "192.0.2.1, 203.0.113.7"}
    answer = client.post(LOGIN, {"login": "mia@example.com", "password": PASSWORD}, headers=forged)
    assert "Too many tries" in words_of(answer)
    elsewhere = {"X-Forwarded-For": "203.0.113.7, 198.51.100.9"}
    answer = client.post(
        LOGIN, {"login": "mia@example.com", "password": PASSWORD}, headers=elsewhere
    )
    assert answer.status_code == 302


def test_tries_are_counted_where_all_web_processes_look(client, mia):
    backend = type(caches["default"]).__name__
    assert backend in {"DatabaseCache", "RedisCache"}
    for _ in range(5):
        sign_in(client, "wrong")
    del caches["default"]  # what another process would have: a connection of its own
    assert "Too many tries" in words_of(sign_in(client))


def test_a_place_that_asks_without_end_gets_a_page_of_the_house(client):
    for _ in range(30):
        client.post(LOGIN, {"login": "", "password": ""})
    answer = client.post(LOGIN, {"login": "", "password": ""})
    assert answer.status_code == 429
    assert "Wait a minute, then try again." in answer.content.decode()


def test_an_account_that_is_switched_off_is_told_so_only_with_its_password(client, mia):
    User.objects.update(is_active=False)
    assert "do not belong together" in words_of(sign_in(client, "wrong"))
    answer = client.post(LOGIN, {"login": mia.email, "password": PASSWORD}, follow=True)
    assert "This account is switched off" in answer.content.decode()


def test_an_account_switched_off_loses_its_session(client, mia):
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.get("/accounts/password/change/").status_code == 302


def test_a_changed_password_ends_the_other_sessions(client, mia):
    sign_in(client)
    elsewhere = Client()
    sign_in(elsewhere)
    said = {
        "oldpassword": PASSWORD,
        "password1": "quite-another-one",
        "password2": "quite-another-one",
    }
    answer = client.post("/accounts/password/change/", said, follow=True)
    assert "Your password is changed." in answer.content.decode()
    assert elsewhere.get("/accounts/password/change/").status_code == 302


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"oldpassword": "no", "password1": "x" * 14, "password2": "x" * 14}, "Type it once more."),
        ({"oldpassword": PASSWORD, "password1": "12345", "password2": "12345"}, "too short"),
        (
            {
                "oldpassword": PASSWORD,
                "password1": "mia@example.com",
                "password2": "mia@example.com",
            },
            "too similar",
        ),
        ({"oldpassword": PASSWORD, "password1": "x" * 14, "password2": "y" * 14}, "same password"),
    ],
)
def test_a_password_that_will_not_do_is_a_sentence(client, mia, said, says):
    sign_in(client)
    answer = client.post("/accounts/password/change/", said)
    assert says in answer.content.decode()
    mia.refresh_from_db()
    assert mia.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/signup/", "Nobody signs up here"),
        ("/accounts/inactive/", "This account is switched off"),
        ("/accounts/password/reset/", "changepassword you@example.com"),
    ],
)
def test_every_open_account_page_is_of_the_house(client, address, says):
    text = client.get(address).content.decode()
    assert says in text
    assert '<header class="topbar">' in text


def test_nobody_signs_up_by_posting_either(client):
    said = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert "Nobody signs up here" in client.post("/accounts/signup/", said).content.decode()
    assert not User.objects.exists()


def test_a_person_without_a_password_is_asked_to_choose_one(creative):
    answer = creative.get("/accounts/password/change/", follow=True)
    assert "Choose a password" in answer.content.decode()
    said = {"password1": PASSWORD, "password2": PASSWORD}
    creative.post("/accounts/password/set/", said)
    creative.user.refresh_from_db()
    assert creative.user.check_password(PASSWORD)


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/3rdparty/",
        "/accounts/login/code/",
    ],
)
def test_what_allauth_has_and_the_house_has_not_is_not_found(creative, address):
    assert creative.get(address).status_code == 404


def test_who_is_signed_in_already_does_not_see_the_form(creative):
    assert creative.get(LOGIN).headers["Location"] == reverse("storyboards:projects")


def test_unknown_addresses_cost_as_much_work_as_known_ones(client, mia, monkeypatch):
    hashed: list[str] = []
    for name in ("encode", "verify"):
        inner = getattr(CheapArgon2, name)

        def counted(self, password: str, other: str, _inner=inner) -> object:
            hashed.append(password)
            return _inner(self, password, other)

        monkeypatch.setattr(CheapArgon2, name, counted)
    for email in ("mia@example.com", "nobody@example.com"):
        hashed.clear()
        sign_in(client, "wrong", email)
        assert hashed == ["wrong"], email
