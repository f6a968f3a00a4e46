"""The end of a drag: what is dragged follows the pointer a little later."""

from playwright.sync_api import Page

# In the page's own time: on a busy machine its clocks are late, too.
PAUSE = "(ms) => new Promise((over) => setTimeout(over, ms))"


def rest(page: Page, x: float, y: float) -> None:
    """Stay there until SortableJS has seen it: it looks every 50 ms, and at nothing that moves
    aside just now, for 140 ms."""
    for off in (1, 0, 1, 0):
        page.mouse.move(x + off, y)
        page.evaluate(PAUSE, 80)
