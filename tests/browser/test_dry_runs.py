"""Camera moves seen on one's own picture before anything is saved, and chosen among all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DRAWN_MS, PHONE
from tests.browser.teams import Team
from tests.faults.studio_processes import Studio

FILM = {
    "prompt": "A day at the coast",
    "duration_seconds": 20,
    "camera": {"motion": "orbit", "speed": 0.4},
    "storyboard": [
        {"id": "dawn", "prompt": "Dawn over the sea", "duration_seconds": 12},
        {"id": "boats", "prompt": "Boats leave the harbour", "duration_seconds": 8},
    ],
}
# The pixels of the loop that is shown, as a number; -1 as long as none is there.
SHOWN = """(screen) => {
    const image = [...screen.querySelectorAll("img")].at(-1);
    if (!image?.naturalWidth) return -1;
    const canvas = new OffscreenCanvas(320, 180), pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, 320, 180);
    return data.reduce((sum, level, at) => (sum * 31 + level + at) % 1e9, 7);
}"""

PLACE = """(field) => field.getBoundingClientRect().top
    - field.closest("#inspector").getBoundingClientRect().top"""

# Whether what has the focus lies beneath the loop, in part at least.
COVERED = """() => {
    const loop = document.querySelector(".dry-run"), focused = document.activeElement;
    if (loop.contains(focused)) return false;
    const [upper, lower] = [loop, focused.closest("label") ?? focused]
        .map((one) => one.getBoundingClientRect());
    return lower.top < upper.bottom - 2 && lower.bottom > upper.top + 2;
}"""


@pytest.fixture
def board(team: Team) -> str:
    return team.board(FILM)


def open_first(page: Page, board: str) -> None:
    page.goto(board)
    page.get_by_role("link", name="Inspect shot 1").click()
    expect(page.locator(".dry-run img")).to_have_count(1)
    expect(page.locator(".dry-run")).not_to_have_attribute("aria-busy", "true")


def expect_src(page: Page, *parts: str) -> None:
    """One loop is shown, the one that these parts of its address ask for."""
    for part in parts:
        expect(page.locator(f'.dry-run img[src*="{part}"]')).to_have_count(1)
    expect(page.locator(".dry-run img")).to_have_count(1)
    expect(page.locator(".dry-run")).not_to_have_attribute("aria-busy", "true")


def test_what_is_typed_moves_before_it_is_saved(
    sign_in: Callable[..., Page], board: str, snap: Callable[..., None]
) -> None:
    page = sign_in("creative")
    open_first(page, board)
    screen = page.locator(".dry-run .screen")
    field = page.get_by_label("Camera move")
    before = field.evaluate(PLACE)
    saved = screen.evaluate(SHOWN)
    page.get_by_label("Speed (0.1–1.0)").fill("0.9")
    expect_src(page, "speed=0.9")
    tried = screen.evaluate(SHOWN)
    assert tried not in (saved, -1)
    page.get_by_label("Style").fill("noir")
    expect_src(page, "speed=0.9", "style=noir")
    assert screen.evaluate(SHOWN) not in (tried, -1)
    assert field.evaluate(PLACE) == before
    snap(page, "dry-run")
    page.get_by_label("Style").fill("quantum foam")
    expect(page.get_by_text("No look is known for “quantum foam”")).to_be_visible()
    assert field.evaluate(PLACE) == before
    page.get_by_label("Style").press("Tab")
    expect(page.get_by_text("Saved · rev", exact=False)).to_be_visible()
    expect_src(page, "speed=0.9", "style=quantum")


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE])
def test_the_loop_stays_in_sight_and_hides_no_focus(
    sign_in: Callable[..., Page],
    board: str,
    viewport: dict[str, int],
    axe: Callable[[Page], list[str]],
    snap: Callable[..., None],
) -> None:
    page = sign_in("creative", viewport=viewport)
    open_first(page, board)
    inspector = page.locator("#inspector")
    page.locator(".subject-frame").scroll_into_view_if_needed()
    for label in ("From the left", "Intensity", "Style"):
        inspector.get_by_label(label, exact=True).focus()
        expect(page.locator(".dry-run .screen")).to_be_in_viewport(ratio=1)
    assert axe(page) == []
    snap(page, f"dry-run-stays-{viewport['width']}")
    inspector.get_by_label("Notes for the team").focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        page.wait_for_function(f"() => !({COVERED})()")
        if page.evaluate("document.activeElement.name") == "prompt":
            break
    expect(inspector.get_by_label("Prompt", exact=True)).to_be_focused()


def test_a_wrong_value_is_said_and_the_last_loop_stays(
    sign_in: Callable[..., Page], board: str
) -> None:
    page = sign_in("creative", means="status of 400")
    open_first(page, board)
    page.get_by_label("Speed (0.1–1.0)").fill("7")
    says = page.locator(".dry-run .says")
    expect(says).to_have_text("The camera speed is a number from 0.1 to 1, such as 0.6.")
    expect(page.locator(".dry-run img")).to_have_count(1)
    page.get_by_label("Speed (0.1–1.0)").fill("0.7")
    expect_src(page, "speed=0.7")
    expect(says).to_be_empty()


def test_a_move_chosen_among_all_is_one_edit(
    sign_in: Callable[..., Page],
    board: str,
    snap: Callable[..., None],
    axe: Callable[..., list[str]],
) -> None:
    page = sign_in("creative")
    open_first(page, board)
    page.get_by_role("link", name="All moves").click()
    drawn = page.locator("#all-moves .screen img[src*='dry-run.gif']")
    expect(drawn).to_have_count(12, timeout=DRAWN_MS)
    expect(page.get_by_role("listitem").filter(has_text="Current")).to_contain_text("Orbit")
    slider = page.get_by_label("Speed", exact=True)
    slider.focus()
    slider.press("End")
    expect(page.locator("#all-moves img[src*='speed=1&']")).to_have_count(12, timeout=DRAWN_MS)
    snap(page, "all-moves")
    assert axe(page) == []
    page.get_by_role("button", name="Choose Crane up").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Saved · rev 2", exact=True)).to_be_visible()
    expect(page.get_by_label("Camera move")).to_have_value("crane-up")
    expect(page.get_by_label("Speed (0.1–1.0)")).to_have_value("1")
    expect_src(page, "motion=crane-up", "speed=1")


def test_whoever_asks_for_less_motion_sees_stills_until_they_press_play(
    sign_in: Callable[..., Page], board: str, studio: Studio, snap: Callable[..., None]
) -> None:
    page = sign_in("viewer", reduced_motion="reduce", viewport=PHONE, has_touch=True)
    open_first(page, board)
    still = f"{studio.url}{page.locator('.dry-run').get_attribute('data-at')}?still=1"
    expect(page.locator(".dry-run img")).to_have_js_property("currentSrc", still)
    page.get_by_role("button", name="Play the dry run").click()
    expect(page.locator(".dry-run img[src*='motion=']:not([src*='still'])")).to_have_count(1)
    page.get_by_role("button", name="Pause the dry run").click()
    expect_src(page, "still=1")
    page.get_by_role("link", name="All moves").click()
    expect(page.locator("#all-moves img[src*='still=1']")).to_have_count(12, timeout=DRAWN_MS)
    snap(page, "all-moves-phone")


def test_without_scripts_all_moves_are_a_page(sign_in: Callable[..., Page], board: str) -> None:
    page = sign_in("creative", java_script_enabled=False)
    page.goto(board)
    page.get_by_role("link", name="Inspect shot 1").click()
    page.get_by_role("link", name="All moves").click()
    page.get_by_role("button", name="Choose Tilt up").click()
    expect(page.get_by_text("Saved · rev 2")).to_be_visible()
    expect(page.get_by_label("Camera move")).to_have_value("tilt-up")
