"""Two takes under one playhead: in step, wiped over each other, and still there in the address."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DRAWN_MS, PHONE
from tests.browser.teams import Team
from tests.browser.test_board import expect_saved
from tests.faults.studio_processes import Studio

FILM = {
    "prompt": "A day at the coast",
    "duration_seconds": 15,
    "camera": {"motion": "pan-left"},
    "storyboard": [
        {"id": "dawn", "prompt": "Dawn over the sea", "duration_seconds": 5},
        {"id": "boats", "prompt": "Boats leave the harbour", "duration_seconds": 5},
        {"id": "night", "prompt": "Lanterns at night", "duration_seconds": 5},
    ],
}
# Where both films are, in ms; a frame of the simulator's previews is 125 ms.
MOMENTS = (
    """() => [...document.querySelectorAll(".compare-picture")].map(v => v.currentTime * 1000)"""
)
FRAME_MS = 125
# In the third shot, which begins a second later in the second take.
IN_STEP = """([after, frame]) => {
    const [left, right] = [...document.querySelectorAll("video")].map(f => f.currentTime * 1000);
    return right > after && Math.abs(right - left - 1000) < frame;
}"""
ARE_LOADED = """() => {
    const films = [...document.querySelectorAll("video.compare-picture")];
    return films.length === 2 && films.every(film => film.readyState >= 2 && !film.seeking);
}"""


@pytest.fixture
def project(team: Team) -> int:
    """With one take that is ready."""
    made = team.project(FILM)
    team.ready_take(made)
    return made


@pytest.fixture
def url(studio: Studio, project: int) -> str:
    return f"{studio.url}/projects/{project}/compare/"


def expect_at(page: Page, left: float, right: float) -> None:
    """Both films at these moments, within a frame."""
    page.wait_for_function(
        "([left, right, frame]) => { const [one, other] = (" + MOMENTS + ")();"
        " return Math.abs(one - left) < frame && Math.abs(other - right) < frame; }",
        arg=[left, right, FRAME_MS],
    )


def wipe_of(page: Page) -> int:
    return int(page.get_by_role("slider", name=re.compile("^Wipe")).input_value())


def test_two_takes_stand_beside_each_other(
    studio: Studio, team: Team, project: int, url: str, sign_in: Callable[..., Page], snap, axe
):
    page = sign_in("creative")
    page.goto(url)
    expect(page.get_by_text("One take is ready, and comparing needs two")).to_be_visible()
    assert axe(page) == []
    # The second shot gets a second more, so the third begins later in the second take.
    page.goto(f"{studio.url}/projects/{project}/")
    duration = page.get_by_label("Duration of shot 2")
    duration.fill("6")
    duration.press("Tab")
    expect_saved(page, 2)
    team.ready_take(project)

    page.goto(url)
    page.wait_for_function(ARE_LOADED)
    calm = page.get_by_text(re.compile("under 1 % in the median, and none stands"))
    expect(calm).to_be_visible(timeout=DRAWN_MS)
    expect(page.get_by_text("Edited", exact=True)).to_have_count(1)
    snap(page, "compare-side-by-side")
    assert axe(page) == []
    plays_as_one(page)
    keeps_the_moment_when_the_takes_are_others(page)
    wipes_and_overlays(page, snap, axe)

    phone = sign_in("viewer", viewport=PHONE, has_touch=True)
    phone.goto(url)
    is_wiped_by_a_finger(phone, snap, axe)


def plays_as_one(page: Page) -> None:
    page.keyboard.press(".")
    expect_at(page, 5_000, 5_000)
    page.get_by_role("button", name="Shot 3", exact=True).click()
    expect_at(page, 10_000, 11_000)
    page.keyboard.press("ArrowRight")
    expect_at(page, 10_000 + FRAME_MS, 11_000 + FRAME_MS)
    page.keyboard.press("l")
    page.wait_for_function(IN_STEP, arg=[12_000, FRAME_MS])
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_function(IN_STEP, arg=[12_000, FRAME_MS])
    # There the shot is over in take 1: its last frame is held.
    page.get_by_role("slider", name="Moment in take 2").fill("10500")
    expect_at(page, 10_000 - FRAME_MS / 2, 10_500)
    page.get_by_role("slider", name="Moment in take 2").fill("7250")
    expect_at(page, 7_250, 7_250)


def keeps_the_moment_when_the_takes_are_others(page: Page) -> None:
    page.get_by_role("button", name="Wipe", exact=True).click()
    page.get_by_role("link", name="Swap left and right").click()
    expect(page.get_by_role("group", name="Take 2 and take 1")).to_be_visible()
    page.wait_for_function(ARE_LOADED)
    expect_at(page, 7_250, 7_250)
    wipe = page.get_by_role("button", name="Wipe", exact=True)
    expect(wipe).to_have_attribute("aria-pressed", "true")


def wipes_and_overlays(page: Page, snap, axe) -> None:
    box = page.locator(".compare-pictures").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 60, steps=4)
    page.mouse.up()
    slider = page.get_by_role("slider", name=re.compile("^Wipe"))
    expect(slider).to_have_value("20")
    slider.press("ArrowRight")
    expect(slider).to_have_value("21")
    upper = page.locator(".later .compare-picture")
    expect(upper).to_have_css("clip-path", "inset(0px 0px 0px 21%)")
    snap(page, "compare-wipe")
    assert axe(page) == []
    page.get_by_role("button", name="Overlay", exact=True).click()
    page.get_by_role("slider", name="Opacity of take 1").fill("30")
    expect(upper).to_have_css("opacity", "0.3")
    page.get_by_label("Difference").check()
    expect(page.locator(".compare-side.later")).to_have_css("mix-blend-mode", "difference")
    assert axe(page) == []


def is_wiped_by_a_finger(page: Page, snap, axe) -> None:
    page.wait_for_function(ARE_LOADED)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []
    wipe = page.get_by_role("button", name="Wipe", exact=True)
    wipe.tap()
    expect(wipe).to_have_attribute("aria-pressed", "true")
    box = page.locator(".compare-pictures").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(page.get_by_role("slider", name=re.compile("^Wipe"))).to_have_value("25")
    snap(page, "compare-phone")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
