"""Finding one's way: search, saved views, archive, templates, the palette, the keys, the themes."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from studio.operations import demo
from tests.browser.conftest import DESK, PHONE
from tests.browser.teams import Team

THEMES = ["dark", "light"]


@pytest.fixture
def team(team: Team) -> Team:
    """With the films that everybody starts with."""
    for name, title in demo.TITLES.items():
        team.project(json.loads((demo.FILMS / name).read_text()), title)
    return team


@pytest.fixture
def creative(sign_in: Callable[..., Page]) -> Page:
    return at_rest(sign_in("creative"))


def at_rest(page: Page) -> Page:
    """Once its scripts have spelled out the keys, they also listen to them."""
    expect(page.locator("[aria-keyshortcuts]").first).to_be_attached()
    return page


def open_menu(page: Page, label: str) -> None:
    page.get_by_role("button", name=label).click()


def choose_theme(page: Page, theme: str) -> None:
    open_menu(page, "Account of")
    page.get_by_role("button", name=theme.title(), exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


def names(page: Page) -> Locator:
    return page.locator(".project-card .name")


def test_a_search_as_one_types_becomes_a_saved_view(creative):
    creative.get_by_role("searchbox", name="Search projects").press_sequentially("férry dusk")
    expect(creative).to_have_url(re.compile(r"\?q=f%C3%A9rry\+dusk$"))
    expect(names(creative)).to_have_text(["The Night Ferry"])
    creative.get_by_role("link", name="Save view").click()
    creative.get_by_label("Name").fill("Boats at night")
    creative.keyboard.press("Enter")
    creative.get_by_text("Saved as “Boats at night”.").wait_for()
    creative.get_by_role("link", name="Clear").click()
    expect(creative.locator(".project-card")).not_to_have_count(1)
    creative.get_by_role("link", name="Boats at night", exact=True).click()
    expect(creative.get_by_role("searchbox")).to_have_value("férry dusk")
    expect(names(creative)).to_have_text(["The Night Ferry"])
    creative.get_by_role("link", name="Rename or delete the view Boats at night").click()
    creative.get_by_role("button", name="Delete this view").click()
    creative.get_by_text("The view “Boats at night” is deleted.").wait_for()


def test_archive_undo_archive_restore(creative, team):
    team.project([{"id": "one", "prompt": "Rope", "duration_seconds": 15}], "Harbour lights")
    creative.reload()
    at_rest(creative)
    first = "Harbour lights"
    listed = names(creative).filter(has_text=first)
    expect(names(creative).first).to_have_text(first)
    for step in ("Undo", "leave"):
        creative.locator(".project-card").first.hover()
        open_menu(creative, f"Actions for {first}")
        creative.get_by_role("button", name="Archive", exact=True).click()
        expect(creative.get_by_text(f"“{first}” is archived.").last).to_be_visible()
        expect(listed).to_have_count(0)
        if step == "Undo":
            creative.get_by_role("button", name="Undo").click()
            expect(creative.get_by_text(f"“{first}” is restored.")).to_be_visible()
            expect(listed).to_have_count(1)
    creative.get_by_role("radio", name="Archived").check()
    creative.get_by_role("link", name=first).click()
    expect(creative.get_by_text("Archived – read only.")).to_be_visible()
    expect(creative.get_by_role("button", name="Add shot")).to_have_count(0)
    creative.get_by_role("button", name="Restore").click()
    expect(creative.get_by_role("button", name="Add shot")).to_be_visible()


def test_a_project_starts_from_a_template(creative):
    creative.keyboard.press("n")
    creative.get_by_label("Title").fill("Our teaser")
    creative.get_by_role("radio", name="Product teaser").check()
    creative.get_by_role("button", name="Start the project").click()
    expect(creative.locator(".card")).to_have_count(6)
    expect(creative.get_by_text("30 s of 60 s").first).to_be_visible()


def test_the_palette_runs_a_command_and_opens_a_project_by_keyboard(creative, axe):
    creative.keyboard.press("Control+k")
    box = creative.get_by_role("combobox", name="Find a project")
    expect(box).to_be_focused()
    box.fill("bread dawn")
    expect(creative.locator("#palette").get_by_role("option", selected=True)).to_contain_text(
        "Bread Before Dawn"
    )
    assert axe(creative) == []
    creative.keyboard.press("Enter")
    expect(creative.get_by_role("heading", name="Board of Bread Before Dawn")).to_be_attached()
    at_rest(creative)
    creative.keyboard.press("Control+k")
    box.fill("ad shot")
    expect(creative.locator("#palette").get_by_role("option", selected=True)).to_contain_text(
        "shot"
    )
    box.fill("light theme")
    expect(creative.locator("#palette").get_by_role("option", selected=True)).to_contain_text(
        "Theme: light"
    )
    creative.keyboard.press("ArrowDown")
    creative.keyboard.press("ArrowUp")
    creative.keyboard.press("Enter")
    expect(creative.get_by_role("dialog")).to_have_count(0)
    expect(creative.locator("html")).to_have_attribute("data-theme", "light")


def test_the_palette_brings_up_a_shot_by_its_prompt(creative):
    creative.goto(f"{creative.url}?q=night+ferry")
    creative.get_by_role("link", name="The Night Ferry").last.click()
    expect(creative.get_by_role("heading", name="Board of The Night Ferry")).to_be_attached()
    at_rest(creative)
    creative.get_by_role("link", name="Search and commands").or_(
        creative.locator("[data-palette]")
    ).first.click()
    creative.get_by_role("combobox", name="Find a project").fill("engine gauges")
    found = creative.get_by_role("group", name="Shots on this board").get_by_role("option")
    expect(found).to_have_count(1)
    found.click()
    expect(creative.get_by_label("Shot 3", exact=True)).to_be_focused()


def test_keys_do_nothing_while_one_types(creative):
    creative.get_by_role("searchbox").press_sequentially("n?")
    expect(creative.get_by_role("dialog")).to_have_count(0)
    expect(creative.get_by_role("searchbox")).to_have_value("n?")
    expect(creative.get_by_role("heading", name="No project fits")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("size", "options"),
    [("desk", {"viewport": DESK}), ("phone", {"viewport": PHONE, "has_touch": True})],
)
def test_every_state_reads_well_in_both_themes(sign_in, axe, snap, theme, size, options):
    page = at_rest(sign_in("creative", **options))
    choose_theme(page, theme)
    page.reload()
    at_rest(page)
    assert axe(page) == []
    snap(page, f"projects-{theme}-{size}")
    page.keyboard.press("n")
    expect(page.get_by_label("Title")).to_be_focused()
    assert axe(page) == []
    snap(page, f"new-project-{theme}-{size}")
    page.keyboard.press("Escape")
    page.locator(".project-card .open").last.click()
    expect(page.get_by_role("button", name="Render", exact=True)).to_be_visible()
    at_rest(page)
    assert axe(page) == []
    snap(page, f"board-{theme}-{size}")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette").get_by_role("option").first).to_be_visible()
    assert axe(page) == []
    snap(page, f"palette-{theme}-{size}")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Search and commands", "Move the focused shot"):
        expect(sheet.get_by_text(words)).to_be_visible()
    assert axe(page) == []
    snap(page, f"shortcuts-{theme}-{size}")
