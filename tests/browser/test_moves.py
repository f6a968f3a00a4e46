"""Moves, the clipboard, replacing and the time tools under the hands of people."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE
from tests.browser.teams import Team

FILM = {
    "prompt": "A day at the coast",
    "duration_seconds": 30,
    "camera": {"motion": "orbit"},
    "storyboard": [
        {"id": "dawn", "prompt": "Dawn over the sea", "duration_seconds": 8},
        {"id": "boats", "prompt": "Boats leave the harbour", "duration_seconds": 7},
        {"id": "noon", "prompt": "Noon in the market street", "duration_seconds": 9},
        {"id": "night", "prompt": "Lanterns at night", "duration_seconds": 6},
    ],
}


# What is said of the shots that are tapped, one after the other.
LISTEN = """() => {
    const says = document.getElementById("tap-says");
    window.said = [];
    new MutationObserver(() => window.said.push(says.textContent)).observe(
        says, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def make_board(team: Team) -> Callable[[], str]:
    """Makes a board of four shots, 30 s, and gives its address."""
    return lambda: team.board(FILM)


@pytest.fixture
def creative(sign_in: Callable[..., Page], make_board) -> Page:
    page = sign_in("creative")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(make_board())
    expect(page.locator(".card")).to_have_count(4)
    return page


def scenes(page: Page) -> list[str]:
    return page.locator(".card .scene").all_inner_texts()


def expect_saved(page: Page, revision: int) -> None:
    expect(page.get_by_text(f"Saved · rev {revision}", exact=True)).to_be_visible()


def durations(page: Page) -> list[str]:
    fields = page.get_by_label(re.compile(r"^Duration of shot \d+$"))
    return [field.input_value() for field in fields.all()]


def focus(page: Page, number: int) -> None:
    """Focus a card, as Tab does, and wait until it is the one inspected."""
    card = page.locator(".card").nth(number - 1)
    card.focus()
    expect(card).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("heading", name=f"Shot {number} ", exact=False)).to_be_visible()


def test_the_keyboard_alone_makes_every_move(creative, axe):
    focus(creative, 2)
    creative.keyboard.press("Control+d")
    expect_saved(creative, 2)
    assert scenes(creative) == ["dawn", "boats", "scene-1", "noon", "night"]
    expect(creative.locator(".card").nth(2)).to_be_focused()
    creative.keyboard.press("m")
    dialog = creative.get_by_role("dialog")
    expect(dialog.get_by_label("Place, from 1 to 5")).to_be_focused()
    assert axe(creative) == []
    creative.keyboard.type("5")
    creative.keyboard.press("Enter")
    expect_saved(creative, 3)
    assert scenes(creative) == ["dawn", "boats", "noon", "night", "scene-1"]
    focus(creative, 1)
    creative.keyboard.press("s")
    expect(dialog.get_by_label("Seconds into the shot")).to_have_value("4")
    assert axe(creative) == []
    creative.keyboard.type("7.9")
    creative.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("between 0.5 s and 7.5 s")
    expect(dialog.get_by_label("Seconds into the shot")).to_have_value("7.9")
    dialog.get_by_label("Seconds into the shot").fill("3")
    creative.keyboard.press("Enter")
    expect_saved(creative, 4)
    assert durations(creative)[:2] == ["3", "5"]
    focus(creative, 1)
    creative.keyboard.press("j")
    expect_saved(creative, 5)
    assert durations(creative)[:2] == ["8", "7"]
    focus(creative, 1)
    creative.keyboard.press("i")
    expect_saved(creative, 6)
    expect(creative.get_by_label("Prompt of shot 2", exact=True)).to_be_focused()


def test_what_is_being_typed_is_in_the_copy(creative):
    creative.get_by_label("Prompt of shot 1", exact=True).fill("Dusk")
    creative.keyboard.press("Control+d")
    expect(creative.get_by_label("Prompt of shot 2", exact=True)).to_have_value("Dusk")
    expect_saved(creative, 3)


def test_what_is_typed_before_the_new_shot_is_there_goes_into_it(creative):
    waiting: list[Route] = []
    creative.route("**/shots/", lambda route: waiting.append(route))
    with creative.expect_request("**/shots/"):
        creative.get_by_role("button", name="Add shot").click()
    creative.keyboard.type("Into the ")
    waiting.pop().continue_()
    field = creative.get_by_label("Prompt of shot 5", exact=True)
    expect(field).to_have_value("Into the ")
    creative.keyboard.type("night")
    expect(field).to_have_value("Into the night")
    field.blur()
    expect_saved(creative, 3)


def test_redo_pressed_too_often_is_no_trouble(creative):
    focus(creative, 2)
    creative.keyboard.press("Control+d")
    expect_saved(creative, 2)
    creative.keyboard.press("Control+z")
    expect_saved(creative, 3)
    for _ in range(5):
        creative.keyboard.press("Control+y")
    expect_saved(creative, 4)
    expect(creative.get_by_role("button", name="Redo")).to_be_disabled()
    creative.wait_for_load_state("networkidle")
    expect_saved(creative, 4)


def test_deleted_by_key_and_brought_back_by_the_toast(creative):
    focus(creative, 3)
    creative.keyboard.press("Delete")
    expect_saved(creative, 2)
    assert scenes(creative) == ["dawn", "boats", "night"]
    creative.get_by_role("button", name="Bring it back").click()
    expect_saved(creative, 3)
    assert scenes(creative) == ["dawn", "boats", "noon", "night"]


def test_a_cards_menu_means_that_card(creative, axe, snap):
    focus(creative, 1)
    creative.get_by_role("button", name="More for shot 3").click()
    menu = creative.locator("#moves-menu")
    expect(menu.get_by_text("Shot 3")).to_be_visible()
    assert axe(creative) == []
    snap(creative, "moves-menu")
    menu.get_by_role("button", name="Duplicate").click()
    expect_saved(creative, 2)
    assert scenes(creative) == ["dawn", "boats", "noon", "scene-1", "night"]


def test_touch_reaches_the_menu_and_its_dialogs(sign_in, make_board, snap):
    page = sign_in("creative", viewport=PHONE, has_touch=True)
    page.goto(make_board())
    page.get_by_role("button", name="More for shot 4").tap()
    page.locator("#moves-menu").get_by_role("link", name="Move to…").tap()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("To the start").tap()
    snap(page, "move-to-phone")
    sizes = dialog.locator("button, label, input.input").evaluate_all(
        "all => all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44
    dialog.get_by_role("button", name="Move", exact=True).tap()
    expect_saved(page, 2)
    assert scenes(page) == ["night", "dawn", "boats", "noon"]


def test_shots_are_copied_on_one_board_and_pasted_on_another(creative, make_board):
    focus(creative, 2)
    creative.keyboard.press("Control+c")
    expect(creative.get_by_text("The shot copied. Paste on any board.")).to_be_visible()
    creative.goto(make_board())
    focus(creative, 1)
    creative.keyboard.press("Control+v")
    expect_saved(creative, 2)
    assert scenes(creative) == ["dawn", "scene-1", "boats", "noon", "night"]
    expect(creative.get_by_label("Prompt of shot 2", exact=True)).to_have_value(
        "Boats leave the harbour"
    )


def test_cut_shots_come_back_where_they_are_pasted(creative):
    focus(creative, 1)
    creative.keyboard.press("Control+x")
    expect_saved(creative, 2)
    assert scenes(creative) == ["boats", "noon", "night"]
    focus(creative, 3)
    creative.keyboard.press("Control+v")
    expect_saved(creative, 3)
    assert scenes(creative) == ["boats", "noon", "night", "dawn"]


def test_garbage_is_refused_aloud_and_text_fields_keep_their_keys(creative):
    creative.evaluate("navigator.clipboard.writeText('Buy milk')")
    focus(creative, 1)
    creative.keyboard.press("Control+v")
    expect(
        creative.get_by_role("alert").filter(has_text="The clipboard holds no shots")
    ).to_be_visible()
    prompt = creative.get_by_label("Prompt of shot 1", exact=True)
    prompt.fill("")
    creative.keyboard.press("Control+v")
    expect(prompt).to_have_value("Buy milk")
    expect(creative.locator(".card")).to_have_count(4)


def test_replacing_is_seen_before_it_is_done(creative, axe, snap):
    creative.keyboard.press("Control+Shift+F")
    dialog = creative.get_by_role("dialog")
    dialog.get_by_label("Find", exact=True).fill("the")
    dialog.get_by_label("Replace by").fill("our")
    expect(dialog.get_by_text("3 places in 3 prompts.")).to_be_visible()
    expect(dialog.locator(".becomes").first).to_have_text("Dawn over our sea")
    assert axe(creative) == []
    snap(creative, "replace")
    dialog.get_by_role("button", name="Replace all").click()
    expect_saved(creative, 2)
    expect(creative.get_by_label("Prompt of shot 3", exact=True)).to_have_value(
        "Noon in our market street"
    )
    creative.keyboard.press("Control+z")
    expect_saved(creative, 3)
    expect(creative.get_by_label("Prompt of shot 3", exact=True)).to_have_value(
        "Noon in the market street"
    )


def test_a_film_is_fitted_after_a_preview(creative, axe, snap):
    creative.keyboard.press("f")
    dialog = creative.get_by_role("dialog")
    expect(dialog.get_by_text("Nothing changes")).to_be_visible()
    dialog.get_by_role("link", name="45 s").click()
    expect(dialog.get_by_text("30 s → 45 s")).to_be_visible()
    dialog.get_by_label("Length of the film").fill("61")
    expect(dialog.get_by_text("A film lasts 15 to 60 s.")).to_be_visible()
    dialog.get_by_label("Length of the film").fill("20")
    expect(dialog.get_by_text("30 s → 20 s")).to_be_visible()
    assert axe(creative) == []
    snap(creative, "fit")
    creative.keyboard.press("Enter")
    expect_saved(creative, 2)
    assert durations(creative) == ["5.333", "4.667", "6", "4"]
    expect(creative.get_by_text("20 s of 60 s")).to_be_visible()


def test_space_taps_the_cuts_and_a_locked_shot_passes_by_itself(creative, axe, snap):
    creative.get_by_label("Duration of shot 2", exact=True).fill("0.6")
    creative.keyboard.press("Enter")
    expect_saved(creative, 2)
    focus(creative, 2)
    creative.locator("#inspector").get_by_label("Locked").check()
    expect_saved(creative, 3)
    board = creative.url.split("?")[0]
    creative.goto(f"{board}tap/")
    assert axe(creative) == []
    creative.get_by_role("button", name="Start playing").click()
    creative.evaluate(LISTEN)
    says = creative.locator("#tap-says")
    expect(says).to_have_text("Shot 1")
    expect(creative.locator("#clock")).to_have_text(re.compile(r"^(0\.[6-9]|[1-9])"))
    creative.keyboard.press("Space")
    expect(says).to_have_text("Shot 3")
    assert "Shot 2, locked: it ends by itself" in creative.evaluate("window.said")  # for 0.6 s
    creative.keyboard.press("Space")
    expect(says).to_have_text("Shot 4")
    creative.keyboard.press("Backspace")
    expect(says).to_have_text("Shot 3")
    expect(creative.locator("#elapsed")).to_have_text(re.compile(r"^(0\.[7-9]|[1-9])"))
    creative.keyboard.press("Space")
    expect(says).to_have_text("Shot 4")
    snap(creative, "tapping")
    creative.keyboard.press("Enter")
    expect(creative.get_by_role("heading", name="What you tapped")).to_be_visible()
    expect(creative.get_by_role("row", name=re.compile("^4 .*Not reached"))).to_be_visible()
    expect(creative.get_by_role("row", name=re.compile("^2 .*Locked"))).to_be_visible()
    assert axe(creative) == []
    creative.get_by_role("button", name="Apply these lengths").click()
    expect_saved(creative, 4)
    lengths = durations(creative)
    assert lengths[1] == "0.6"
    assert lengths[3] == "6"
    assert 0.6 <= float(lengths[0]) < 8
    assert 0.7 <= float(lengths[2]) < 8


def test_cuts_are_tapped_by_touch(sign_in, make_board, snap):
    page = sign_in("creative", viewport=PHONE, has_touch=True, reduced_motion="reduce")
    page.goto(f"{make_board()}tap/")
    page.get_by_role("button", name="Start playing").tap()
    for number in (2, 3, 4):
        page.get_by_role("button", name="Cut here").tap()
        expect(page.locator("#tap-says")).to_have_text(f"Shot {number}")
    snap(page, "tapping-phone")
    page.get_by_role("button", name="Cut here").tap()
    expect(page.get_by_role("heading", name="What you tapped")).to_be_visible()
    expect(page.get_by_role("button", name="Apply these lengths")).to_be_visible()


def test_without_javascript_every_dialog_is_a_page(sign_in, make_board, axe):
    page = sign_in("creative", java_script_enabled=False)
    board = make_board()
    page.goto(f"{board}fit/?total=60")
    expect(page.get_by_text("30 s → 60 s")).to_be_visible()
    page.get_by_role("button", name="Fit the film").click()
    expect_saved(page, 2)
    page.goto(f"{board}tap/")
    page.get_by_text("Type the cuts instead").click()
    page.get_by_label("Where each shot ends").fill("4 8 12 16")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Apply these lengths").click()
    expect_saved(page, 3)
    page.goto(f"{board}shots/move/")
    page.get_by_label("Dawn over the sea").check()
    page.get_by_label("To the end").check()
    page.get_by_role("button", name="Move", exact=True).click()
    expect_saved(page, 4)
    assert scenes(page) == ["boats", "noon", "night", "dawn"]
