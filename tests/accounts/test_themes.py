"""Dark, light, or as the system has it: on every page, from its first byte."""

import pytest

pytestmark = pytest.mark.django_db


def theme_of(client, address="/"):
    page = client.get(address).content.decode()
    return page.split('data-theme="', 1)[1].split('"', 1)[0]


def test_dark_is_what_nobody_has_to_choose(creative, client):
    assert theme_of(creative) == "dark"
    assert theme_of(client, "/accounts/login/") == "dark"


@pytest.mark.parametrize("theme", ["light", "system", "dark"])
def test_a_choice_stays(creative, theme):
    answer = creative.post(
        "/theme/", {"theme": theme}, headers={"referer": "http://testserver/?q=a"}
    )
    assert answer["Location"] == "http://testserver/?q=a"
    cookie = answer.cookies["theme"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert theme_of(creative) == theme
    assert theme_of(creative, "/accounts/logout/") == theme
    page = creative.get("/").content.decode()
    assert f'value="{theme}" aria-pressed="true"' in page
    assert page.count('aria-pressed="true"') == 1


def test_an_open_page_takes_it_on_at_once(creative):
    answer = creative.post("/theme/", {"theme": "light"}, headers={"hx-request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Trigger"] == '{"themeChanged": {"theme": "light"}}'


@pytest.mark.parametrize("theme", ["", "pink", '"><script>'])
def test_other_themes_are_refused_in_a_sentence(creative, theme):
    answer = creative.post("/theme/", {"theme": theme}, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert "Choose%20one%20of%20the%20themes" in answer["X-Says"]
    creative.cookies["theme"] = theme
    assert theme_of(creative) == "dark"


def test_it_leads_nowhere_else(creative, client):
    for before in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = creative.post("/theme/", {"theme": "light"}, headers={"referer": before})
        assert answer["Location"] == "/"
    assert creative.get("/theme/").status_code == 405
    assert client.post("/theme/", {"theme": "light"})["Location"].startswith("/accounts/login/")
