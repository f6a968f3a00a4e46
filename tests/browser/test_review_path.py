"""The whole way of a film, on a desk and on a phone: a creative renders it, a producer sends it
back, the creative fixes exactly that, the producer approves, a guest carries the film home."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from studio.pictures.probe import probe_mp4
from tests.browser.conftest import DESK, DRAWN_MS, PATIENCE_MS, PHONE
from tests.browser.ordering import order_take, render_button
from tests.browser.teams import Team
from tests.browser.test_player import until

FILM = [
    {"prompt": "A kite over the dunes", "duration_seconds": 9},
    {"prompt": "The string runs out", "duration_seconds": 8},
]
SIZES = {"desk": {"viewport": DESK}, "phone": {"viewport": PHONE, "has_touch": True}}


def render(creative: Page, number: int) -> str:
    """Order a take, wait until it can be watched, open it; returns its address."""
    order_take(creative)
    panel = creative.locator("#takes-panel")
    arrived = panel.locator(".take-row", has_text=f"Take {number}")
    expect(arrived.get_by_text("Ready", exact=True)).to_be_visible(timeout=DRAWN_MS)
    arrived.get_by_role("link", name=re.compile(f"Take {number}")).click()
    expect(creative.get_by_role("heading", level=1)).to_contain_text(f"Take {number}")
    return creative.url


def watch(page: Page) -> None:
    """See the preview move, then stop it."""
    expect(page.locator("[data-player][data-ready]")).to_be_visible(timeout=DRAWN_MS)
    page.get_by_role("button", name=re.compile("^Play")).first.click()
    until(page, "video.currentTime > 0.3")
    page.get_by_role("button", name=re.compile("^Pause")).first.click()


@pytest.mark.parametrize("size", SIZES)
def test_a_film_goes_from_a_creative_to_a_guest(
    team: Team, sign_in, browser: Browser, snap, axe, tmp_path, size
):
    options = SIZES[size]
    creative = sign_in("creative", **options)
    board = team.board(FILM, f"Kite on a {size}")
    creative.goto(board)
    expect(render_button(creative)).to_be_enabled()
    first = render(creative, 1)
    expect(creative.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    # The producer watches it, writes at a frame, marks a shot, and sends it back.
    producer = sign_in("producer", **options)
    producer.goto(first)
    watch(producer)
    snap(producer, f"path-{size}-1-watching")
    producer.locator("#note-text").fill("The kite is cut off at the top.")
    producer.get_by_role("button", name="Post note").click()
    expect(producer.get_by_text("The kite is cut off at the top.")).to_be_visible()
    producer.locator("#shot-2-fix").click()
    producer.get_by_label("What to fix in shot 2").fill("The string is red in the script.")
    producer.locator("#shot-2-save").click()
    expect(producer.locator("#shot-2-fix")).to_have_attribute("aria-pressed", "true")
    producer.locator("#shot-1-fine").click()
    expect(producer.locator("#shot-1-fine")).to_have_attribute("aria-pressed", "true")
    decision = producer.locator("#decision-panel")
    decision.get_by_role("button", name="Request changes", exact=True).click()
    expect(decision.get_by_role("alert")).to_contain_text("Write what should change")
    decision.get_by_label("Note").fill("See the note and shot 2.")
    decision.get_by_role("button", name="Request changes", exact=True).click()
    expect(decision.locator(".headline")).to_contain_text("Changes requested")
    assert axe(producer) == []
    snap(producer, f"path-{size}-2-sent-back")

    # The creative is told, and starts from the fixes: the board knows which shot, and why.
    creative.goto(first)
    expect(creative.locator("#decision-panel")).to_contain_text("See the note and shot 2.")
    assert axe(creative) == []
    creative.get_by_role("button", name="Start next revision from the fixes").click()
    expect(creative).to_have_url(re.compile(re.escape(board)))
    expect(creative.get_by_text("The string is red in the script.").first).to_be_visible()
    snap(creative, f"path-{size}-3-fixes")
    prompt = creative.locator("#grid textarea").nth(1)
    prompt.fill("The red string runs out")
    prompt.press("Tab")
    expect(creative.get_by_text("Saved · rev 2")).to_be_visible()
    second = render(creative, 2)
    # A new take inherits nothing.
    expect(creative.locator("#decision-panel")).not_to_contain_text("Changes requested")
    assert creative.request.get(f"{second}video.mp4").status == 403

    # The producer approves it, and makes a link for the client.
    producer.goto(second)
    watch(producer)
    producer.locator("#decision-panel").get_by_role("button", name="Approve", exact=True).click()
    expect(producer.get_by_role("link", name="Download video").first).to_be_visible()
    assert axe(producer) == []
    snap(producer, f"path-{size}-4-approved")
    producer.get_by_role("link", name="Share").or_(
        producer.get_by_role("button", name="Share")
    ).first.click()
    dialog = producer.get_by_role("dialog")
    dialog.get_by_label("What they see").or_(dialog.locator("[name=subject]")).first.select_option(
        "film"
    )
    dialog.locator("[name=passphrase]").fill("dune grass")
    dialog.get_by_role("button", name="Make the link").click()
    link = dialog.get_by_label("The new link").input_value()
    snap(producer, f"path-{size}-5-link")

    # The guest, who has no account, carries the film home.
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    guest = context.new_page()
    guest.goto(link)
    assert link.rsplit("/", 2)[-2 if link.endswith("/") else -1] not in guest.url
    guest.get_by_label("Your name").fill("Ada of the client")
    guest.get_by_label("Passphrase").fill("dune grass")
    assert axe(guest) == []
    guest.get_by_role("button", name="Come in").click()
    expect(guest.get_by_role("heading", name=f"Kite on a {size}")).to_be_visible()
    assert axe(guest) == []
    watch(guest)
    guest.keyboard.press(".")
    expect(guest.locator("[data-part=shot]")).to_have_text("Shot 2")
    snap(guest, f"path-{size}-6-guest")
    with guest.expect_download() as saved:
        guest.get_by_role("link", name="Download video").click()
    saved.value.save_as(tmp_path / "home.mp4")
    assert abs(probe_mp4(tmp_path / "home.mp4").duration_ms - 17_000) < 100
    # Nothing of the first take, which nobody approved, is theirs to see.
    refused = guest.request.get(f"{first}video.mp4", max_redirects=0)
    assert refused.status == 302
    assert b"ftyp" not in refused.body()[:64]
    context.close()
