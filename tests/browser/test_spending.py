"""Nobody pays twice by accident, nor for what is not on their screen."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.dragging import rest
from tests.browser.ordering import before_spending, order_take, render_button
from tests.browser.teams import Team
from tests.browser.test_board import FILM, expect_saved
from tests.faults.studio_processes import Studio


@pytest.fixture
def project(team: Team) -> int:
    return team.project(FILM)


@pytest.fixture
def creative(sign_in: Callable[..., Page], studio: Studio, project: int) -> Page:
    page = sign_in("creative")
    page.goto(f"{studio.url}/projects/{project}/")
    expect(render_button(page)).to_be_enabled()
    return page


def takes(studio: Studio, project: int) -> list[str]:
    """The payloads that were ordered, oldest first."""
    sql = "SELECT payload FROM renders_take WHERE project_id = ? ORDER BY id"
    return [payload for (payload,) in studio.rows(sql, project)]


def test_a_double_click_opens_the_dialog_and_pays_for_nothing(creative, studio, project):
    render_button(creative).dblclick()
    dialog = creative.get_by_role("dialog")
    expect(dialog.get_by_label("What it costs")).to_be_focused()
    creative.keyboard.press("Enter")
    creative.wait_for_timeout(500)
    expect(dialog).to_be_visible()
    assert takes(studio, project) == []


@pytest.mark.parametrize("gap_ms", [0, 120, 300])
def test_a_double_click_in_the_dialog_pays_once(creative, studio, project, gap_ms):
    box = before_spending(creative).get_by_role("button", name="Render").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    creative.mouse.click(x, y)
    creative.wait_for_timeout(gap_ms)
    creative.mouse.click(x, y)
    expect(creative.locator("#takes-panel")).to_contain_text("Take 1")
    creative.wait_for_timeout(500)
    assert len(takes(studio, project)) == 1


def test_two_tabs_pay_once_unless_it_is_meant(creative, studio, project):
    other = creative.context.new_page()
    other.goto(creative.url)
    dialog = before_spending(other)
    order_take(creative)
    expect(creative.locator("#takes-panel")).to_contain_text("Take 1")
    dialog.get_by_role("button", name="Render").click()
    expect(dialog).to_contain_text("Take 1 was made from exactly this board.")
    expect(dialog.get_by_role("link", name="Look at take 1")).to_be_visible()
    assert len(takes(studio, project)) == 1
    dialog.get_by_role("button", name="Render again").click()
    expect(other.locator("#takes-panel")).to_contain_text("Take 2")
    assert len(takes(studio, project)) == 2


def test_render_waits_for_what_was_just_typed(creative, studio, project):
    def slowly(route: Route) -> None:
        time.sleep(0.8)
        route.continue_()

    creative.route("**/shots/*/", slowly)
    creative.get_by_label("Prompt of shot 1").fill("Typed a moment before paying")
    order_take(creative)
    expect(creative.locator("#takes-panel")).to_contain_text("Take 1")
    expect_saved(creative, 2)
    (payload,) = takes(studio, project)
    assert "Typed a moment before paying" in payload


@pytest.mark.parametrize("trouble", ["refused", "lost"])
def test_nothing_is_paid_for_while_something_is_not_saved(creative, studio, project, trouble):
    duration = creative.get_by_label("Duration of shot 2")
    if trouble == "lost":
        creative.route("**/shots/*/", lambda route: route.abort("internetdisconnected"))
    duration.fill("banana" if trouble == "refused" else "8")
    duration.press("Tab")
    expect(creative.get_by_text("Not saved").first).to_be_visible()
    render_button(creative).click()
    expect(creative.get_by_text("Nothing was sent:").first).to_be_visible()
    if trouble == "refused":
        expect(duration).to_be_focused()
    creative.wait_for_timeout(500)
    assert takes(studio, project) == []


def test_a_board_changed_in_another_tab_is_looked_at_first(creative, studio, project):
    # A page that follows by itself would show the change before Render is pressed.
    creative.route(re.compile("/pulse/"), lambda route: route.fulfill(status=204))
    other = creative.context.new_page()
    other.goto(creative.url)
    prompt = other.get_by_label("Prompt of shot 1")
    prompt.fill("Changed in the other tab")
    prompt.press("Tab")
    expect_saved(other, 2)
    dialog = before_spending(creative)
    expect(dialog).to_contain_text("Reload the page, look at it")
    expect(dialog.get_by_role("button", name="Render")).to_have_count(0)
    creative.keyboard.press("Escape")
    assert takes(studio, project) == []
    creative.reload()
    order_take(creative)
    expect(creative.locator("#takes-panel")).to_contain_text("Take 1")
    assert "Changed in the other tab" in takes(studio, project)[0]


def test_a_drag_during_a_slow_save_loses_neither(creative):
    def slowly(route: Route) -> None:
        time.sleep(0.8)
        route.continue_()

    creative.route("**/shots/*/", slowly)
    creative.get_by_label("Prompt of shot 1").fill("Typed, then dragged at once")
    start = creative.locator("#grid > li:nth-child(1)").bounding_box()
    end = creative.locator("#grid > li:nth-child(3)").bounding_box()
    assert start
    assert end
    x, y = start["x"] + start["width"] / 2, start["y"] + 60
    creative.mouse.move(x, y)
    creative.mouse.down()
    for step in range(1, 31):
        creative.mouse.move(x + (end["x"] + 180 - x) * step / 30, y)
        creative.wait_for_timeout(30)
    rest(creative, end["x"] + 180, y)
    creative.mouse.up()
    expect_saved(creative, 3)
    creative.reload()
    assert creative.locator(".card .scene").all_inner_texts() == ["boats", "noon", "dawn", "night"]
    expect(creative.get_by_label("Prompt of shot 3")).to_have_value("Typed, then dragged at once")
