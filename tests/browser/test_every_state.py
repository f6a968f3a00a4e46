"""No state of a take, and no standing of its decision, has an accessibility violation."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import DRAWN_MS, PHONE
from tests.browser.ordering import order_take, render_button


def test_no_state_of_a_take_keeps_anybody_out(studio, inside, team, sign_in, axe):
    producer = sign_in("producer")
    for state, pk in inside.call("takes_in_every_state", team.slug).items():
        producer.goto(f"{studio.url}/takes/{pk}/")
        expect(producer.locator("#take-room")).to_be_visible()
        # The state's own part is fetched after the page.
        expect(producer.locator(".take-status")).to_be_visible()
        assert axe(producer) == [], state


def decide(page: Page, button: str, note: str = "") -> None:
    panel = page.locator("#decision-panel")
    if note:
        panel.get_by_label("Note").fill(note)
    panel.get_by_role("button", name=button, exact=True).click()


def test_no_standing_of_a_decision_keeps_anybody_out(team, sign_in, axe):
    producer = sign_in("producer")
    producer.goto(team.board([{"prompt": "A lamp is lit", "duration_seconds": 15}]))
    expect(render_button(producer)).to_be_enabled()
    order_take(producer)
    panel = producer.locator("#takes-panel")
    expect(panel.get_by_text("Ready", exact=True)).to_be_visible(timeout=DRAWN_MS)
    panel.get_by_role("link", name=re.compile("Take 1")).first.click()
    expect(producer.locator("[data-player][data-ready]")).to_be_visible(timeout=DRAWN_MS)
    headline = producer.locator("#decision-panel .headline")
    assert axe(producer) == []
    decide(producer, "Request changes", "Brighter.")
    expect(headline).to_contain_text("Changes requested")
    assert axe(producer) == []
    decide(producer, "Approve")
    expect(producer.get_by_role("link", name="Download video").first).to_be_visible()
    producer.set_viewport_size(PHONE)
    assert axe(producer) == []
    producer.locator("[data-themes] [value=light]").evaluate("button => button.click()")
    expect(producer.locator("html[data-theme=light]")).to_be_attached()
    assert axe(producer) == []
    decide(producer, "Withdraw release")
    expect(producer.get_by_role("link", name="Download video")).to_have_count(0)
    assert axe(producer) == []
    decide(producer, "Withdraw my approval")
    expect(headline).to_contain_text("Not approved yet")
    assert axe(producer) == []
    producer.locator("[data-themes] [value=dark]").evaluate("button => button.click()")
    expect(producer.locator("html[data-theme=dark]")).to_be_attached()
