"""The render desk in a browser: the line by keys, by dragging and by menu; pausing, discarding."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DRAWN_MS, PHONE
from tests.browser.dragging import rest
from tests.browser.teams import Team
from tests.browser.test_board import FILM
from tests.faults.studio_processes import Studio

AWAY = {"rules": [{"do": "error_500", "when": {"path": "/v1/tasks/*"}}]}


@pytest.fixture
def order(team: Team) -> Callable[[str], int]:
    """`order("Reel A")`: a take of a new project of that name, ordered by the producer."""

    def order(title: str) -> int:
        return team.order(team.project(FILM, title), by="producer")

    return order


@pytest.fixture
def desk(sign_in: Callable[..., Page], studio: Studio, team: Team) -> Iterator[Page]:
    """The producer at the desk; the vendor answers again afterwards, whatever happens."""
    page = sign_in("producer")
    page.goto(team.address("desk/"))
    yield page
    studio.set_scenario({"rules": []})


def pause(desk: Page) -> None:
    desk.get_by_role("button", name="Pause the queue").click()
    expect(desk.get_by_text("The render queue is paused by Demo Producer")).to_be_visible()


def line(desk: Page) -> Locator:
    return desk.locator("[data-line] [role=rowheader]")


def expect_line(desk: Page, *titles: str) -> None:
    expect(line(desk)).to_have_text([f"{title} Take 1" for title in titles])


def row(desk: Page, title: str) -> Locator:
    return desk.get_by_role("row").filter(has=desk.get_by_role("link", name=f"{title} Take 1"))


def test_the_line_is_paused_and_rearranged(desk, team, order, axe, snap):
    pause(desk)
    for title in ("Reel A", "Reel B", "Reel C"):
        order(title)
    desk.get_by_label("Search takes").fill("Reel ")
    expect_line(desk, "Reel A", "Reel B", "Reel C")
    expect(desk).to_have_url(team.address("desk/?q=Reel"))

    # By keys: the focus goes with the take.
    more = row(desk, "Reel C").get_by_role("button", name="More about Reel C, take 1")
    more.focus()
    desk.keyboard.press("Alt+ArrowUp")
    expect_line(desk, "Reel A", "Reel C", "Reel B")
    expect(more).to_be_focused()

    # By dragging.
    grip, above = row(desk, "Reel B").locator(".grip"), row(desk, "Reel A").locator(".grip")
    start, end = grip.bounding_box(), above.bounding_box()
    assert start
    assert end
    desk.mouse.move(start["x"] + 8, start["y"] + 8)
    desk.mouse.down()
    for step in range(1, 21):
        to_y = start["y"] + (end["y"] - 14 - start["y"]) * step / 20
        desk.mouse.move(start["x"] + 8, to_y)
        desk.wait_for_timeout(15)
    rest(desk, start["x"] + 8, to_y)
    desk.mouse.up()
    expect_line(desk, "Reel B", "Reel A", "Reel C")
    expect(row(desk, "Reel B").locator(".turn")).to_contain_text("1 in the line")
    desk.reload()
    expect_line(desk, "Reel B", "Reel A", "Reel C")

    # By the menu.
    more.click()
    desk.get_by_role("button", name="Send next").click()
    expect_line(desk, "Reel C", "Reel B", "Reel A")
    assert axe(desk) == []
    snap(desk, "render-desk")

    desk.set_viewport_size(PHONE)
    assert desk.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert axe(desk) == []
    snap(desk, "render-desk-phone")

    # Several are cancelled at once, and confirmed.
    for title in ("Reel A", "Reel B", "Reel C"):
        row(desk, title).get_by_role("checkbox").check()
    desk.get_by_role("button", name="Cancel 3 chosen…").click()
    desk.get_by_role("button", name="Cancel 3 takes").click()
    expect(desk.get_by_text("3 takes are cancelled. Nothing is billed for that.")).to_be_visible()
    expect(line(desk)).to_have_count(0)


def test_a_take_is_discarded_on_arrival(desk, studio, order):
    studio.set_scenario(AWAY)
    take = order("Given up")
    expect(row(desk, "Given up")).to_contain_text("Submitted")  # by itself, as all that follows
    more = row(desk, "Given up").get_by_role("button", name="More about Given up")
    more.click()
    desk.get_by_role("link", name="Discard on arrival…").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("it may be billed")
    dialog.get_by_role("button", name="Discard on arrival").click()
    expect(row(desk, "Given up")).to_contain_text("To be discarded")
    expect(more).to_be_focused()  # though its row is another by now
    row(desk, "Given up").get_by_role("button", name="Keep it after all").click()
    expect(row(desk, "Given up")).to_contain_text("Submitted")
    more.click()
    desk.get_by_role("link", name="Discard on arrival…").click()
    dialog.get_by_role("button", name="Discard on arrival").click()
    expect(row(desk, "Given up")).to_contain_text("To be discarded")
    studio.set_scenario({"rules": []})
    words = "Discarded on arrival, as Demo Producer asked. It may be billed."
    expect(row(desk, "Given up")).to_contain_text(words, timeout=DRAWN_MS)
    assert studio.rows("SELECT count(*) FROM renders_takeasset WHERE take_id = ?", take) == [(0,)]
