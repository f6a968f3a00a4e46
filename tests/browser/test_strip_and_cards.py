"""The strip and the cards under mouse, finger and keyboard: lengths, order, nothing that jumps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.dragging import PAUSE, rest
from tests.browser.test_board import board, expect_saved, scenes  # noqa: F401  # `board` is a fixture

# What moved by itself, and from where to where.
SHIFTS = """() => new Promise(resolve => {
    const where = ({x, y, width, height}) => [x, y, width, height].join(" ");
    const part = ({node, previousRect, currentRect}) =>
        `${node?.id || node?.nodeName}: ${where(previousRect)} to ${where(currentRect)}`;
    new PerformanceObserver(list => resolve(list.getEntries().map(
        entry => `${entry.value}, ${entry.sources.map(part).join(", ")}`
    ))).observe({type: "layout-shift", buffered: true});
    setTimeout(() => resolve([]), 300);
})"""


@pytest.fixture
def creative(sign_in: Callable[..., Page], board: str) -> Page:  # noqa: F811
    page = sign_in("creative")
    return opened(page, board)


@pytest.fixture
def phone(sign_in: Callable[..., Page], board: str) -> Page:  # noqa: F811
    page = sign_in("creative", viewport=PHONE, has_touch=True, is_mobile=True)
    return opened(page, board)


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_role("button", name="Render", exact=True)).to_be_visible()
    expect(page.locator(".edge")).to_have_count(4)
    return page


def middle(part: Locator) -> tuple[float, float]:
    box = part.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], steps: int = 12) -> None:
    """By mouse, slowly enough for a person and for Sortable; the button stays pressed."""
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(1, steps + 1):
        share = step / steps
        page.mouse.move(*(a + (b - a) * share for a, b in zip(start, end, strict=True)))
        page.wait_for_timeout(15)


def width_of_a_second(page: Page) -> float:
    box = page.locator("#segments").bounding_box()
    assert box
    return box["width"] / 60


def pull_edge(page: Page, number: int, seconds: float) -> None:
    edge = page.get_by_role("slider", name=f"Length of shot {number}", include_hidden=True)
    page.locator(".segment").nth(number - 1).hover()
    x, y = middle(edge)
    drag(page, (x, y), (x + seconds * width_of_a_second(page), y))


def test_an_edge_is_dragged_and_the_total_follows(creative, snap):
    pull_edge(creative, 2, 12)
    total = creative.locator(".verdict .total")
    expect(total).to_have_text("42 s of 60 s")
    expect(creative.locator(".verdict .word")).to_have_text("Would fit 15–60 s")
    expect_saved(creative, 1)
    snap(creative, "strip-dragging")
    creative.mouse.up()
    expect_saved(creative, 2)
    expect(creative.locator(".verdict .word")).to_have_text("Fits 15–60 s")
    expect(creative.get_by_label("Duration of shot 2")).to_have_value("19")
    assert creative.locator(".segment").nth(1).get_attribute("data-ms") == "19000"


def test_past_60_s_the_overrun_is_hatched_from_the_very_point(creative, snap, axe):
    pull_edge(creative, 3, 40)
    expect(creative.locator(".verdict .word")).to_have_text("Would be too long")
    expect(creative.locator("#overrun .hatch")).to_have_attribute("data-ms", "10000")
    creative.mouse.up()
    expect_saved(creative, 2)
    expect(creative.locator(".verdict .word")).to_have_text("Too long")
    creative.wait_for_function(
        """() => { const [hatch, strip] = ["#overrun .hatch", "#segments"]
                .map(part => document.querySelector(part).getBoundingClientRect());
            return Math.abs(hatch.left - strip.left - strip.width * 60 / 70) < 2; }"""
    )
    note = creative.locator(".card").nth(2).locator(".length-note")
    expect(note).to_have_text("Shot 3 makes the timeline 70 s. Shorten it by 10 s.")
    snap(creative, "strip-too-long")
    assert axe(creative) == []


def test_escape_lets_an_edge_go_unchanged(creative):
    pull_edge(creative, 1, 5)
    expect(creative.locator(".verdict .total")).to_have_text("35 s of 60 s")
    creative.keyboard.press("Escape")
    creative.mouse.up()
    expect(creative.locator(".verdict .total")).to_have_text("30 s of 60 s")
    expect(creative.locator(".verdict .word")).to_have_text("Fits 15–60 s")
    expect_saved(creative, 1)


def test_an_edge_is_moved_by_keys_and_keeps_the_focus(creative):
    creative.get_by_role("link", name="Inspect shot 2").click()
    edge = creative.get_by_role("slider", name="Length of shot 2")
    expect(edge).to_have_attribute("aria-valuetext", "7 s")
    edge.focus()
    creative.keyboard.press("ArrowRight")
    expect_saved(creative, 2)
    expect(edge).to_be_focused()
    creative.keyboard.press("Shift+ArrowLeft")
    expect_saved(creative, 3)
    expect(edge).to_have_attribute("aria-valuetext", "6.1 s")
    expect(creative.get_by_label("Duration of shot 2")).to_have_value("6.1")
    expect(creative.locator("#inspector").get_by_label("Duration")).to_have_value("6.1")


def test_a_locked_shot_keeps_its_length_and_says_so(creative, axe):
    creative.get_by_role("link", name="Inspect shot 2").click()
    creative.locator("#inspector").get_by_role("checkbox", name=re.compile("Locked")).check()
    expect_saved(creative, 2)
    expect(creative.get_by_label("Prompt of shot 2")).to_have_attribute("readonly", "")
    assert axe(creative) == []
    pull_edge(creative, 2, 5)
    creative.mouse.up()
    toast = "Shot 2 is locked. Unlock it to change its length."
    expect(creative.locator("#toasts").get_by_text(toast)).to_be_visible()
    expect(creative.locator(".verdict .total")).to_have_text("30 s of 60 s")
    expect_saved(creative, 2)
    creative.locator("#inspector").get_by_role("checkbox", name=re.compile("Locked")).uncheck()
    expect_saved(creative, 3)
    expect(creative.get_by_label("Prompt of shot 2")).not_to_have_attribute("readonly", "")


def test_a_segment_is_dragged_to_another_place(creative):
    segments = creative.locator(".segment")
    end = middle(segments.nth(2))
    drag(creative, middle(segments.nth(0)), (end[0] + 20, end[1]))
    rest(creative, end[0] + 20, end[1])
    creative.mouse.up()
    expect_saved(creative, 2)
    assert scenes(creative) == ["boats", "noon", "dawn", "night"]
    expect(segments.locator(".place")).to_have_text(["1", "2", "3", "4"])
    expect(creative.get_by_label("Prompt of shot 3")).to_have_value("Dawn over the sea")


def test_a_card_is_dragged_to_another_place(creative):
    frames = creative.locator(".card .frame")
    end = middle(frames.nth(1))
    drag(creative, middle(frames.nth(0)), end)
    rest(creative, *end)
    creative.mouse.up()
    expect_saved(creative, 2)
    assert scenes(creative) == ["boats", "dawn", "noon", "night"]
    expect(creative.locator(".segment .what").first).to_have_text("Boats leave the harbour")
    creative.get_by_role("button", name="Move shot 1 right").click()
    expect_saved(creative, 3)
    assert scenes(creative) == ["dawn", "boats", "noon", "night"]
    expect(creative.get_by_role("button", name="Move shot 1 left")).to_be_disabled()


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    found = [{"x": x, "y": y} for x, y in points]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": found})


def touch_drag(page: Page, start: tuple[float, float], end: tuple[float, float], wait: int) -> None:
    session = page.context.new_cdp_session(page)
    touch(session, "touchStart", start)
    page.evaluate(PAUSE, wait)
    for step in range(1, 13):
        share = step / 12
        a, b = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        touch(session, "touchMove", (a, b))
        page.wait_for_timeout(20)
    for off in (1, 0, 1, 0):  # as `rest` does
        touch(session, "touchMove", (end[0] + off, end[1]))
        page.evaluate(PAUSE, 80)
    touch(session, "touchEnd")


def test_a_card_is_dragged_by_a_finger(phone):
    frames = phone.locator(".card .frame")
    frames.nth(0).scroll_into_view_if_needed()
    phone.evaluate("scrollBy(0, document.querySelector('.card').getBoundingClientRect().top - 140)")
    start, end = middle(frames.nth(0)), middle(frames.nth(1))
    touch_drag(phone, start, (end[0], end[1] + 20), wait=350)
    expect_saved(phone, 2)
    assert scenes(phone) == ["boats", "dawn", "noon", "night"]


def test_an_edge_is_pulled_by_a_finger(phone):
    phone.locator(".segment").nth(0).tap()
    expect(phone.locator(".segment").nth(0)).to_have_attribute("aria-current", "true")
    phone.locator("#strip").scroll_into_view_if_needed()
    edge = phone.get_by_role("slider", name="Length of shot 1")
    x, y = middle(edge)
    touch_drag(phone, (x, y), (x + 10 * width_of_a_second(phone), y), wait=60)
    expect_saved(phone, 2)
    assert 17 <= float(phone.get_by_label("Duration of shot 1").input_value()) <= 19


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_jumps_on_load_and_after_an_edit(sign_in, board, viewport):  # noqa: F811
    page = opened(sign_in("creative", viewport=viewport), board)
    expect(page.locator(".card img").first).to_have_js_property("complete", True)
    assert page.evaluate(SHIFTS) == []
    field = page.get_by_label("Duration of shot 2")
    field.fill("8")
    field.press("Tab")
    expect_saved(page, 2)
    # The strip shows the new length, as it was asked to; nothing else moves.
    assert [moved for moved in page.evaluate(SHIFTS) if "segment-" not in moved] == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_each_state_of_the_board_is_accessible(sign_in, board, axe, viewport, snap):  # noqa: F811
    page = opened(sign_in("creative", viewport=viewport), board)
    assert axe(page) == []
    page.get_by_role("link", name="Inspect shot 1").click()
    inspector = page.locator("#inspector")
    inspector.get_by_label("Kind").select_option("crossfade")
    expect_saved(page, 2)
    inspector.get_by_label("Notes for the team").fill("Ask Ana about the pier.")
    inspector.get_by_label("Notes for the team").press("Tab")
    expect_saved(page, 3)
    inspector.get_by_role("button", name="Daylight").click()
    expect_saved(page, 4)
    expect(inspector.get_by_label("Colour temperature")).to_have_value("5600")
    swatch = inspector.locator(".with-swatch .swatch")
    expect(swatch).to_have_css("background-color", "rgb(255, 237, 227)")
    inspector.get_by_label("Speed, as a slider").focus()
    page.keyboard.press("ArrowRight")
    expect_saved(page, 5)
    assert float(inspector.get_by_label("Speed (0.1–1.0)").input_value()) > 0
    inspector.get_by_role("button", name="Inherit the speed").click()
    expect_saved(page, 6)
    expect(inspector.get_by_label("Speed (0.1–1.0)")).to_have_value("")
    snap(page, f"inspector-{viewport['width']}")
    page.evaluate("scrollTo(0, 0)")  # what the bar on top covers half just now is no small target
    assert axe(page) == []
    inspector.get_by_role("link", name="own moves").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe(page) == []
