"""From shots marked Fix to a to-do list on the board, ticked off: on a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, DRAWN_MS, PHONE
from tests.browser.teams import Team
from tests.browser.test_board import FILM
from tests.faults.studio_processes import Studio

READY = {"timeout": DRAWN_MS}


@pytest.fixture
def take(team: Team) -> dict[str, int]:
    """A take of a board of four shots: its own pk and its project's."""
    project = team.project(FILM, "Harbour")
    return {"project": project, "take": team.order(project, by="producer")}


def row(page: Page, number: int):
    return page.locator(f"#shot-{number}")


def mark_fix(page: Page, number: int, says: str) -> None:
    row(page, number).get_by_role("button", name=f"Fix: shot {number}").click()
    field = page.get_by_label(f"What to fix in shot {number}", exact=True)
    expect(field).to_be_focused()
    field.fill(says)
    field.press("Control+Enter")
    expect(row(page, number).locator(".verdict-says")).to_have_text(says)


def expect_flagged(page: Page, *scenes: str) -> None:
    expect(page.locator("#grid > [data-flagged] .scene")).to_have_text(list(scenes))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_fixes_are_marked_flagged_stepped_through_and_ticked_off(
    studio: Studio, sign_in: Callable[..., Page], take, snap, axe, size
):
    producer = sign_in("producer", viewport=size)
    producer.goto(f"{studio.url}/takes/{take['take']}/")
    expect(row(producer, 1).get_by_role("button", name="Fine: shot 1")).to_be_visible(**READY)
    creative = sign_in("creative", viewport=size)
    creative.goto(producer.url)
    creative.evaluate("window.notReloaded = true")

    # Marks them, by mouse and by keys; the other page learns of it by itself.
    mark_fix(producer, 2, f"The boats are too dark on {size['width']}.")
    mark_fix(producer, 4, f"Fewer lanterns on {size['width']}.")
    fine = row(producer, 1).get_by_role("button", name="Fine: shot 1")
    fine.focus()
    producer.keyboard.press("1")
    expect(fine).to_have_attribute("aria-pressed", "true")
    summary = creative.locator("#shots-summary")
    expect(summary).to_contain_text("1 fine · 2 fix · 1 not judged")
    expect(row(creative, 4).locator(".verdict-says")).to_contain_text("Fewer lanterns")
    assert axe(producer) == []
    assert producer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    snap(producer, f"shots-{size['width']}")

    # What is being written is not swapped away by what the other marks meanwhile.
    row(creative, 3).get_by_role("button", name="Fix: shot 3").click()
    field = creative.get_by_label("What to fix in shot 3", exact=True)
    field.press_sequentially("The market")
    third = row(producer, 3).get_by_role("button", name="Fine: shot 3")
    third.click()
    expect(summary).to_contain_text("2 fine · 2 fix")
    expect(field).to_have_value("The market")
    field.press("Control+Enter")
    expect(creative.get_by_text("marked this shot as fine meanwhile")).to_be_visible()
    expect(field).to_have_value("The market")
    row(creative, 3).get_by_role("button", name="Cancel").click()
    assert creative.evaluate("window.notReloaded")

    # Starts: the board opens with exactly those two, and their words at hand.
    summary.get_by_role("button", name="Start next revision from the fixes").click()
    bar = creative.get_by_role("group", name="Shots to fix")
    expect(bar).to_contain_text("2 shots to fix from take 1")
    expect_flagged(creative, "boats", "night")
    fixes = creative.locator("#fixes")
    expect(fixes).to_contain_text(f"The boats are too dark on {size['width']}.")
    assert axe(creative) == []
    assert creative.evaluate("document.documentElement.scrollWidth <= innerWidth")
    snap(creative, f"fixes-{size['width']}")

    # Steps through, ticks off, takes it back; the producer's board follows.
    producer.goto(creative.url)
    bar.get_by_role("link", name="Next").click()
    expect(fixes).to_contain_text(f"Fewer lanterns on {size['width']}.")
    expect(creative.locator("#card-" + last_shot(creative))).to_have_attribute(
        "aria-current", "true"
    )
    fixes.get_by_role("button", name="Done").click()
    expect(bar).to_contain_text("1 shot to fix from take 1 · 1 done")
    expect(fixes).to_contain_text("Done by Demo Creative")
    expect_flagged(creative, "boats")
    expect(producer.locator("#flags")).to_contain_text("1 shot to fix")
    expect(producer.locator("#grid > [data-flagged]")).to_have_count(1)
    fixes.get_by_role("button", name="Not done yet").click()
    expect(bar).to_contain_text("2 shots to fix")
    for says in ("The boats", "Fewer lanterns"):
        bar.get_by_role("link", name="Next").click()
        expect(fixes).to_contain_text(says)
        fixes.get_by_role("button", name="Done").click()
        expect(fixes).to_contain_text("Done by Demo Creative")
    expect(bar).to_contain_text("Every fix from take 1 is done.")
    creative.evaluate("scrollTo(0, 0)")  # nothing lies half under the bar at the top
    assert axe(creative) == []
    bar.get_by_role("button", name="Put away").click()
    expect(bar).to_be_hidden()


def last_shot(page: Page) -> str:
    return page.locator("#grid > [data-shot]").last.get_attribute("data-shot")
