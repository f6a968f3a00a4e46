"""You see what you will get before you pay: the dialog, by mouse, keyboard and touch."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.ordering import before_spending, render_button
from tests.browser.teams import Team
from tests.browser.test_board import FILM, expect_saved
from tests.faults.studio_processes import Studio

# Once the dialog's new content is there, and whatever takes the focus then has taken it.
SETTLED = """() => document.addEventListener("htmx:afterSettle", ({detail: {target}}) => {
    window.settled ||= target.id === "dialog";
})"""


@pytest.fixture
def project(team: Team) -> int:
    return team.project(FILM)


@pytest.fixture
def open_board(sign_in: Callable[..., Page], studio: Studio, project: int) -> Callable[..., Page]:
    def open_board(**options):
        page = sign_in("creative", **options)
        page.goto(f"{studio.url}/projects/{project}/")
        expect(render_button(page)).to_be_enabled()
        return page

    return open_board


def test_the_dialog_tells_and_the_keyboard_leaves_it_without_paying(
    open_board, snap, axe, studio, project
):
    page = open_board()
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("What it costs")).to_be_focused()
    expect(dialog).to_contain_text("USD")  # by the demo's rate card
    assert axe(page) == []
    snap(page, "before-spending")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(render_button(page)).to_be_focused()
    assert studio.rows("SELECT id FROM renders_take WHERE project_id = ?", project) == []


def test_a_proof_of_the_selection_is_weighed_and_ordered(open_board, snap, axe, studio, project):
    page = open_board()
    page.get_by_role("button", name="Select", exact=True).click()
    for number in (1, 3):
        page.locator(f"#grid > li:nth-child({number}) .pick").check()
    page.get_by_role("link", name="15 s proof").click()
    dialog = page.get_by_role("dialog")
    ticked = dialog.get_by_role("checkbox", checked=True)
    expect(ticked).to_have_count(2)
    page.evaluate(SETTLED)
    dialog.get_by_role("checkbox").nth(1).check()
    page.wait_for_function("() => window.settled")
    expect(ticked).to_have_count(3)
    expect(dialog.get_by_role("checkbox").nth(1)).to_be_focused()
    assert axe(page) == []
    snap(page, "proof")
    dialog.get_by_role("button", name="Render proof").click()
    expect(page.locator("#takes-panel").get_by_text("Proof", exact=True)).to_be_visible()
    ((payload,),) = studio.rows("SELECT payload FROM renders_take WHERE project_id = ?", project)
    body = json.loads(payload)
    assert body["duration_seconds"] == 15
    assert len(body["storyboard"]) == 3


def test_what_has_changed_since_the_last_take_is_told_on_a_phone(open_board, snap, axe):
    page = open_board(viewport=PHONE, has_touch=True)
    before_spending(page).get_by_role("button", name="Render", exact=True).tap()
    expect(page.locator("#takes-panel")).to_contain_text("Take 1")
    page.get_by_label("Prompt of shot 1").fill("Another beginning")
    page.get_by_label("Prompt of shot 1").press("Tab")
    expect_saved(page, 2)
    dialog = before_spending(page)
    expect(dialog.locator("ins", has_text="Another beginning")).to_be_visible()
    for button in dialog.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44 or box["width"] >= 44
    assert axe(page) == []
    snap(page, "before-spending-phone")


def test_without_javascript_the_dialog_is_a_page(studio, sign_in, project):
    page = sign_in("creative", java_script_enabled=False)
    page.goto(f"{studio.url}/projects/{project}/render/")
    expect(page.get_by_label("What it costs")).to_be_visible()
    page.get_by_role("button", name="Render", exact=True).click()
    expect(page.get_by_role("heading", name="Take 1")).to_be_visible()
