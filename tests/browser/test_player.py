"""The review room's player in a real Chromium: its keys, its loop, and seeking by byte ranges."""

import re
from collections.abc import Callable
from io import BytesIO

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, DRAWN_MS, PHONE
from tests.browser.teams import Team

SHOTS = [("A red lighthouse in the fog", 22), ("Dunes at noon", 1), ("The sea by night", 7)]
CUTS_S = (0, 22, 23)
TWO_FRAMES = "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"


@pytest.fixture(scope="module")
def team(new_team: Callable[[], Team]) -> Team:
    """One for all of them: they only watch, and rendering is not what is tested here."""
    return new_team()


@pytest.fixture(scope="module")
def take(team: Team) -> int:
    shots = [{"prompt": prompt, "duration_seconds": seconds} for prompt, seconds in SHOTS]
    return team.ready_take(team.project(shots, "Lighthouse"))


@pytest.fixture
def room(studio, sign_in, take):
    """`room(**options)`: the page of a take whose film can be played."""

    def open_room(**options) -> Page:
        page = sign_in("creative", **options)
        page.goto(f"{studio.url}/takes/{take}/")
        expect(page.locator("[data-player][data-ready]")).to_be_visible(timeout=DRAWN_MS)
        return page

    return open_room


def ms(page: Page) -> float:
    return page.evaluate("document.querySelector('[data-player] video').currentTime * 1000")


def frame(page: Page) -> int:
    return int(page.locator("[data-part=frame]").inner_text())


def until(page: Page, holds: str) -> None:
    """Wait until `holds` is true of `video`, the one that is there by then. (The page's policy
    forbids playwright's own way.)"""
    page.evaluate(
        f"""() => new Promise(resolve => {{
            const look = () => {{
                const video = document.querySelector('[data-player] video');
                return {holds} ? resolve() : setTimeout(look, 20); }};
            look(); }})"""
    )


def settled(page: Page) -> None:
    """Wait until the film shows where it was sent: two pictures of the page later, for certain."""
    until(page, "(!video.seeking && video.readyState >= 2)")
    page.evaluate(TWO_FRAMES)


def picture(page: Page) -> np.ndarray:
    """What the video shows, 32 × 18 pixels."""
    settled(page)
    pixels = page.evaluate(
        """() => { const canvas = new OffscreenCanvas(32, 18);
                   const pen = canvas.getContext('2d', {willReadFrequently: true});
                   pen.drawImage(document.querySelector('[data-player] video'), 0, 0, 32, 18);
                   return [...pen.getImageData(0, 0, 32, 18).data]; }"""
    )
    return np.array(pixels, dtype=int).reshape(18, 32, 4)[..., :3]


def frames_of(page: Page) -> list[np.ndarray]:
    """Each frame of the film as it lies on the server, 32 × 18 pixels."""
    source = page.locator("[data-player] video").get_attribute("src")
    data = page.request.get(f"{re.match('https?://[^/]+', page.url)[0]}{source}").body()
    with av.open(BytesIO(data)) as film:
        images = (one.to_image().resize((32, 18)) for one in film.decode(video=0))
        return [np.asarray(image, dtype=int) for image in images]


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


def test_the_film_is_sought_through_byte_ranges_and_shows_the_shot_that_is_there(room, snap):
    parts: list[tuple[int, str]] = []
    page = room()
    page.on(
        "response",
        lambda answer: (
            parts.append((answer.status, answer.headers.get("content-range", "")))
            if answer.url.endswith("preview.mp4")
            else None
        ),
    )
    page.reload()
    expect(page.locator("[data-player][data-ready]")).to_be_visible()
    assert page.evaluate("document.querySelector('[data-player] video').paused")
    assert ms(page) == 0  # the poster, and nothing that moves by itself
    stored = frames_of(page)
    firsts = [min(range(len(stored)), key=lambda n, c=cut: abs(n / 8 - c)) for cut in CUTS_S]
    lasts = [*firsts[1:], len(stored)]
    for moment_s in (26.5, 3.0, 22.4, 29.0, 11.0):
        page.evaluate(f"document.querySelector('[data-player] video').currentTime = {moment_s}")
        settled(page)
        shown = picture(page)
        shot = sum(moment_s >= cut for cut in CUTS_S) - 1
        distances = [
            min(apart(shown, stored[n]) for n in range(first, last))
            for first, last in zip(firsts, lasts, strict=True)
        ]
        assert min(distances) < 12
        assert distances.index(min(distances)) == shot, (moment_s, distances)
        assert apart(shown, stored[round(moment_s * 8 - 0.5)]) < 14
    assert parts
    assert {status for status, _ in parts} == {206}
    assert any(not part.startswith("bytes 0-") for _, part in parts), parts
    snap(page, "player-desk")


