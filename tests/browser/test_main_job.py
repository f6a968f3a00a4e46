"""The main job as people do it: from a storyboard to a released video, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from studio.pictures.probe import probe_mp4
from tests.browser.conftest import DRAWN_MS
from tests.browser.dragging import rest
from tests.browser.ordering import order_take, render_button
from tests.browser.teams import DemoTeam
from tests.browser.test_player import until

WATCH_STATUSES = """() => {
  window.seen = [];
  const look = () => {
    const text = document.querySelector("#takes-panel").innerText.replace(/\\s+/g, " ");
    if (window.seen.at(-1) !== text) window.seen.push(text);
  };
  new MutationObserver(look).observe(
    document.querySelector("#takes-panel"), {childList: true, subtree: true, characterData: true});
  look();
}"""


def drag(page: Page, from_: str, to: str) -> None:
    """Drag one card onto another, slowly enough for a real drag to be recognised."""
    start, end = page.locator(from_).bounding_box(), page.locator(to).bounding_box()
    assert start
    assert end
    x, y = start["x"] + start["width"] / 2, start["y"] + 60
    to_x, to_y = end["x"] + end["width"] * 0.75, end["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 31):
        page.mouse.move(x + (to_x - x) * step / 30, y + (to_y - y) * step / 30)
        page.wait_for_timeout(15)
    rest(page, to_x, to_y)
    page.mouse.up()


def prompts(page: Page) -> list[str]:
    return page.locator("#grid textarea").evaluate_all("all => all.map(one => one.value)")


@pytest.fixture
def team(demo_team: DemoTeam) -> DemoTeam:
    """The one that people find."""
    return demo_team


def test_from_a_storyboard_to_a_released_video(studio, sign_in, snap, axe, tmp_path):
    creative = sign_in("creative")
    snap(creative, "1-projects")
    creative.goto(f"{creative.url}?q=neon+tokyo")
    creative.get_by_role("link", name="Neon Tokyo").first.click()
    expect(creative.get_by_role("button", name="Render", exact=True)).to_be_enabled()
    creative.wait_for_load_state()
    board = creative.url

    # Drags a shot.
    before = prompts(creative)
    drag(creative, "#grid > li:nth-child(1)", "#grid > li:nth-child(2)")
    expect(creative.get_by_text("Saved · rev 2")).to_be_visible()
    assert prompts(creative) == before[::-1]
    creative.get_by_role("button", name="Undo", exact=True).click()
    expect(creative.get_by_text("Saved · rev 3")).to_be_visible()
    assert prompts(creative) == before
    creative.reload()
    assert prompts(creative) == before

    # Changes a duration past 60 s and is told so where it happens.
    duration = creative.get_by_label("Duration of shot 2")
    duration.fill("43")
    duration.press("Tab")
    told = creative.locator("#grid > li:nth-child(2)").get_by_text(
        "Shot 2 makes the timeline 61 s. Shorten it by 1 s."
    )
    expect(told).to_be_visible()
    expect(creative.get_by_role("button", name="Render", exact=True)).to_be_disabled()
    snap(creative, "2-past-60-s")
    assert axe(creative) == []

    # Fixes it, presses Render, watches the take without reloading.
    duration = creative.get_by_label("Duration of shot 2")
    duration.fill("12")
    duration.press("Tab")
    expect(told).to_be_hidden()
    expect(creative.get_by_role("button", name="Render", exact=True)).to_be_enabled()
    creative.evaluate(WATCH_STATUSES)
    creative.evaluate("window.notReloaded = true")
    order_take(creative)
    expect(creative.locator("#takes-panel").get_by_text(re.compile(r"\d+ %"))).to_be_visible()
    snap(creative, "3-rendering")
    expect(creative.locator("#takes-panel").get_by_text("Ready", exact=True)).to_be_visible(
        timeout=DRAWN_MS
    )
    assert creative.evaluate("window.notReloaded")
    seen = " ▸ ".join(creative.evaluate("window.seen"))
    order = [seen.find(word) for word in ("Queued", "Running", "Ready")]
    assert -1 not in order, seen
    assert order == sorted(order), seen
    percents = [int(number) for number in re.findall(r"(\d+) %", seen)]
    assert percents == sorted(percents)
    snap(creative, "4-ready")
    assert axe(creative) == []

    # The creative sees the preview, and no way to the video.
    creative.locator("#takes-panel").get_by_role("link", name=re.compile("Take 1")).first.click()
    expect(creative.get_by_role("heading", name=re.compile("Neon Tokyo"))).to_be_visible()
    expect(creative.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    video = f"{creative.url}video.mp4"
    refused = creative.request.get(video)
    assert refused.status == 403
    assert b"ftyp" not in refused.body()[:64]

    # The producer watches the watermarked preview and approves; the video unlocks.
    producer = sign_in("producer")
    assert producer.request.get(video).status == refused.status
    producer.goto(creative.url)
    expect(producer.locator("[data-player][data-ready]")).to_be_visible(timeout=DRAWN_MS)
    preview = producer.get_by_role("img", name=re.compile("review")).first
    expect(preview).to_be_visible()
    producer.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=preview.element_handle()
    )
    snap(producer, "5-review")
    assert axe(producer) == []
    producer.get_by_role("button", name="Approve", exact=True).click()
    download_link = producer.get_by_role("link", name="Download video")
    expect(download_link).to_be_visible()
    producer.get_by_role("link", name="Watch the film").click()
    playing = producer.locator("[data-player][data-ready] video[src$='video.mp4']")
    expect(playing).to_be_visible()
    until(producer, "video.readyState >= 1")
    assert abs(playing.evaluate("v => v.duration") - 30) < 0.2
    playing.evaluate("v => { v.muted = true; v.currentTime = 20; return v.play(); }")
    until(producer, "video.currentTime > 20.2")
    snap(producer, "6-released")
    with producer.expect_download() as saved:
        download_link.click()
    saved.value.save_as(tmp_path / "film.mp4")
    assert abs(probe_mp4(tmp_path / "film.mp4").duration_ms - 30_000) < 100

    # The creative's open page says so by itself or after a reload.
    creative.reload()
    expect(creative.get_by_role("link", name="Download video")).to_be_visible()
    assert board in creative.get_by_role("link", name="Open the board").evaluate("a => a.href")


def test_an_admin_adds_and_tests_a_key(studio, sign_in, snap, axe):
    admin = sign_in("admin")
    admin.goto(f"{admin.url}?q=neon+tokyo")
    admin.get_by_role("link", name="Neon Tokyo").first.click()
    admin.get_by_role("link", name="API keys").click()
    secret = (studio.var / "demo_api_key").read_text().strip()
    admin.get_by_label("Label").fill("Second key")
    admin.get_by_label("API key", exact=True).fill(secret)
    admin.get_by_role("button", name="Add key").click()
    row = admin.get_by_role("row").filter(has_text="Second key")
    expect(row).to_be_visible()
    assert secret not in admin.content()
    row.get_by_role("button", name=re.compile("^Test")).click()
    expect(row.get_by_text(re.compile("accepted", re.IGNORECASE)).first).to_be_visible()
    admin.reload()
    expect(admin.get_by_role("row").filter(has_text="Second key")).not_to_contain_text("Never")
    snap(admin, "7-api-keys")
    assert axe(admin) == []


def test_rendering_from_a_phone(studio, sign_in, snap):
    creative = sign_in("creative", viewport={"width": 390, "height": 844}, has_touch=True)
    creative.goto(f"{creative.url}?q=night+ferry")
    creative.get_by_role("link", name="The Night Ferry").first.click()
    expect(render_button(creative)).to_be_enabled()
    order_take(creative)
    panel = creative.locator("#takes-panel")
    expect(panel).to_contain_text("Take 1")
    expect(panel.get_by_text(re.compile(r"\d+ %"))).to_be_visible()
    panel.scroll_into_view_if_needed()
    snap(creative, "8-phone-rendering")
