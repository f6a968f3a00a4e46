"""Who is not, or no longer, signed in: led to the sign-in page, or left where they are typing."""

from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.django_db

KEYS = "/w/kitchen/keys/"
LOGIN = "/accounts/login/"


def test_a_page_leads_to_signing_in_and_back(client):
    assert (
        client.get(f"{KEYS}?page=2").headers["Location"]
        == f"{LOGIN}?next=/w/kitchen/keys/%3Fpage%3D2"
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_that_htmx_updates_stays_and_says_why(client, method):
    answer = getattr(client, method)(KEYS, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "What you typed is still here" in unquote(answer.headers["X-Says"])
    assert "HX-Redirect" not in answer.headers
    assert answer.content == b""


@pytest.mark.parametrize(
    ("referer", "next_page"),
    [
        ("http://testserver/w/kitchen/keys/", "http%3A//testserver/w/kitchen/keys/"),
        ("https://evil.example/x", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_plain_form_leads_back_to_its_own_page(client, referer, next_page):
    answer = client.post(KEYS, headers={"Referer": referer})
    assert answer.headers["Location"] == f"{LOGIN}?next={next_page}"
