"""Notes beside the player: typing pauses it, drawings lie over the picture, others' words arrive,
and a review of 300 notes stands still while it loads."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import DESK, DRAWN_MS, PHONE
from tests.browser.teams import Team
from tests.browser.test_player import until

# Every shift of the page that nobody's input explains (web.dev/cls), with what moved.
SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const moved = entry.sources.map(({node}) => node?.id || node?.className || node?.nodeName);
      window.shifts.push([entry.value, moved]);
    }
  }).observe({type: "layout-shift", buffered: true});
}"""
FILM = [
    {"id": "kite", "prompt": "A kite over the dunes", "duration_seconds": 9},
    {"id": "string", "prompt": "The string runs out", "duration_seconds": 8},
]


@pytest.fixture
def take(team: Team) -> int:
    """Ready to be reviewed."""
    return team.ready_take(team.project(FILM))


def watch(page: Page, studio, take: int) -> None:
    page.goto(f"{studio.url}/takes/{take}/")
    expect(page.locator("[data-player][data-ready]")).to_be_visible(timeout=DRAWN_MS)


def drag_on_picture(page: Page, *places: tuple[float, float]) -> None:
    box = page.locator("[data-overlay]").bounding_box()
    assert box
    spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=5)
    page.mouse.up()


def thread(page: Page, text: str) -> Locator:
    return page.locator(".thread", has_text=text)


def test_a_note_from_the_first_key_until_it_is_resolved(studio, sign_in, snap, axe, take):
    creative, producer = sign_in("creative"), sign_in("producer")
    watch(creative, studio, take)
    watch(producer, studio, take)

    # Typing pauses the player and keeps the time.
    creative.get_by_role("button", name=re.compile("^Play")).first.click()
    film = creative.locator("[data-player] video")
    until(creative, "video.currentTime > 0.4")
    creative.locator("#note-text").focus()
    creative.keyboard.type("Look at the sky, @Demo Prod")
    expect(film).to_have_js_property("paused", True)
    pinned = creative.get_by_label("At", exact=True).input_value()
    assert re.fullmatch(r"0:\d\d(\.\d+)?", pinned)
    creative.get_by_role("option", name="Demo Producer").click()

    # The form leaves the notes below it in sight: colours come with a tool.
    colours = creative.get_by_role("radio", name="Red")
    expect(colours).to_have_count(0)
    assert creative.locator("#note-form").bounding_box()["height"] < 200

    # An arrow and a pen stroke; the stroke is taken back.
    creative.get_by_role("button", name="Arrow").click()
    expect(colours).to_have_count(1)
    drag_on_picture(creative, (0.2, 0.7), (0.4, 0.4))
    creative.get_by_role("button", name="Pen", exact=True).click()
    drag_on_picture(creative, (0.5, 0.5), (0.6, 0.6), (0.7, 0.5))
    creative.get_by_role("button", name="Take back the last stroke").click()
    expect(creative.locator("[data-overlay] .draft .line")).to_have_count(1)
    assert axe(creative) == []
    creative.locator("#note-text").press("Control+Enter")
    mine = thread(creative, "Look at the sky")
    expect(mine).to_contain_text("1 arrow")
    expect(mine.locator(".mention")).to_have_text("@Demo Producer")
    expect(creative.locator("[data-overlay] .draft .line")).to_have_count(0)
    expect(creative.locator("#note-text")).to_have_value("")

    # It arrives where another writes, and leaves what they write alone.
    box = producer.locator("#note-text")
    box.focus()
    producer.keyboard.type("The kite is")
    theirs = thread(producer, "Look at the sky")
    expect(theirs).to_be_visible()
    expect(box).to_be_focused()
    producer.keyboard.type(" lovely")
    expect(box).to_have_value("The kite is lovely")
    expect(producer.get_by_role("tab", name=re.compile("Notes"))).to_contain_text("1")

    # From its marker there, with the drawing over the picture.
    producer.locator("[data-markers] .note-marker").click()
    expect(producer.locator("[data-overlay] .shown .line.red")).to_have_count(1)
    expect(producer.get_by_role("img", name="Drawing: 1 arrow")).to_be_attached()
    minutes, seconds = pinned.split(":")
    until(producer, f"Math.abs(video.currentTime - {int(minutes) * 60 + float(seconds)}) < 0.15")
    snap(producer, "notes-drawing")

    # An answer is begun while another arrives: nothing that is typed goes.
    theirs.locator("summary", has_text="Reply").click()
    answer = theirs.get_by_role("textbox")
    answer.fill("Bluer, you")
    creative.locator("#note-text").fill("Is this the logo?")
    creative.get_by_label("Client", exact=True).check(force=True)
    # Posted while the list was asking: the list that comes with the answer goes on asking.
    held: list[Route] = []
    pulse = "**/notes/?*since=*"
    creative.route(pulse, lambda route: route.continue_() if held else held.append(route))
    while not held:
        creative.wait_for_timeout(20)
    creative.get_by_role("button", name="Post note").click()
    expect(thread(creative, "Is this the logo?")).to_be_visible()
    held[0].continue_()
    expect(thread(producer, "Is this the logo?")).to_be_visible()
    expect(answer).to_have_value("Bluer, you")
    answer.fill("Bluer, you mean?")
    theirs.get_by_role("button", name="Post reply").click()
    expect(mine.locator(".replies")).to_contain_text("Bluer, you mean?")

    # Edited in the same form, the drawing over the picture; a reload loses nothing of it.
    mine.get_by_role("link", name="Edit").first.click()
    form = creative.get_by_role("form", name="Edit a note")
    expect(creative.locator("[data-overlay] .draft .line")).to_have_count(1)
    form.get_by_label("What do you see?").fill("Look at the clouds")
    form.get_by_role("button", name="Box").click()
    drag_on_picture(creative, (0.1, 0.1), (0.3, 0.3))
    expect(creative.locator("[data-overlay] .draft .line")).to_have_count(2)
    assert axe(creative) == []
    snap(creative, "notes-editing")
    creative.reload()
    expect(creative.locator("[data-player][data-ready]")).to_be_visible()
    mine.get_by_role("link", name="Edit").first.click()
    expect(form.get_by_label("What do you see?")).to_have_value("Look at the clouds")
    expect(creative.locator("[data-overlay] .draft .line")).to_have_count(2)
    form.get_by_role("button", name="Save").click()
    clouds = thread(creative, "Look at the clouds")
    expect(clouds).to_contain_text("1 arrow, 1 box")
    expect(form).to_have_count(0)
    # What it said and showed before can be seen.
    clouds.get_by_role("link", name="edited").click()
    expect(creative.get_by_role("dialog")).to_contain_text("Look at the sky")
    creative.get_by_role("button", name="Show its drawing").click()
    expect(creative.get_by_role("dialog")).to_be_hidden()
    expect(creative.locator("[data-overlay] .shown .line")).to_have_count(1)

    # Resolved, it leaves the open ones in both windows; and can be reopened.
    creative.get_by_role("button", name="Resolve").first.click()
    expect(thread(producer, "Look at the clouds")).to_have_count(0)
    creative.get_by_role("button", name="Reopen it").click()
    expect(thread(producer, "Look at the clouds")).to_be_visible()
    assert axe(producer) == []


