"""The library of released films, what can be taken away of one, and the pack opened from disk."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, PHONE
from tests.browser.inside import Inside
from tests.browser.teams import Team
from tests.browser.test_player import until

FILM = [
    {"prompt": "A lighthouse at dusk", "duration_seconds": 9},
    {"prompt": "Its lamp is lit", "duration_seconds": 6},
]


@pytest.fixture
def released(team: Team, inside: Inside) -> None:
    """A film with a sound is approved, as a command does it, and so released."""
    take = team.ready_take(team.project(FILM, "A film to release"), by="producer")
    inside.call("give_sound", take)
    team.command("decide_take", str(take), "--as", team.email("producer"), "--approve")


def test_a_released_film_is_found_checked_and_watched(sign_in, released, snap, axe, tmp_path):
    producer = sign_in("producer")
    producer.get_by_role("link", name="Releases", exact=True).click()
    entry = producer.locator(".release").first
    expect(entry.get_by_text("Released", exact=True)).to_be_visible()
    entry.get_by_text("Facts and hashes").click()
    expect(entry.get_by_text("H.264")).to_be_visible()
    snap(producer, "releases")
    assert axe(producer) == []

    # Finding swaps the list alone, and its address can be kept.
    producer.get_by_label("Search releases").fill("no such film")
    expect(producer.get_by_text("Nothing found")).to_be_visible()
    expect(producer).to_have_url(re.compile("q=no"))
    producer.get_by_role("link", name="Show all releases").click()
    expect(entry).to_be_visible()
    producer.wait_for_load_state()  # without its scripts, the dialog is a page

    entry.get_by_role("link", name=re.compile("Downloads")).click()
    dialog = producer.get_by_role("dialog")
    expect(dialog.get_by_text("Offline review pack", exact=True)).to_be_visible()
    snap(producer, "releases-downloads")
    assert axe(producer) == []
    with producer.expect_download() as coming:
        dialog.get_by_role("button", name=re.compile("offline review pack")).click()
    pack = tmp_path / coming.value.suggested_filename
    coming.value.save_as(pack)
    assert pack.name.endswith(".review.html")
    opens_from_disk(producer, pack, axe, snap)
    plays_by_shots_and_frames(producer, axe, snap)


def plays_by_shots_and_frames(producer: Page, axe, snap) -> None:
    """In the player of previews, with its sound, from parts of the file."""
    producer.keyboard.press("Escape")  # the dialog of downloads
    producer.get_by_role("link", name="Releases", exact=True).click()
    parts: list[tuple[int, str]] = []
    producer.on(
        "response",
        lambda answer: (
            parts.append((answer.status, answer.headers.get("content-range", "")))
            if answer.url.endswith("video.mp4")
            else None
        ),
    )
    producer.locator(".release").first.get_by_role(
        "link", name="A film to release", exact=True
    ).click()
    expect(producer.locator("[data-player][data-ready]")).to_be_visible()
    video = producer.locator("[data-player] video")
    shot, frame = producer.locator("[data-part=shot]"), producer.locator("[data-part=frame]")
    press = producer.keyboard.press
    press(".")
    expect(shot).to_have_text("Shot 2")
    expect(frame).to_have_text("108")  # 9 s at 12 frames a second
    press("ArrowLeft")
    expect(frame).to_have_text("107")
    expect(shot).to_have_text("Shot 1")
    until(producer, "Math.abs(video.currentTime - 107.5 / 12) < 0.01")
    mute = producer.get_by_role("button", name="Mute")
    volume = producer.get_by_role("slider", name="Volume")
    press("m")
    expect(mute).to_have_attribute("aria-pressed", "true")
    assert video.evaluate("film => film.muted")
    volume.fill("0.25")
    expect(mute).to_have_attribute("aria-pressed", "false")
    assert video.evaluate("film => [film.muted, film.volume]") == [False, 0.25]
    producer.get_by_label("Speed").select_option("2")
    producer.get_by_role("button", name="Play", exact=True).click()
    expect(producer.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    assert video.evaluate("film => film.playbackRate") == 2
    press("k")
    producer.get_by_role("button", name="Full screen").click()
    expect(producer.get_by_role("button", name="Leave full screen")).to_be_visible()
    snap(producer, "release-full-screen")
    press("f")
    expect(producer.get_by_role("button", name="Full screen", exact=True)).to_be_visible()
    assert {status for status, _ in parts} == {206}
    snap(producer, "release")
    assert axe(producer) == []


def opens_from_disk(producer, pack, axe, snap) -> None:
    """Without a network, a request or a complaint; on a phone nothing is wider than the screen."""
    page = producer.context.browser.new_page(viewport=PHONE)
    page.set_default_timeout(PATIENCE_MS)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url[:60]))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(pack.as_uri())
    preview = page.get_by_role("img", name=re.compile("Watermarked preview"))
    page.wait_for_function(
        "one => one.complete && one.naturalWidth > 0", arg=preview.element_handle()
    )
    expect(page.get_by_text("For the client:")).to_be_visible()
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == 1
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    snap(page, "review-pack")
    page.close()
    # The pack's own policy lets nobody in, not even the examiner: that is put aside for axe.
    examined = producer.context.browser.new_context(bypass_csp=True).new_page()
    examined.goto(pack.as_uri())
    assert axe(examined) == []
    examined.context.close()


def test_the_library_on_a_phone(sign_in, released, snap, axe):
    page = sign_in("admin", viewport=PHONE)
    page.get_by_role("link", name="Releases", exact=True).click()
    expect(page.locator(".release").first).to_be_visible()
    page.wait_for_load_state()  # half styled, it is wider
    nav = page.locator(".topbar nav")
    assert nav.evaluate("one => one.scrollWidth <= one.clientWidth"), "the nav must fit"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    snap(page, "releases-phone")
    assert axe(page) == []