def test_the_keys_of_editing_rooms(room, axe):
    page = room(viewport=DESK)
    press = page.keyboard.press
    press(".")
    expect(page.locator("[data-part=shot]")).to_have_text("Shot 2")
    assert frame(page) == 176  # 22 s at 8 frames a second
    press(".")
    expect(page.locator("[data-part=shot]")).to_have_text("Shot 3")
    press(",")
    press(",")
    expect(page.locator("[data-part=shot]")).to_have_text("Shot 1")
    settled(page)
    at = frame(page)
    for key, by in (
        ("ArrowRight", 1),
        ("ArrowRight", 1),
        ("ArrowLeft", -1),
        ("Shift+ArrowRight", 8),
    ):
        press(key)
        settled(page)
        assert frame(page) == at + by
        at += by
    press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    until(page, "(video.currentTime > 2)")
    press("k")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    was = ms(page)
    press("j")
    until(page, f"(video.currentTime * 1000 < {was} - 300)")
    press("k")
    press("l")
    press("l")
    expect(page.locator("[data-part=rate]")).to_have_text("2×")
    press("k")
    # While something is typed they are letters.
    page.keyboard.press("Home")
    field = page.locator("textarea:visible").first
    field.click()
    was = ms(page)
    page.keyboard.type("jkl.,[ ]")
    expect(field).to_have_value("jkl.,[ ]")
    assert ms(page) == was
    assert axe(page) == []


def test_a_range_is_looped_and_freed_and_the_sheet_tells_the_keys(room):
    page = room()
    timeline = page.get_by_role("slider", name="Position in the film")
    timeline.focus()
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    settled(page)
    page.keyboard.press("[")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    settled(page)
    page.keyboard.press("]")
    expect(page.locator("[data-part=range]")).to_be_visible()
    expect(page.get_by_role("button", name="Loop", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.evaluate(
        """() => { window.seen = []; window.turns = 0;
                   const video = document.querySelector('[data-player] video');
                   video.addEventListener('seeked', () => { window.turns += 1; });
                   const look = () => { window.seen.push(video.currentTime);
                                        requestAnimationFrame(look); };
                   look(); }"""
    )
    page.keyboard.press("Space")
    until(page, "(window.turns >= 3)")
    page.keyboard.press("k")
    seen = page.evaluate("window.seen.slice(5)")
    assert min(seen) >= 1.9
    # It is turned back by the first picture after its end, which a busy machine draws late.
    assert np.quantile(seen, 0.9) < 3.2
    page.keyboard.press("Alt+x")
    expect(page.locator("[data-part=range]")).to_be_hidden()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    for words in ("Play or pause", "One frame back", "Next shot", "Loop from this frame"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()


def test_on_a_phone_with_less_motion(room, snap, axe):
    page = room(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    assert page.evaluate("document.querySelector('[data-player] video').paused")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for button in page.locator(".player-bar button:visible, .player-bar select").all():
        box = button.bounding_box()
        assert box["width"] >= 44, button
        assert box["height"] >= 44, button
    track = page.locator("[data-part=scrub]").bounding_box()
    page.touchscreen.tap(track["x"] + track["width"] * 0.9, track["y"] + track["height"] / 2)
    expect(page.locator("[data-part=shot]")).to_have_text("Shot 3")
    strip = page.locator("[data-part=strip]")
    expect(strip).not_to_have_js_property("scrollLeft", 0)  # it went along
    assert axe(page) == []
    snap(page, "player-phone")


def test_without_scripts_it_is_a_plain_video(room, browser):
    page = room()
    plain = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    plain.goto(page.url)
    video = plain.locator("[data-player] video")
    expect(video).to_be_visible()
    assert video.get_attribute("controls") is not None
    expect(plain.locator(".player-bar")).to_be_hidden()
    plain.context.close()


def test_the_studio_has_the_sizes_before_the_film_comes(room):
    """Nothing jumps while the page loads."""
    page = room()
    page.add_init_script(
        """window.shift = 0;
           const isOurs = ({node}) => node?.parentElement?.closest?.('#stage');
           new PerformanceObserver(list => {
             for (const one of list.getEntries())
               if (!one.hadRecentInput && one.sources.some(isOurs)) window.shift += one.value;
           }).observe({type: 'layout-shift', buffered: true});"""
    )
    page.reload()
    expect(page.locator("[data-player][data-ready]")).to_be_visible()
    until(page, "(video.readyState >= 1)")
    assert page.evaluate("window.shift") < 0.02
