"""What renders cost, seen by eye and by machine, on a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.teams import Team
from tests.browser.test_board import FILM


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_costs_rates_and_budgets_are_for_everybody(
    sign_in: Callable[..., Page], team: Team, snap, axe, size, theme
):
    team.order(team.project(FILM))
    page = sign_in("admin", viewport=size)
    for place in ("", "?by=shot", "rates/", "budgets/"):
        page.goto(team.address(f"costs/{place}"))
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    snap(page, f"budgets-{theme}-{size['width']}")


def test_a_rate_is_set_and_what_was_typed_wrong_is_kept(sign_in: Callable[..., Page], team: Team):
    page = sign_in("admin")
    page.goto(team.address("costs/"))
    page.get_by_role("link", name="Rates").click()
    page.get_by_label("Per second").fill("dear")
    page.get_by_label("Per shot, besides").fill("0.25")
    page.get_by_role("button", name="Set rate").click()
    expect(page.get_by_text("This is not an amount.")).to_be_visible()
    expect(page.get_by_label("Per shot, besides")).to_have_value("0.25")
    page.get_by_label("Per second").fill("0,20")
    page.get_by_label("Per shot, besides").fill("0")
    page.get_by_label("Valid from").fill("2099-01-01")
    page.get_by_role("button", name="Set rate").click()
    expect(page.get_by_text("on a second costs 0.20 USD.")).to_be_visible()
    page.get_by_role("link", name="Remove the rate from 1 Jan 2099").click()
    page.get_by_role("button", name="Remove rate").click()
    expect(page.get_by_text("The rate from 1 Jan 2099 is removed.")).to_be_visible()
