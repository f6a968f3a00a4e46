"""Pages show what changes without being loaded again: soon, cheaply, and through a restart."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.teams import Team
from tests.browser.test_board import FILM
from tests.faults.studio_processes import Studio, Victim

HIDE = """(isHidden) => {
    Object.defineProperty(document, "hidden", {get: () => isHidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""
# How often the list asks from now on until it shows this word.
PULSES_UNTIL = """(word) => new Promise((tell) => {
    let asked = 0;
    document.addEventListener("htmx:beforeSend", ({ detail: { requestConfig } }) => {
        asked += requestConfig.path.includes("/takes/?since=");
    });
    const look = () => {
        if (document.getElementById("takes-list")?.textContent.includes(word)) tell(asked);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    look();
})"""
MINUTE_MS = 60_000
MORE = '<details id="more"><summary>More</summary><input name="words" aria-label="Words"></details>'


@pytest.fixture
def project(team: Team) -> int:
    return team.project(FILM)


class Watched:
    """The page of a project's takes, and how often its list asked whether anything is new."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.asked, self.asked_in_all = page, 0, 0
        page.on("request", self._note)
        page.goto(address)
        self.list = page.locator("#takes-list")
        page.evaluate("window.isStillTheSamePage = true")

    def _note(self, request) -> None:
        self.asked += "/takes/?since=" in request.url
        self.asked_in_all += "since=" in request.url

    def expect_no_reload(self) -> None:
        assert self.page.evaluate("window.isStillTheSamePage")


@pytest.fixture
def watch(sign_in: Callable[..., Page], studio: Studio, project: int) -> Callable[..., Watched]:
    def watch(
        means: str = "", *, has_clock: bool = False, route: Callable | None = None
    ) -> Watched:
        page = sign_in("viewer", means=means)
        if has_clock:
            page.clock.install()
        if route:
            page.route(f"**/projects/{project}/takes/**", route)
        return Watched(page, f"{studio.url}/projects/{project}/takes/")

    return watch


def test_what_happened_is_on_the_page_within_two_pulses(watch, studio, team, project):
    watched = watch()
    take = team.order(project)
    expect(watched.list).to_contain_text("Take 1")
    studio.wait_until(lambda: studio.status_of(take) == "ready", 300, "the take was ready")
    assert watched.page.evaluate(PULSES_UNTIL, "Ready") <= 2
    watched.expect_no_reload()


def test_a_hidden_tab_asks_nothing_and_at_once_when_it_is_seen_again(watch):
    watched = watch(has_clock=True)
    with watched.page.expect_response(lambda answer: "/takes/?since=" in answer.url):
        watched.page.clock.run_for(MINUTE_MS)
    watched.page.evaluate(HIDE, True)
    before, in_all = watched.asked, watched.asked_in_all
    watched.page.clock.run_for(5 * MINUTE_MS)
    assert watched.asked_in_all == in_all
    with watched.page.expect_response(lambda answer: "/takes/?since=" in answer.url):
        watched.page.evaluate(HIDE, False)
    assert watched.asked == before + 1


def test_the_page_goes_on_by_itself_after_the_server_was_started_again(
    watch, studio, team, project
):
    watched = watch("net::ERR_")
    killed = studio.kill(Victim.WEB)
    assert killed
    team.order(project)
    expect(watched.list).to_contain_text("Take 1")
    expect(watched.page.locator("#connection")).to_be_empty()
    expect(watched.page.locator(".toast")).to_have_count(0)
    watched.expect_no_reload()


def test_an_outage_is_said_calmly_and_asked_about_ever_later(watch):
    watched = watch(has_clock=True)
    says = watched.page.locator("#connection")
    watched.page.context.set_offline(True)
    before = watched.asked_in_all
    for _ in range(12):
        watched.page.clock.run_for(MINUTE_MS / 12)
        watched.page.evaluate("0")
    expect(says).to_have_text("Reconnecting…")
    expect(watched.page.locator(".toast")).to_have_count(0)
    assert 3 <= watched.asked_in_all - before <= 15  # 1, 2, 4, 8, then each 15 s
    watched.page.context.set_offline(False)
    expect(says).to_be_empty()
    watched.expect_no_reload()


def test_a_swap_takes_neither_focus_nor_typed_text_and_closes_nothing(watch, studio, team, project):
    def with_more(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r'(id="takes-list"[^>]*>)', rf"\1{MORE}", answer.text() or "")
        route.fulfill(response=answer, body=body)

    watched = watch(route=with_more)
    page = watched.page
    page.get_by_text("More").click()
    page.get_by_label("Words").fill("half a senten")
    page.keyboard.press("ArrowLeft")
    team.order(project)
    expect(watched.list).to_contain_text("Take 1")
    words = page.get_by_label("Words")
    expect(words).to_be_visible()
    expect(words).to_have_value("half a senten")
    expect(words).to_be_focused()
    assert words.evaluate("field => field.selectionStart") == len("half a sente")


def test_what_is_pressed_is_not_taken_from_under_the_finger(watch, studio, team, project):
    team.order(project)
    watched = watch()
    page, link = watched.page, watched.page.get_by_role("link", name=re.compile("Take 1"))
    box = link.bounding_box()
    assert box
    page.evaluate("addEventListener('pointerdown', ({ target }) => { window.pressed = target; })")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    take = studio.rows("SELECT id FROM renders_take WHERE project_id = ?", project)[0][0]
    studio.wait_until(lambda: studio.status_of(take) == "ready", 300, "the take was ready")
    assert page.evaluate("window.pressed.isConnected")
    page.mouse.up()
    expect(page).to_have_url(re.compile(rf"/takes/{take}/"))
