"""The subject put on the frame by hand and by keys; a sound added and listed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.teams import Team
from tests.pictures.odd_sounds import wav

FILM = {
    "prompt": "A day at the coast",
    "duration_seconds": 20,
    "camera": {"motion": "follow"},
    "storyboard": [
        {"id": "dawn", "prompt": "Dawn over the sea", "duration_seconds": 12},
        {"id": "boats", "prompt": "Boats leave the harbour", "duration_seconds": 8},
    ],
}

PRESSES = """(frame, keys) => keys.forEach(([key, shiftKey]) =>
    frame.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true })))"""


@pytest.fixture
def board(team: Team) -> str:
    return team.board(FILM)


@pytest.fixture
def page(sign_in: Callable[..., Page], board: str, request: pytest.FixtureRequest) -> Page:
    """With the first shot inspected; given a parameter, its console may say that."""
    page = sign_in("creative", means=getattr(request, "param", ""))
    page.goto(board)
    page.get_by_role("link", name="Inspect shot 1").click()
    expect(frame_of(page)).to_be_visible()
    return page


def frame_of(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Subject"))


def expect_place(page: Page, left: str, top: str) -> None:
    expect(page.get_by_role("textbox", name="From the left")).to_have_value(left)
    expect(page.get_by_role("textbox", name="From the top")).to_have_value(top)
    mark = frame_of(page).locator("svg svg")
    expect(mark).to_have_attribute("x", f"{left or 50}%")
    expect(mark).to_have_attribute("y", f"{top or 50}%")


def expect_saved(page: Page, revision: int) -> None:
    expect(page.get_by_text(f"Saved · rev {revision}", exact=True)).to_be_visible()


def point(page: Page, left: float, top: float) -> tuple[float, float]:
    frame_of(page).scroll_into_view_if_needed()
    box = frame_of(page).bounding_box()
    assert box
    return box["x"] + box["width"] * left / 100, box["y"] + box["height"] * top / 100


def test_the_subject_is_placed_by_mouse_and_keys(
    page: Page, snap: Callable[..., None], axe: Callable[[Page], list[str]]
):
    box = frame_of(page).bounding_box()
    assert box
    frame_of(page).click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    expect_saved(page, 2)
    expect_place(page, "25", "75")
    page.mouse.move(*point(page, 25, 75))
    page.mouse.down()
    page.mouse.move(*point(page, 50, 40), steps=6)
    page.mouse.move(*point(page, 80, 20), steps=6)
    page.mouse.up()
    expect_saved(page, 3)  # however long the drag was, it is one edit
    expect_place(page, "80", "20")
    frame_of(page).focus()
    page.keyboard.press("ArrowLeft")
    expect_saved(page, 4)
    expect_place(page, "79", "20")
    # Keys that follow one another within moments are one edit, as fast as this machine may be.
    frame_of(page).evaluate(PRESSES, [["ArrowDown", True], ["ArrowLeft", False]])
    expect_saved(page, 5)
    expect_place(page, "78", "30")
    snap(page, "subject")
    assert not axe(page)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect_saved(page, 6)
    expect_place(page, "79", "20")
    page.locator("#inspector").get_by_role("button", name="Centre", exact=True).click()
    expect_saved(page, 7)
    expect_place(page, "", "")
    expect(frame_of(page)).to_have_accessible_name("Subject: centre")
    page.reload()
    expect_place(page, "", "")


# The live dry run asks for what is typed, and is told that it is no place.
@pytest.mark.parametrize("page", ["status of 400"], indirect=True)
def test_a_typed_place_is_the_middle_of_the_other_axis(page: Page):
    page.get_by_role("textbox", name="From the left").fill("30")
    page.get_by_role("textbox", name="From the left").press("Enter")
    expect_saved(page, 2)
    expect_place(page, "30", "50")
    page.get_by_role("textbox", name="From the left").fill("130")
    page.get_by_role("textbox", name="From the left").blur()
    expect(page.locator("#inspector .error")).to_contain_text("a number from 0 to 100")
    page.get_by_role("textbox", name="From the left").fill("31")
    page.get_by_role("textbox", name="From the left").blur()
    expect_saved(page, 3)
    expect_place(page, "31", "50")


def test_a_finger_places_it_and_still_scrolls(
    sign_in: Callable[..., Page], board: str, snap: Callable[..., None]
):
    page = sign_in("creative", viewport=PHONE, has_touch=True)
    page.goto(board)
    page.get_by_role("link", name="Inspect shot 1").click()
    box = frame_of(page).bounding_box()
    assert box
    frame_of(page).tap(position={"x": box["width"] * 0.1, "y": box["height"] * 0.6})
    expect_saved(page, 2)
    expect_place(page, "10", "60")
    snap(page, "subject-phone")


def test_a_sound_is_added_listed_played_and_taken_away(
    page: Page,
    tmp_path: Path,
    snap: Callable[..., None],
    axe: Callable[[Page], list[str]],
):
    (tmp_path / "Waves.wav").write_bytes(wav(3))
    (tmp_path / "Notes.mp3").write_bytes(b"these are no sounds " * 90)
    page.get_by_role("link", name="Project", exact=True).click()
    page.get_by_label("Upload a sound").set_input_files(tmp_path / "Waves.wav")
    expect_saved(page, 2)
    expect(page.get_by_text("Waves.wav 3 s")).to_be_visible()
    player = page.locator("#inspector audio")
    heard = player.evaluate(
        """async (audio) => {
            audio.muted = true;
            await audio.play();
            audio.pause();
            return [audio.duration, audio.error];
        }"""
    )
    assert heard[0] == pytest.approx(3, abs=0.1)
    assert heard[1] is None
    player.scroll_into_view_if_needed()
    snap(page, "sound")
    assert not axe(page)
    page.set_viewport_size(PHONE)
    player.scroll_into_view_if_needed()
    snap(page, "sound-phone")
    page.set_viewport_size(DESK)
    page.get_by_label("Replace the sound").set_input_files(tmp_path / "Notes.mp3")
    expect(page.locator("#inspector").get_by_text("no sound that we know")).to_be_visible()
    expect(page.get_by_text("Waves.wav 3 s")).to_be_visible()
    page.get_by_role("button", name="Remove the sound").click()
    expect_saved(page, 3)
    expect(player).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect_saved(page, 4)
    expect(player).to_have_count(1)