def test_300_notes_stand_still_while_the_page_loads(studio, inside, sign_in, snap, axe, take):
    inside.call("three_hundred_notes", take)
    page = sign_in("producer")
    watch(page, studio, take)
    page.add_init_script(f"({SHIFTS})()")
    for size, viewport in {"desk": DESK, "phone": PHONE}.items():
        page.set_viewport_size(viewport)
        page.reload()
        if size == "desk":  # the notes, the way to write one and the decision, without scrolling
            for seen in (".threads .remark", "#note-text", "#decision-panel .verdicts"):
                expect(page.locator(seen).first).to_be_in_viewport(ratio=1)
        expect(page.locator("[data-markers] .note-marker")).to_have_count(100)
        expect(page.locator(".remark")).to_have_count(300)
        shifts = page.evaluate("window.shifts")
        page.locator(".thread").first.get_by_role("button", name=re.compile("Go to")).click()
        of_notes = [by for by, moved in shifts if any("thread" in str(each) for each in moved)]
        assert sum(of_notes) < 0.01, shifts
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        snap(page, f"notes-300-{size}")
    small = page.locator("#notes :is(button, summary, select, textarea, .deed):visible")
    heights = small.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert axe(page) == []


def test_what_was_begun_outlives_a_reload(studio, team, sign_in, take):
    page = sign_in("producer")
    watch(page, studio, take)
    begun = {}

    def begin(label: str, text: str) -> None:
        begun[label] = text
        page.get_by_label(label, exact=True).fill(text)

    page.locator("#note-text").fill("The string is red")
    page.get_by_role("button", name="Post note").click()
    string = thread(page, "The string is red")
    string.locator("summary", has_text="Reply").click()
    begin("Reply to Demo Producer", "Bluer, you")
    begin("Note", "The sky should")
    page.locator("#shot-2-fix").click()
    begin("What to fix in shot 2", "The string")
    page.locator("#note-text").fill("The kite is")
    page.get_by_label("At", exact=True).fill("0:03")
    page.get_by_text("Client", exact=True).first.click()
    page.reload()
    expect(page.locator("#note-text")).to_have_value("The kite is")
    expect(page.get_by_label("At", exact=True)).to_have_value("0:03")
    expect(page.locator("[name=channel][value=client]")).to_be_checked()
    for label, text in begun.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(text)
        expect(page.get_by_label(label, exact=True)).to_be_visible()

    # Once the server has it, or one gave it up, it does not come back.
    page.get_by_role("button", name="Post note").click()
    expect(thread(page, "The kite is")).to_be_visible()
    string.get_by_role("button", name="Post reply").click()
    expect(string.locator(".replies")).to_contain_text("Bluer, you")
    page.locator("#shot-2-says").press("Escape")
    expect(page.locator("#shot-2-says")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Note", exact=True)).to_have_value("The sky should")
    for field in ("#note-text", "#shot-2-says", f"#{string.get_attribute('id')} textarea"):
        expect(page.locator(field)).to_have_value("")

    # Nor is it shown to somebody else who signs in here.
    page.get_by_role("button", name="Account of").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto(f"{studio.url}/takes/{take}/")
    team.type_sign_in(page, "admin")
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('kept:'))") == []
