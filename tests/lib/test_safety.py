"""What every answer of the house carries, and how it is set up behind https."""

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import URLResolver, get_resolver

from studio import checks

ROOT = Path(__file__).resolve().parents[2]

# Whoever adds a page that answers without a sign-in adds it here, with its reason.
OPEN_TO_ALL = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "renders:healthz",
    "renders:readyz",
}

SAMPLES = {"int": 1, "slug": "kitchen", "uuid": uuid.UUID(int=1), "str": "x", "path": "x"}


def addresses(patterns, space: str = "", prefix: str = "/"):
    """Every address of the house, by name, with samples for its parameters."""
    for pattern in patterns:
        place = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner, place)
        else:
            sample = re.sub(r"<(\w+):\w+>", lambda found: str(SAMPLES[found[1]]), place)
            yield f"{space}{pattern.name}", sample


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "head", "put"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_nobody_gets_an_answer_without_signing_in(client, workspace, method, headers):
    answered = set()
    for name, address in addresses(get_resolver().url_patterns):
        answer = getattr(client, method)(address, headers=headers, REMOTE_ADDR="203.0.113.9")
        if answer.status_code < 300 and "HX-Redirect" not in answer.headers:
            answered.add(name)
    assert answered <= OPEN_TO_ALL


def test_the_addresses_tried_are_those_of_the_house():
    tried = dict(addresses(get_resolver().url_patterns))
    assert tried["accounts:keys"] == "/w/kitchen/keys/"
    assert OPEN_TO_ALL - set(tried) <= {"renders:healthz", "renders:readyz"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/signup/", "/nowhere/", "/w/kitchen/keys/", "/static/nothing"],
)
def test_every_answer_has_a_policy_that_allows_nothing_inline(admin, client, address):
    for visitor in (admin, client):
        policy = visitor.get(address).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http:" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/nowhere/"])
def test_no_page_has_inline_code_or_style(client, address):
    text = client.get(address).content.decode()
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert text.count("<script") == text.count("<script src=") + text.count(
        '<script type="module" src='
    )


def test_the_page_for_a_crash_stands_without_any_request():
    text = render_to_string("500.html")
    assert "Nothing you saved is lost." in text
    assert "<style" not in text


@pytest.mark.django_db
def test_a_page_that_is_not_there_has_the_look_of_the_house(creative):
    answer = creative.get("/nowhere/")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()
    assert '<header class="topbar">' in answer.content.decode()


ASK = """
import django, json
from django.conf import settings
django.setup()
names = ["SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
         "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
         "ALLAUTH_TRUSTED_PROXY_COUNT"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def settings_with(tmp_path, **environment: str) -> dict:
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "studio.settings",
            "STUDIO_VAR": str(tmp_path),
            **environment,
        },
    )
    return json.loads(answer.stdout)


def test_behind_https_cookies_travel_over_it_alone(tmp_path):
    said = settings_with(tmp_path, STUDIO_PUBLIC_URL="https://studio.example.com")
    assert said == {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    }


def test_without_a_proxy_no_forwarded_address_is_believed(tmp_path):
    said = settings_with(tmp_path)
    assert said["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert said["SESSION_COOKIE_HTTPONLY"]
    assert not said["SECURE_SSL_REDIRECT"]


def test_plain_http_is_warned_about_before_deploying(settings):
    settings.STUDIO_PUBLIC_URL = "http://studio.example.com"
    assert [found.id for found in checks.public_url_is_https(None)] == ["studio.W001"]
    settings.STUDIO_PUBLIC_URL = "https://studio.example.com"
    assert checks.public_url_is_https(None) == []


def test_a_remote_vendor_may_not_name_files_on_this_machine(settings):
    settings.TRANSEND_ALLOW_LOOPBACK = True
    settings.TRANSEND_BASE_URL = "https://api.example.com"
    assert [found.id for found in checks.loopback_only_for_a_local_vendor(None)] == ["studio.E001"]
    settings.TRANSEND_BASE_URL = "http://127.0.0.1:9000"
    assert checks.loopback_only_for_a_local_vendor(None) == []


def test_debug_pages_are_refused_before_deploying(settings):
    settings.DEBUG = True
    assert [found.id for found in checks.debug_is_off(None)] == ["studio.E002"]
    settings.DEBUG = False
    assert checks.debug_is_off(None) == []


@pytest.mark.parametrize(
    ("mode", "ids"), [(0o600, []), (0o640, ["studio.W002"]), (0o604, ["studio.W002"])]
)
def test_a_keyring_that_others_may_read_is_warned_about(settings, tmp_path, mode, ids):
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    assert checks.keyring_is_private(None) == []
    settings.STUDIO_KEYRING.write_text("{}")
    settings.STUDIO_KEYRING.chmod(mode)
    assert [found.id for found in checks.keyring_is_private(None)] == ids
