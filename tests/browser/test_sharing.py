"""A client on a phone: by the link through the door, watch what is marked with their name, comment,
approve."""

import re

import pytest
from playwright.sync_api import Browser, ElementHandle, Page, expect

from tests.browser.conftest import DRAWN_MS, PATIENCE_MS, PHONE
from tests.browser.teams import Team

FILM = [{"prompt": "A kite over the dunes", "duration_seconds": 15}]


@pytest.fixture
def take(team: Team) -> int:
    """Ready to be shared."""
    return team.ready_take(team.project(FILM))


def make_link(page: Page, passphrase: str) -> str:
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_label("For whom").fill("Sakura Agency")
    page.get_by_label("What they may do").select_option("approve")
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_label("The new link").input_value()


def come_in(page: Page, link: str, passphrase: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill("Jane Client")
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Come in").click()


def test_a_client_on_a_phone(studio, inside, sign_in, browser: Browser, axe, snap, take):
    producer = sign_in("producer")
    producer.goto(f"{studio.url}/takes/{take}/")
    link = make_link(producer, "three small words")
    token = link.rpartition("/s/")[2]
    assert len(token) == 43
    assert axe(producer) == []

    context = browser.new_context(viewport=PHONE, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    asked: list[str] = []
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    page.goto(link)
    expect(page).to_have_url(re.compile(r"/shared/[0-9a-f-]{36}/$"))
    assert page.locator("meta[name=robots]").get_attribute("content").startswith("noindex")
    assert axe(page) == []
    snap(page, "sharing-door")
    come_in(page, link, "three small words")

    # Their own film is drawn now, and appears by itself; the frames of its shots come along.
    expect(page.locator("[data-player][data-ready]")).to_be_visible(timeout=DRAWN_MS)
    expect(page.locator("#shots .thumb image")).to_have_count(1)
    assert axe(page) == []
    snap(page, "sharing-room")

    page.locator("#note-text").fill("More rain, please")
    page.reload()
    expect(page.locator("#note-text")).to_have_value("More rain, please")
    page.get_by_role("button", name="Post note").click()
    expect(page.locator("#notes-list")).to_contain_text("More rain, please")
    page.reload()
    expect(page.locator("#notes-list")).to_contain_text("More rain, please")
    expect(page.locator("#note-text")).to_have_value("")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("button", name="Withdraw my approval")).to_be_visible()
    assert axe(page) == []

    with_token = [each for each in asked if token in each]
    assert len(with_token) == 2  # each time the link itself was opened, and nothing after it
    assert all(each.startswith(f"{link} ") for each in with_token)
    assert not complaints

    producer.goto(f"{studio.url}/takes/{take}/links/")
    producer.get_by_role("link", name="Views of Sakura Agency").click()
    expect(producer.get_by_role("row", name="Watched the preview")).to_contain_text("Jane Client")
    assert axe(producer) == []

    # Left open, the page goes with the link: when it expires, and, opened anew, when it is revoked.
    film = watched(page)
    inside.call("let_link_expire", take, 0)
    expect(page.get_by_text("This link has expired")).to_be_visible()
    assert is_emptied(page, film)
    inside.call("let_link_expire", take, 2)
    page.reload()
    page.locator("#note-text").fill("And one more thing")
    film = watched(page)
    producer.goto(f"{studio.url}/takes/{take}/links/")
    producer.get_by_role("link", name="Revoke Sakura Agency").click()
    producer.get_by_role("button", name="Revoke the link").click()
    expect(producer.get_by_text("The link was revoked.")).to_be_visible()
    expect(page.get_by_text(re.compile("revoked this link"))).to_be_visible()
    assert is_emptied(page, film)
    expect(page.get_by_label("What you wrote and did not send")).to_have_value("And one more thing")
    assert axe(page) == []
    snap(page, "sharing-revoked")
    page.reload()
    expect(page.get_by_text(re.compile("revoked this link"))).to_be_visible()
    assert axe(page) == []
    assert not complaints
    context.close()


def watched(page: Page) -> ElementHandle:
    """The film, once it runs."""
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    film = page.locator("[data-player] video").element_handle()
    assert film is not None
    return film


def is_emptied(page: Page, film: ElementHandle) -> bool:
    """Nothing of the take is on the page, and its film neither runs nor is kept."""
    shown = page.locator("body").inner_text()
    assert "A kite over the dunes" not in shown
    assert "More rain, please" not in shown
    assert page.locator("video, img, image, #notes, #shots, #decision-panel").count() == 0
    return bool(
        film.evaluate("film => film.paused && !film.hasAttribute('src') && !film.buffered.length")
    )
