"""Several shots under the hands of people: selected, edited and moved, in grid and table."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.dragging import rest
from tests.browser.teams import Team

NAMES = ["one", "two", "three", "four", "five"]
FILM = [{"id": name, "prompt": f"The {name} of the count", "duration_seconds": 4} for name in NAMES]


@pytest.fixture
def board(team: Team) -> str:
    """The address of a board of its own: five shots of 4 s."""
    body = {"prompt": "A count", "duration_seconds": 20, "camera": {"motion": "orbit"}}
    return team.board({**body, "storyboard": FILM}, "Count")


@pytest.fixture
def creative(sign_in: Callable[..., Page], board: str) -> Page:
    return opened(sign_in("creative"), board)


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_role("button", name="Render", exact=True)).to_be_visible()
    return page


def shots(page: Page) -> Locator:
    return page.locator("#grid > [data-shot]")


def prompts(page: Page) -> list[str]:
    fields = page.locator("#grid [name=prompt]")
    return [field.input_value().split()[1] for field in fields.all()]


def selected(page: Page) -> list[int]:
    """The numbers of the cards, from 1, that are selected together with others."""
    chosen = [shot.get_attribute("data-chosen") is not None for shot in shots(page).all()]
    return [number for number, is_chosen in enumerate(chosen, 1) if is_chosen]


def expect_saved(page: Page, revision: int) -> None:
    expect(page.get_by_text(f"Saved · rev {revision}", exact=True)).to_be_visible()


def expect_inspected(page: Page, words: str) -> None:
    expect(page.locator("#inspector-name")).to_contain_text(words)


def cell(page: Page, column: str, number: int, role: str = "textbox") -> Locator:
    """A cell of the table by its accessible name: its column and the shot's number."""
    return page.get_by_role(role, name=f"{column} {number}", exact=True)


def drag(page: Page, source: Locator, target: Locator) -> None:
    """Past the middle of `target`, in steps that SortableJS sees."""
    a, b = source.bounding_box(), target.bounding_box()
    x, y = a["x"] + a["width"] / 2, a["y"] + a["height"] / 2
    to_x, to_y = b["x"] + b["width"] * 0.8, b["y"] + b["height"] * 0.8
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(x + (to_x - x) * step / 20, y + (to_y - y) * step / 20)
        page.wait_for_function("new Promise(requestAnimationFrame)")
    rest(page, to_x, to_y)
    page.mouse.up()


def test_the_mouse_selects_ranges_and_single_shots(creative, axe, snap):
    frames = creative.locator("#grid .frame")
    frames.nth(1).click()
    expect_inspected(creative, "Shot 2")
    frames.nth(3).click(modifiers=["Shift"])
    expect_inspected(creative, "3 shots")
    frames.nth(2).click(modifiers=["ControlOrMeta"])
    expect_inspected(creative, "2 shots")
    assert selected(creative) == [2, 4]
    expect(creative.locator("#board-says")).to_have_text("2 shots selected")
    expect(creative.locator("#selection-bar")).to_contain_text("2 selected")
    assert axe(creative) == []
    snap(creative, "selected-grid")
    creative.reload()
    expect_inspected(creative, "2 shots")
    expect(creative.locator("#grid .pick:checked")).to_have_count(2)
    creative.keyboard.press("ControlOrMeta+a")
    expect_inspected(creative, "5 shots")
    creative.keyboard.press("Escape")
    expect_inspected(creative, "Shot ")
    expect(creative.locator("#selection-bar")).to_be_hidden()


def test_the_keyboard_selects(creative):
    cards = shots(creative)
    cards.nth(1).focus()
    creative.keyboard.press("Shift+ArrowRight")
    creative.keyboard.press("Shift+ArrowRight")
    expect_inspected(creative, "3 shots")
    assert selected(creative) == [2, 3, 4]
    expect(cards.nth(3)).to_be_focused()
    creative.keyboard.press("Escape")
    expect(creative.locator("#selection-bar")).to_be_hidden()
    cards.nth(0).focus()
    creative.keyboard.press("Space")
    cards.nth(4).focus()
    creative.keyboard.press("Space")
    expect_inspected(creative, "2 shots")
    assert selected(creative) == [1, 5]
    creative.keyboard.press("Space")
    expect_inspected(creative, "Shot 1")


def test_touch_selects_and_edits_together(sign_in, board, axe, snap):
    page = opened(sign_in("creative", viewport=PHONE, has_touch=True), board)
    page.get_by_role("button", name="Select", exact=True).tap()
    for place in (0, 2):
        page.locator("#grid .frame").nth(place).tap()
    expect_inspected(page, "2 shots")
    assert selected(page) == [1, 3]
    assert axe(page) == []
    snap(page, "selected-phone")
    page.locator("#selection-bar").get_by_role("link", name="Edit").tap()
    page.locator("#inspector").get_by_label("Camera move").select_option("static")
    expect_saved(page, 2)
    expect(page.locator("#grid .chip", has_text="Static")).to_have_count(2)
    page.locator("#selection-bar").get_by_role("button", name="Delete").tap()
    expect_saved(page, 3)
    expect(shots(page)).to_have_count(3)
    page.get_by_role("button", name="Bring it back").tap()
    expect(shots(page)).to_have_count(5)


