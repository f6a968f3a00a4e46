"""Two people, lost networks, ended sessions, closed tabs: nothing typed is ever lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.teams import Team

FILM = [
    {"id": "dawn", "prompt": "Dawn over the sea", "duration_seconds": 8},
    {"id": "boats", "prompt": "Boats leave the harbour", "duration_seconds": 7},
    {"id": "noon", "prompt": "Noon in the market street", "duration_seconds": 9},
]
SAVED = re.compile(r"^Saved · rev \d+$")
IS_KEPT = "() => Object.keys(localStorage).some(key => key.startsWith('kept:'))"
IS_KEPT_NO_MORE = "() => !Object.keys(localStorage).some(key => key.startsWith('kept:'))"


@pytest.fixture
def board(team: Team) -> str:
    """The address of a board of its own: three shots, 24 s."""
    return team.board(FILM)


@pytest.fixture
def opened(sign_in: Callable[..., Page], board: str) -> Callable[..., Page]:
    """`opened("creative")`: this person with the board before them."""

    def opened(role: str, **options: Any) -> Page:
        page = sign_in(role, **options)
        page.goto(board)
        expect(state(page)).to_have_text(SAVED)
        return page

    return opened


def state(page: Page):
    return page.locator("#save-state .text")


def prompt(page: Page, number: int):
    return page.get_by_label(f"Prompt of shot {number}")


def write(page: Page, number: int, text: str) -> None:
    """Type a prompt and leave the field."""
    prompt(page, number).fill(text)
    prompt(page, number).blur()


def expect_saved(page: Page, revision: int) -> None:
    expect(state(page)).to_have_text(f"Saved · rev {revision}")


def stop_pulse(page: Page) -> None:
    """Let the page learn nothing of others by itself, so that its edits are surely stale."""
    page.route("**/pulse/**", lambda route: route.fulfill(status=204))


def close_unsaved(page: Page, text: str) -> BrowserContext:
    """Type a prompt and close the tab; the window that others can be opened in."""
    # A tab that takes its time to close may leave the field, and so save it.
    page.context.set_offline(True)
    prompt(page, 1).fill(text)
    page.wait_for_function(IS_KEPT)
    page.close()
    page.context.set_offline(False)
    return page.context


def choices(page: Page):
    return page.get_by_role("alert", name="Two versions")


def test_changes_of_others_appear_without_a_reload(opened):
    mine, theirs = opened("creative"), opened("producer")
    write(theirs, 2, "Boats, said the producer")
    expect(prompt(mine, 2)).to_have_value("Boats, said the producer")
    expect_saved(mine, 2)
    expect(mine.locator("#news")).to_contain_text("Shot 2: prompt rewritten")
    mine.get_by_role("button", name="Move shot 1 right").click()
    expect(theirs.locator(".card .scene")).to_have_text(["boats", "dawn", "noon"])
    theirs.get_by_role("button", name="Delete shot 3").click()
    expect(mine.locator(".card")).to_have_count(2)


def test_who_has_several_shots_selected_keeps_their_inspector(opened):
    mine, theirs = opened("creative"), opened("producer")
    mine.keyboard.press("Control+a")
    name = mine.locator("#inspector-name")
    expect(name).to_contain_text("3 shots")
    theirs.get_by_role("button", name="Add shot").first.click()
    expect(mine.locator("#grid > [data-shot]")).to_have_count(4)
    expect(name).to_contain_text("3 shots")


def test_a_viewer_sees_changes_too(opened):
    viewer, creative = opened("viewer"), opened("creative")
    write(creative, 1, "Dawn, rewritten")
    expect(prompt(viewer, 1)).to_have_value("Dawn, rewritten")
    expect(creative.get_by_role("list", name="Who is here")).to_contain_text("is here")


def test_who_is_here_and_at_which_shot(opened, sign_in, board):
    mine, theirs = opened("creative"), opened("producer")
    prompt(theirs, 3).focus()
    here = mine.get_by_role("list", name="Who is here")
    expect(here).to_contain_text("is here, at shot 3")
    expect(mine.locator(".card").nth(2)).to_have_attribute("data-with", re.compile(r"^\w+$"))
    other_window = mine.context.new_page()
    other_window.goto(board)
    expect(here).to_contain_text("You are here in another window")


def test_what_is_typed_stays_while_others_change_the_rest(opened):
    mine, theirs = opened("creative"), opened("producer")
    prompt(mine, 1).click()
    mine.keyboard.press("End")
    mine.keyboard.type(", very early")
    write(theirs, 1 + 1, "Boats, said the producer")
    theirs.get_by_label("Duration of shot 1").fill("6")
    theirs.get_by_label("Duration of shot 1").blur()
    expect(mine.get_by_label("Duration of shot 1")).to_have_value("6")
    expect(state(mine)).to_have_text("Not saved yet")
    expect(prompt(mine, 1)).to_be_focused()
    mine.keyboard.type(" indeed")
    prompt(mine, 1).blur()
    expect(state(mine)).to_have_text(SAVED)
    expect(prompt(theirs, 1)).to_have_value("Dawn over the sea, very early indeed")


def test_edits_that_do_not_clash_are_merged_unseen(opened):
    mine, theirs = opened("creative"), opened("producer")
    stop_pulse(mine)
    write(theirs, 2, "Boats, said the producer")
    expect_saved(theirs, 2)
    write(mine, 1, "Dawn, said the creative")
    expect_saved(mine, 3)
    expect(choices(mine)).to_be_hidden()
    expect(prompt(mine, 2)).to_have_value("Boats, said the producer")
    mine.get_by_role("button", name="Add shot").click()
    expect_saved(mine, 4)
    expect(theirs.locator(".card")).to_have_count(4)


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "after seeing theirs"])
def test_keep_mine_take_theirs_or_make_one_of_both(opened, axe, snap, waits):
    mine, theirs = opened("creative"), opened("producer")
    for step, text in enumerate(["first", "second", "third"]):
        if not waits:
            stop_pulse(mine)
        prompt(mine, 1).fill(f"My {text} words")
        write(theirs, 1, f"Their {text} words")
        expect_saved(theirs, [2, 4, 5][step])
        if waits:
            expect(mine.locator("#news")).to_contain_text("Shot 1")
        prompt(mine, 1).blur()
        expect(choices(mine)).to_contain_text(f"Their {text} words")
        expect(choices(mine)).to_contain_text(f"My {text} words")
        expect(state(mine)).to_have_text("Not saved · choose a version")
        expect(prompt(theirs, 1)).to_have_value(f"Their {text} words")
        if step == 0:
            snap(mine, "trust-two-versions")
            assert axe(mine) == []
            mine.get_by_role("button", name="Keep mine").click()
        elif step == 1:
            mine.get_by_role("link", name="Take theirs").click()
        else:
            mine.get_by_label("Keep this text").fill("Both third words")
            mine.get_by_role("button", name="Keep mine").click()
        kept = ["My first words", "Their second words", "Both third words"][step]
        expect(state(mine)).to_have_text(SAVED)
        expect(choices(mine)).to_be_hidden()
        expect(prompt(mine, 1)).to_have_value(kept)
        expect(prompt(theirs, 1)).to_have_value(kept)


def test_several_conflicts_in_a_row(opened):
    mine, theirs = opened("creative"), opened("producer")
    stop_pulse(mine)
    for number in (1, 2):
        write(theirs, number, f"Their {number}")
        expect_saved(theirs, number + 1)
    mine.context.set_offline(True)
    for number in (1, 2, 3):
        write(mine, number, f"My {number}")
    mine.context.set_offline(False)
    expect(choices(mine)).to_contain_text("My 1")
    mine.get_by_role("link", name="Take theirs").click()
    expect(choices(mine)).to_contain_text("My 2")
    mine.get_by_role("button", name="Keep mine").click()
    expect(state(mine)).to_have_text(SAVED)
    for number, text in ((1, "Their 1"), (2, "My 2"), (3, "My 3")):
        expect(prompt(theirs, number)).to_have_value(text)


def test_offline_and_back(opened):
    page = opened("creative")
    page.context.set_offline(True)
    write(page, 1, "Typed under a bridge")
    expect(state(page)).to_contain_text("Offline · kept on this device")
    write(page, 2, "And another")
    expect(state(page)).to_contain_text("2 edits")
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    page.reload()
    expect(prompt(page, 1)).to_have_value("Typed under a bridge")
    expect(prompt(page, 2)).to_have_value("And another")


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_failing_studio_is_asked_again(opened, status):
    page = opened("creative", means=f"(status of|Status Error Code) {status}")
    failures = []

    def fail_twice(route: Route) -> None:
        if route.request.method != "POST" or len(failures) == 2:
            return route.continue_()
        failures.append(route.request.url)
        # The first time it is asked again by itself.
        patience_s = "1" if len(failures) == 1 else "60"
        return route.fulfill(status=status, headers={"Retry-After": patience_s})

    page.route("**/shots/**", fail_twice)
    write(page, 1, "Kept through failures")
    expect(state(page)).to_contain_text("Not saved · retrying")
    while len(failures) < 2:
        page.wait_for_timeout(20)
    page.get_by_role("button", name="Try again").click()
    expect_saved(page, 2)


def test_an_answer_that_was_lost_adds_no_second_shot(opened):
    page = opened("creative", means="ERR_FAILED")
    stop_pulse(page)
    lost = []

    def lose_one(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/shots/", lose_one)
    page.get_by_role("button", name="Add shot").click()
    expect(page.locator(".card")).to_have_count(4)
    expect(page.get_by_text("The answer to your last change was lost")).to_be_visible()
    expect_saved(page, 2)
    assert lost == [200]


def test_an_ended_session_keeps_the_text_and_goes_on(opened):
    page = opened("creative")
    kept = page.context.cookies()
    page.context.clear_cookies()
    page.context.add_cookies([one for one in kept if one["name"] == "csrftoken"])
    write(page, 1, "Typed after midnight")
    expect(state(page)).to_contain_text("Signed out · kept on this device")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.context.add_cookies(kept)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect_saved(page, 2)


def test_a_closed_tab_brings_its_text_back(opened, board, snap):
    page = opened("creative")
    context = close_unsaved(page, "Typed and not saved")
    page = context.new_page()
    page.goto(board)
    expect(page.get_by_text("“Typed and not saved”")).to_be_visible()
    snap(page, "trust-text-is-back")
    expect_saved(page, 2)
    expect(prompt(page, 1)).to_have_value("Typed and not saved")
    page.wait_for_function(IS_KEPT_NO_MORE)


def test_text_that_comes_back_meets_what_others_wrote(opened, board):
    page, theirs = opened("creative"), opened("producer")
    context = close_unsaved(page, "Typed and not saved")
    write(theirs, 1, "Their words")
    expect_saved(theirs, 2)
    page = context.new_page()
    page.goto(board)
    expect(choices(page)).to_contain_text("Typed and not saved")
    expect(choices(page)).to_contain_text("Their words")
    page.get_by_role("link", name="Take theirs").click()
    expect(prompt(page, 1)).to_have_value("Their words")
    expect_saved(page, 2)


def test_text_typed_into_a_shot_that_others_delete_is_shown_and_comes_back_with_it(opened):
    page, other = opened("producer"), opened("creative")
    prompt(page, 2).click()
    page.keyboard.press("End")
    page.keyboard.type(", slowly")
    other.get_by_role("button", name="Delete shot 2").click()
    expect(prompt(page, 3)).to_have_count(0)
    expect(page.get_by_text("Boats leave the harbour, slowly”. The shot is gone")).to_be_visible()
    assert page.evaluate(IS_KEPT)
    other.get_by_role("button", name="Bring it back").click()
    expect(prompt(page, 2)).to_have_value("Boats leave the harbour, slowly")
    expect(prompt(other, 2)).to_have_value("Boats leave the harbour, slowly")
    page.wait_for_function(IS_KEPT_NO_MORE)


def test_nobody_else_sees_what_was_kept(opened, board, team):
    page = opened("creative")
    context = close_unsaved(page, "Not for others")
    context.clear_cookies()
    page = context.new_page()
    page.goto(board)
    team.type_sign_in(page, "producer")
    page.goto(board)
    expect(prompt(page, 1)).to_have_value("Dawn over the sea")
    expect_saved(page, 1)
    expect(page.get_by_text("Not for others")).to_have_count(0)


def test_undo_goes_back_over_reloads_and_people(opened):
    mine, theirs = opened("creative"), opened("producer")
    write(mine, 1, "My words")
    expect_saved(mine, 2)
    expect(prompt(theirs, 1)).to_have_value("My words")
    write(theirs, 2, "Their words")
    expect_saved(theirs, 3)
    mine.reload()
    undo = mine.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_have_attribute("title", "Undo: Shot 2: prompt rewritten")
    mine.keyboard.press("Control+z")
    expect_saved(mine, 4)
    expect(prompt(theirs, 2)).to_have_value("Boats leave the harbour")
    expect(undo).to_have_attribute("title", "Undo: Shot 1: prompt rewritten")
    undo.click()
    expect_saved(mine, 5)
    expect(prompt(mine, 1)).to_have_value("Dawn over the sea")
    mine.keyboard.press("Control+y")
    expect(prompt(mine, 1)).to_have_value("My words")
    expect(prompt(theirs, 1)).to_have_value("My words")


def test_the_history_tells_and_restores(opened, axe, snap):
    page = opened("creative")
    write(page, 1, "Dawn over a calm sea")
    expect_saved(page, 2)
    page.get_by_role("button", name="Delete shot 2").click()
    expect_saved(page, 3)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("listitem").first).to_contain_text("Deleted shot 2")
    snap(page, "trust-history")
    assert axe(page) == []
    page.get_by_role("link", name="rev 2").click()
    expect(page.get_by_role("deletion")).to_have_text("the")
    expect(page.get_by_role("insertion")).to_have_text("a calm")
    snap(page, "trust-revision")
    assert axe(page) == []
    page.get_by_role("button", name="Restore this version").click()
    expect_saved(page, 4)
    expect(page.locator(".card .scene")).to_have_text(["dawn", "boats", "noon"])
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".card .scene")).to_have_text(["dawn", "noon"])
