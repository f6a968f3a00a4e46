"""Ordering a take as a person does: Render on the board, then Render in what it opens."""

from playwright.sync_api import Locator, Page, expect


def render_button(page: Page) -> Locator:
    """The board's."""
    return page.get_by_role("button", name="Render", exact=True)


def before_spending(page: Page) -> Locator:
    """Press the board's Render; the dialog that tells what it costs."""
    page.wait_for_load_state()  # without its scripts, Render leads to a page instead
    render_button(page).click()
    dialog = page.get_by_role("dialog")
    # What was typed is saved first.
    expect(dialog.get_by_label("What it costs")).to_be_visible()
    return dialog


def order_take(page: Page) -> None:
    """Order a take of the board that `page` shows, and see the dialog go."""
    dialog = before_spending(page)
    dialog.get_by_role("button", name="Render", exact=True).click()
    expect(dialog).to_be_hidden()
