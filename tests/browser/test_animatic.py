"""The animatic on the board: drawn by the real worker, played, wound by the playhead."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DRAWN_MS, PHONE
from tests.browser.test_player import TWO_FRAMES

SHOTS = [("surf", "Gulls over the surf", 1), ("dusk", "A lighthouse at dusk", 2), ("sea", "Sea", 1)]


def film(team, shots):
    """The address of a new board with these shots."""
    scenes = [{"id": i, "prompt": p, "duration_seconds": s} for i, p, s in shots]
    body = {"prompt": "A coast", "duration_seconds": sum(s for _, _, s in shots)}
    body |= {"camera": {"motion": "dolly-in"}, "storyboard": scenes}
    return team.board(body)


@pytest.fixture
def board(team):
    return film(team, SHOTS)


def opened(page, board):
    page.goto(board)
    expect(page.locator(".card").first).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Animatic", exact=True)).to_be_visible()
    return page


def drawn(page, total="0:04.00"):
    """Have it drawn; once it tells how long it lasts, the player heeds its keys."""
    page.get_by_role("button", name=re.compile("Draw (the animatic|again)")).click()
    expect(page.get_by_text("Ready · rev")).to_be_visible(timeout=DRAWN_MS)
    expect(page.locator("[data-part=total]")).to_have_text(total)


def test_drawn_played_wound_outdated_and_drawn_again(sign_in, board, axe, snap):
    page = opened(sign_in("creative"), board)
    expect(page.get_by_role("heading", name="See the whole cut before")).to_be_visible()
    snap(page, "animatic-none")
    drawn(page)
    page.locator("[data-film]").focus()

    page.keyboard.press(" ")
    expect(page.locator("video")).to_have_js_property("paused", False)
    expect(page.locator("[data-part=time]")).to_have_text(re.compile(r"0:0(0\.[3-9]|[1-4]\.)"))
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()

    playhead = page.get_by_role("slider", name="Playhead")
    second = page.locator(".segment").nth(1).bounding_box()
    page.mouse.click(second["x"] + second["width"] / 2, second["y"] - 10)
    expect(playhead).to_be_focused()
    expect(playhead).to_have_attribute(
        "aria-valuetext", re.compile(r"^[12]\.\d\d s of 4 s, Shot 2$")
    )
    expect(page.locator(".segment").nth(1)).to_have_attribute("data-plays", "")
    expect(page.locator(".card").nth(1)).to_have_attribute("data-plays", "")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-part=shot]")).to_have_text("Shot 3")
    assert axe(page) == []
    snap(page, "animatic-ready")

    page.get_by_label("Duration of shot 2").fill("3")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Shot 2 looks different now.")).to_be_visible()
    expect(page.locator("[data-part=shot]")).to_have_text("Shot 3")
    # The playhead stands where shot 3 is now, not where it was.
    page.wait_for_function(
        """() => { const third = document.querySelectorAll(".segment")[2];
            const [head, there] = [document.getElementById("playhead"), third]
                .map(part => part.getBoundingClientRect().x);
            return Math.abs(head - there) < 3; }"""
    )
    snap(page, "animatic-outdated")
    drawn(page, total="0:05.00")

    page.locator("[data-film]").focus()
    page.keyboard.press("End")
    expect(page.locator("[data-part=time]")).to_have_text("0:05.00")
    page.keyboard.press("ArrowLeft")
    # The middle of the last frame but one, of 24 a second: each step is seen.
    expect(page.locator("[data-part=time]")).to_have_text(re.compile(r"^0:04\.9\d$"))
    page.keyboard.press("j")
    page.get_by_role("button", name="Close the animatic").click()
    expect(page.get_by_role("link", name="Animatic", exact=True)).to_be_focused()
    page.evaluate(TWO_FRAMES)  # what was still to come when it was asked has been drawn after it
    # Not `to_be_hidden`: so thin a thing never counts as visible.
    expect(page.locator("#playhead")).to_have_attribute("hidden", "")
    expect(page.locator("[data-plays]")).to_have_count(0)


def test_a_drawing_is_cancelled_and_the_dock_closed(sign_in, team):
    long = [(str(n), f"Wave {n}", 6) for n in range(10)]
    page = opened(sign_in("creative"), film(team, long))
    page.get_by_role("button", name="Draw the animatic").click()
    expect(page.get_by_role("progressbar", name="Animatic of rev 1")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#animatic").get_by_text("was cancelled")).to_be_visible()
    expect(page.get_by_role("button", name="Draw the animatic")).to_be_focused()
    page.reload()
    expect(page.locator("#animatic").get_by_text("was cancelled")).to_be_visible()
    page.get_by_role("button", name="Close the animatic").click()
    expect(page.locator("#animatic")).to_be_hidden()
    expect(page.get_by_role("link", name="Animatic", exact=True)).to_be_focused()


def test_the_dialog_brings_a_gif(sign_in, board, axe, snap):
    page = sign_in("creative")
    page.goto(board)
    page.get_by_role("button", name="Export").click()
    page.get_by_role("link", name="Animatic (GIF, MP4)…").click()
    dialog = page.get_by_role("dialog", name="Animatic")
    form = dialog.get_by_role("form", name="GIF")
    form.get_by_label("320 × 180").check(force=True)
    form.get_by_label("Watermark").check()
    expect(form.get_by_text("Demo Creative")).to_be_visible()
    expect(dialog.get_by_role("button", name="Draw the MP4")).to_be_hidden()
    assert axe(page) == []
    form.get_by_role("button", name="Draw the GIF").click()
    download = dialog.get_by_role("link", name="Download GIF 320 × 180, rev 1")
    expect(download).to_be_visible(timeout=DRAWN_MS)
    snap(page, "animatic-options")
    with page.expect_download() as got:
        download.click()
    assert got.value.suggested_filename.endswith(".gif")
    assert Path(got.value.path()).read_bytes()[:6] == b"GIF89a"
    expect(dialog).to_be_visible()


def test_on_a_phone_the_strip_stands_below_the_picture(sign_in, board, axe, snap):
    page = sign_in("creative", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(board)
    page.get_by_role("link", name="Animatic", exact=True).tap()
    drawn(page)
    picture, strip = page.locator("video").bounding_box(), page.locator("#strip").bounding_box()
    assert picture["width"] >= 360
    assert strip["y"] + strip["height"] < 844
    for button in page.locator(".film-bar :is(button, select):visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    ruler, third = page.locator("#ruler").bounding_box(), page.locator(".segment").nth(2)
    assert ruler["height"] >= 44
    page.touchscreen.tap(third.bounding_box()["x"] + 3, ruler["y"] + 20)
    expect(page.locator("[data-part=shot]")).to_have_text("Shot 3")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []
    snap(page, "animatic-phone")


def test_without_scripts_it_is_ordered_played_and_downloaded(sign_in, board):
    page = sign_in("creative", java_script_enabled=False)
    page.goto(board)
    page.get_by_role("link", name="Animatic", exact=True).click()
    page.get_by_role("button", name="Draw the animatic").click()
    film, refresh = page.locator("video[controls]"), page.get_by_role("link", name="Refresh")
    for _ in range(DRAWN_MS // 500):
        expect(film.or_(refresh).first).to_be_visible()
        if film.count():
            break
        page.wait_for_timeout(500)
        with page.expect_navigation():
            refresh.click()
    expect(film).to_be_visible()
    expect(page.get_by_role("link", name="Download MP4 1280 × 720, rev 1")).to_be_visible()


def test_tap_timing_plays_it_and_who_cannot_play_it_gets_the_gif(sign_in, board):
    page = opened(sign_in("creative"), board)
    drawn(page)
    page.get_by_role("link", name="Tap timing").click()
    page.get_by_role("button", name="Start playing").click()
    expect(page.locator("#tap-film")).to_have_js_property("paused", False)
    expect(page.locator("#clock")).to_have_text(re.compile(r"^(0\.[7-9]|[1-9])"))
    page.keyboard.press(" ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What you tapped")).to_be_visible()
    taps = [float(tap) for tap in page.get_by_label("Where each shot ends").input_value().split()]
    assert len(taps) == 1
    assert taps[0] >= 0.7

    page.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
    page.goto(board)
    expect(page.get_by_text("This browser cannot play H.264 video.")).to_be_visible()
    page.get_by_role("button", name="Draw a GIF").click()
    expect(page.get_by_role("img", name="Animatic of Coast")).to_be_visible(timeout=DRAWN_MS)