def test_durations_of_many_are_previewed_applied_and_undone(creative):
    creative.locator("#grid .frame").nth(0).click()
    creative.locator("#grid .frame").nth(1).click(modifiers=["Shift"])
    expect_inspected(creative, "2 shots")
    inspector = creative.locator("#inspector")
    inspector.get_by_label("What to do to each duration").select_option("scale")
    inspector.get_by_label("Seconds, or per cent").fill("700")
    expect(inspector.locator(".retimed")).to_contain_text("68 s")
    expect(inspector.locator(".retimed")).to_contain_text("Shorten it by 8 s.")
    expect(creative.locator("#save-state")).to_contain_text("rev 1")
    inspector.get_by_label("Seconds, or per cent").fill("5")
    expect(inspector.locator(".retimed-slot .error")).to_contain_text("Shot 1 would last 0.2 s")
    inspector.get_by_label("Seconds, or per cent").fill("150")
    inspector.get_by_role("button", name="Apply").click()
    expect_saved(creative, 2)
    assert [field.input_value() for field in creative.locator(".duration input").all()] == [
        *("6", "6"),
        *("4", "4", "4"),
    ]
    creative.get_by_role("button", name="Undo", exact=True).click()
    expect_saved(creative, 3)
    expect(creative.locator(".duration input").first).to_have_value("4")
    expect_inspected(creative, "2 shots")


@pytest.mark.parametrize("view", ["grid", "table"])
def test_one_of_several_takes_the_others_along(creative, board, view):
    opened(creative, f"{board}?view={view}")
    handles = creative.locator("#grid .frame" if view == "grid" else "#grid .place")
    picks = creative.locator("#grid .pick")
    picks.nth(0).check(force=True)
    picks.nth(2).check(force=True)
    expect_inspected(creative, "2 shots")
    # What is taken along leaves its place at once: there the fifth stands when it is dropped.
    drag(creative, handles.nth(0), handles.nth(3))
    expect_saved(creative, 2)
    assert prompts(creative) == ["two", "four", "five", "one", "three"]
    undo = creative.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_have_attribute("title", "Undo: Moved 2 shots to place 4")
    assert selected(creative) == [4, 5]


def test_cells_are_edited_by_the_keyboard(creative, board, axe, snap):
    opened(creative, f"{board}?view=table")
    assert axe(creative) == []
    cell(creative, "Duration", 1).fill("6.5")
    creative.keyboard.press("Enter")
    expect_saved(creative, 2)
    expect(cell(creative, "Duration", 2)).to_be_focused()
    expect(creative.locator("#grid .span").nth(4)).to_have_text("18.5–22.5")
    creative.keyboard.type("0.1")
    creative.keyboard.press("ArrowDown")
    expect(creative.locator("#grid .error")).to_contain_text("at least 0.5 s")
    expect(cell(creative, "Duration", 2)).to_have_value("0.1")
    assert axe(creative) == []
    creative.keyboard.press("ArrowUp")
    creative.keyboard.type("3")
    creative.keyboard.press("ArrowRight")
    expect_saved(creative, 3)
    move = cell(creative, "Camera move", 2, "combobox")
    expect(move).to_be_focused()
    move.select_option("static")
    expect_saved(creative, 4)
    cell(creative, "Locked", 2, "checkbox").check()
    expect_saved(creative, 5)
    expect(cell(creative, "Prompt", 2)).to_have_attribute("readonly", "")
    cell(creative, "Speed", 3).focus()
    creative.keyboard.press("Alt+ArrowUp")
    expect_saved(creative, 6)
    assert prompts(creative) == ["one", "three", "two", "four", "five"]
    snap(creative, "table")


def test_a_tapped_frame_brings_the_inspector_into_view(sign_in, board):
    page = opened(sign_in("creative", viewport=PHONE, has_touch=True), board)
    for number in (2, 4, 4):
        shots(page).nth(number - 1).locator(".frame").tap()
        expect_inspected(page, f"Shot {number}")
        expect(page.locator("#inspector-name")).to_be_in_viewport()


def test_the_table_fits_a_phone_and_is_remembered(sign_in, board, axe, snap):
    page = opened(sign_in("creative", viewport=PHONE, has_touch=True), board)
    page.get_by_role("link", name="Table").tap()
    expect(page.locator("#grid > tr")).to_have_count(5)
    opened(page, board)
    expect(page.locator("#grid > tr")).to_have_count(5)
    page.get_by_label("Select every shot").tap()
    expect_inspected(page, "5 shots")
    cell(page, "Light style", 2).scroll_into_view_if_needed()
    number = page.locator("#grid .place").nth(1).bounding_box()
    assert 0 <= number["x"] < 72
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert axe(page) == []
    snap(page, "table-phone")
