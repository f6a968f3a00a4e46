"""The board under the hands of people: mouse, keyboard, two tabs, no network, no JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

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


@pytest.fixture
def board(team: Team) -> str:
    """The address of a board of its own: four shots, 30 s."""
    return team.board(FILM)


@pytest.fixture
def creative(sign_in: Callable[..., Page], board: str) -> Page:
    page = sign_in("creative")
    page.goto(board)
    expect(page.get_by_role("button", name="Render", exact=True)).to_be_visible()
    return page


def scenes(page: Page) -> list[str]:
    return page.locator(".card .scene").all_inner_texts()


def expect_saved(page: Page, revision: int) -> None:
    expect(page.get_by_text(f"Saved · rev {revision}", exact=True)).to_be_visible()


def test_the_keyboard_moves_a_shot_and_keeps_its_focus(creative):
    first = scenes(creative)
    creative.locator(".card").nth(3).focus()
    creative.keyboard.press("Alt+ArrowLeft")
    expect_saved(creative, 2)
    creative.keyboard.press("Alt+ArrowLeft")
    expect_saved(creative, 3)
    assert scenes(creative) == ["dawn", "night", "boats", "noon"]
    assert creative.evaluate("document.activeElement.getAttribute('aria-label')") == "Shot 2"
    expect(creative.locator("[aria-live]").filter(has_text=re.compile("2"))).not_to_have_count(0)
    creative.keyboard.press("Control+z")
    expect_saved(creative, 4)
    creative.keyboard.press("Control+z")
    expect_saved(creative, 5)
    assert scenes(creative) == first


def test_a_deleted_shot_comes_back_whole(creative, axe):
    creative.get_by_role("button", name="Delete shot 2").click()
    expect_saved(creative, 2)
    assert scenes(creative) == ["dawn", "noon", "night"]
    assert axe(creative) == []
    creative.get_by_role("button", name="Bring it back").click()
    expect_saved(creative, 3)
    assert scenes(creative) == ["dawn", "boats", "noon", "night"]
    expect(creative.get_by_label("Prompt of shot 2")).to_have_value("Boats leave the harbour")
    creative.get_by_role("button", name="Redo", exact=True).click()
    expect_saved(creative, 4)
    assert scenes(creative) == ["dawn", "noon", "night"]


def test_a_new_shot_is_ready_to_be_typed_into(creative):
    creative.get_by_role("button", name="Add shot").click()
    expect(creative.get_by_label("Prompt of shot 5")).to_be_focused()
    expect_saved(creative, 2)
    creative.keyboard.type("A last look back")
    creative.keyboard.press("Tab")
    expect_saved(creative, 3)
    creative.reload()
    expect(creative.get_by_label("Prompt of shot 5")).to_have_value("A last look back")


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("Duration of shot 2", "0", "at least 0.5 s"),
        ("Duration of shot 2", "-3", "cannot last less than nothing"),
        ("Duration of shot 2", "NaN", "is not a duration"),
        ("Prompt of shot 2", "<script>alert(1)</script>", "plain text"),
        ("Prompt of shot 2", "x" * 100_000, "4,000 characters"),
    ],
)
def test_wrong_input_is_answered_at_its_field(creative, field, typed, says):
    control = creative.get_by_label(field)
    control.fill(typed)
    control.press("Tab")
    control = creative.get_by_label(field)
    expect(control).to_have_attribute("aria-invalid", "true")
    expect(control).to_have_value(typed)
    sentence = creative.locator(f"#{control.get_attribute('aria-describedby')}")
    expect(sentence).to_contain_text(says)
    creative.reload()
    expect(creative.get_by_label(field)).to_have_value(typed)
    # It was tried again, and is told again why not.
    expect(creative.get_by_label(field)).to_have_attribute("aria-invalid", "true")
    creative.get_by_role("button", name="Discard").click()
    expect(creative.get_by_label(field)).not_to_have_value(typed)
    expect(creative.get_by_text("Saved · rev 1", exact=True)).to_be_visible()


def test_two_people_never_overwrite_each_other(creative, sign_in, board, axe, snap):
    other = sign_in("producer")
    other.goto(board)
    mine = creative.get_by_label("Prompt of shot 1")
    mine.fill("Dawn, said the creative")
    theirs = other.get_by_label("Prompt of shot 1")
    theirs.fill("Dawn, said the producer")
    theirs.press("Tab")
    expect_saved(other, 2)
    mine.press("Tab")
    conflict = creative.get_by_role("alert", name="Two versions")
    expect(conflict).to_contain_text("Dawn, said the producer")
    expect(conflict).to_contain_text("Dawn, said the creative")
    snap(creative, "8-two-versions")
    assert axe(creative) == []
    creative.get_by_role("button", name="Keep mine").click()
    expect_saved(creative, 3)
    other.reload()
    expect(other.get_by_label("Prompt of shot 1")).to_have_value("Dawn, said the creative")


def test_a_lost_network_loses_nothing_typed(creative):
    prompt = creative.get_by_label("Prompt of shot 3")
    creative.context.set_offline(True)
    prompt.fill("Typed under a bridge")
    prompt.press("Tab")
    expect(creative.get_by_text("Offline · kept on this device")).to_be_visible()
    expect(prompt).to_have_value("Typed under a bridge")
    creative.context.set_offline(False)
    expect_saved(creative, 2)
    creative.reload()
    expect(creative.get_by_label("Prompt of shot 3")).to_have_value("Typed under a bridge")


def test_an_expired_session_loses_nothing_typed(creative):
    kept = creative.context.cookies()
    creative.context.clear_cookies()
    creative.context.add_cookies([one for one in kept if one["name"] == "csrftoken"])
    prompt = creative.get_by_label("Prompt of shot 1")
    prompt.fill("Typed after midnight")
    prompt.press("Tab")
    expect(creative.get_by_text("Signed out · kept on this device")).to_be_visible()
    expect(creative.get_by_text("You were signed out.").first).to_be_visible()
    creative.wait_for_timeout(2_500)  # the pulse of the takes finds the session gone too
    expect(prompt).to_have_value("Typed after midnight")
    with creative.context.expect_page() as opened:
        creative.get_by_role("link", name="Sign in").first.click()
    expect(opened.value.get_by_label("E-mail")).to_be_visible()
    creative.context.add_cookies(kept)
    creative.get_by_role("button", name="Try again").click()
    expect_saved(creative, 2)


def test_fast_typing_over_four_fields_is_all_saved(creative):
    typed = {
        "Duration of shot 3": "5",
        "Duration of shot 4": "6.5",
        "Prompt of shot 3": "Quick one",
        "Prompt of shot 4": "Quick two",
    }
    for label, text in typed.items():
        creative.get_by_label(label).fill(text)
    creative.get_by_role("heading", name="Shots").click()
    # Edits of one shot may travel together: what counts is that none is left behind.
    creative.wait_for_function(
        """() => document.querySelector("#save-state").innerText.includes("Saved")
            && [...document.querySelectorAll("#grid textarea, #grid input.number")]
                .every(field => field.value === field.defaultValue)"""
    )
    creative.reload()
    for label, text in typed.items():
        expect(creative.get_by_label(label)).to_have_value(text)


def test_card_and_inspector_stay_in_step(creative):
    creative.get_by_role("link", name="Inspect shot 2").click()
    expect(creative.locator("#inspector").get_by_label("Prompt")).to_have_value(
        "Boats leave the harbour"
    )
    creative.locator("#inspector").get_by_label("Camera move").select_option("static")
    expect_saved(creative, 2)
    expect(creative.locator(".card").nth(1)).to_contain_text("Static")
    creative.get_by_label("Prompt of shot 2").fill("Boats come home")
    creative.get_by_label("Prompt of shot 2").press("Tab")
    expect_saved(creative, 3)
    expect(creative.locator("#inspector").get_by_label("Prompt")).to_have_value("Boats come home")


def test_without_javascript_the_board_reads_edits_and_renders(sign_in, board):
    page = sign_in("creative", java_script_enabled=False)
    page.goto(board)
    page.get_by_label("Prompt of shot 2").fill("Boats, without any script")
    page.get_by_role("button", name="Save shot 2").click()
    expect(page.get_by_label("Prompt of shot 2")).to_have_value("Boats, without any script")
    first, second = (page.locator(".card .scene").nth(each) for each in (0, 1))
    page.get_by_role("button", name="Move shot 2 left").click()
    expect(first).to_have_text("boats")
    expect(second).to_have_text("dawn")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(first).to_have_text("dawn")
    expect(second).to_have_text("boats")


def test_what_was_typed_before_the_scripts_came_is_saved(sign_in, board):
    page = sign_in("creative")
    held = []
    page.route("**/js/board/board.js", lambda route: held.append(route))
    with page.expect_request("**/js/board/board.js"):
        page.goto(board, wait_until="commit")
    page.get_by_label("Prompt of shot 2").fill("Boats, by an early bird")
    page.keyboard.press("Tab")
    (script,) = held
    script.continue_()
    expect_saved(page, 2)
    page.unroute("**/js/board/board.js")
    page.reload()
    expect(page.get_by_label("Prompt of shot 2")).to_have_value("Boats, by an early bird")


def test_a_picture_that_a_busy_studio_did_not_draw_comes_later(sign_in, board):
    page = sign_in("viewer")
    refused = set()

    def refuse_once(route: Route) -> None:
        if route.request.url in refused:
            return route.continue_()
        refused.add(route.request.url)
        return route.fulfill(status=503, headers={"Retry-After": "2"})

    page.route("**/frame.jpg?*", refuse_once)
    page.goto(board)
    expect(page.locator(".card img").first).not_to_have_js_property("naturalWidth", 0)
    assert refused


def test_a_viewer_looks_and_changes_nothing(sign_in, board, axe):
    viewer = sign_in("viewer")
    viewer.goto(board)
    expect(viewer.get_by_label("Prompt of shot 1")).to_have_attribute("readonly", "")
    for name in ("Add shot", "Undo", "Render", "Delete shot 1"):
        expect(viewer.get_by_role("button", name=name, exact=True)).to_have_count(0)
    assert axe(viewer) == []


def test_on_a_phone_nothing_is_wider_than_the_screen(sign_in, board, axe, snap):
    phone = sign_in("creative", viewport={"width": 390, "height": 844}, has_touch=True)
    for address in ("/", board.removeprefix(phone.url.rstrip("/"))):
        phone.goto(phone.url.split("/projects")[0].rstrip("/") + address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert axe(phone) == []
    expect(phone.get_by_role("button", name="Render", exact=True)).to_be_visible()
    phone.get_by_role("button", name="Move shot 1 right").tap()
    expect_saved(phone, 2)
    snap(phone, "9-phone")


def test_what_is_selected_stays_selected_while_another_field_is_saved(creative):
    creative.get_by_label("Duration of shot 1").fill("9")
    prompt = creative.get_by_label("Prompt of shot 1")
    prompt.focus()  # leaves the duration, whose saving swaps this very card
    creative.keyboard.press("Control+a")
    expect_saved(creative, 2)
    creative.keyboard.type("Only this")
    creative.keyboard.press("Tab")
    expect_saved(creative, 3)
    creative.reload()
    expect(creative.get_by_label("Prompt of shot 1")).to_have_value("Only this")
