"""The bell counts up while one works elsewhere; the inbox and its preferences, wide and narrow."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import DRAWN_MS, PHONE

MINUTE_MS = 60_000
FILM = [{"prompt": "A kite over dunes", "duration_seconds": 15}]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_the_bell_rings_by_itself_and_leads_to_the_take(studio, team, sign_in, snap, axe):
    creative = sign_in("creative")
    take = team.order(team.project(FILM, "A film to tell of"))
    bell = creative.locator("#bell")
    expect(bell.locator(".count")).to_be_visible(timeout=DRAWN_MS)  # nobody touched the page
    bell.click()
    says = re.compile("of “A film to tell of” is ready to review")
    row = creative.locator(".notice-row", has_text=says)
    expect(row).to_have_class(re.compile("unread"))
    snap(creative, "inbox")
    assert axe(creative) == []

    # Filtering swaps the list alone; looking at what it is about is reading it.
    creative.get_by_label("Kind").select_option("Film released")
    expect(creative.get_by_text("Nothing like that")).to_be_visible()
    creative.get_by_label("Kind").select_option("Take ready to review")
    row.get_by_role("link").click()
    expect(creative).to_have_url(f"{studio.url}/takes/{take}/")
    creative.goto(f"{studio.url}/inbox/")
    expect(row).not_to_have_class(re.compile("unread"))


def test_preferences_are_kept_on_a_phone_too(studio, team, sign_in, snap, axe):
    team.project(FILM, "A film to tell of")
    viewer = sign_in("viewer", viewport=PHONE)
    viewer.goto(f"{studio.url}/inbox/")
    assert axe(viewer) == []
    assert fits(viewer)
    viewer.get_by_role("link", name="Preferences").click()
    released = viewer.get_by_role("radiogroup", name="Film released")
    released.get_by_label("App only").check()
    viewer.get_by_label("Daily e-mail at").select_option("17:00")
    viewer.get_by_role("button", name="Save", exact=True).click()
    done = viewer.get_by_role("status").filter(has_text="Saved. It holds for everything from")
    expect(done).to_be_visible()
    expect(released.get_by_label("App only")).to_be_checked()
    expect(viewer.get_by_label("Daily e-mail at")).to_have_value("17")
    snap(viewer, "inbox-preferences-phone")
    assert axe(viewer) == []
    assert fits(viewer)

    viewer.get_by_role("list", name="Projects").get_by_role("link").first.click()
    dialog = viewer.get_by_role("dialog")
    dialog.get_by_label("Mute").check()
    dialog.get_by_text("Other e-mails for this project").click()
    snap(viewer, "inbox-project-phone")
    assert axe(viewer) == []
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(viewer.get_by_text("Muted", exact=True)).to_be_visible()


def test_what_failed_stays_until_it_is_dismissed(studio, team, sign_in, snap, axe):
    team.project(FILM, "A film to tell of")
    viewer = sign_in("viewer")
    viewer.clock.install()
    viewer.goto(f"{studio.url}/inbox/preferences/")
    viewer.get_by_role("button", name="Save", exact=True).click()
    done = viewer.locator("#toasts").get_by_role("status").locator(".done")
    words = done.get_by_text("Saved.")
    words.hover(force=True)  # one presses through it; and so it stays, however long this takes
    viewer.get_by_role("list", name="Projects").get_by_role("link").first.press("Enter")
    dialog = viewer.get_by_role("dialog")
    dialog.get_by_label("Mute").press("Space")
    viewer.context.set_offline(True)
    dialog.get_by_role("button", name="Save", exact=True).press("Enter")
    failed = dialog.get_by_role("alert").locator(".failed")  # beside a dialog all is mute
    expect(failed).to_contain_text("The studio cannot be reached.")
    words.hover(force=True)  # the other has moved it
    viewer.context.set_offline(False)
    snap(viewer, "toasts")
    assert axe(viewer) == []

    viewer.clock.run_for(MINUTE_MS)
    expect(done).to_be_visible()
    viewer.mouse.move(0, 0)
    viewer.clock.run_for(MINUTE_MS)
    expect(done).to_have_count(0)
    expect(failed).to_be_visible()
    failed.get_by_role("button", name="Dismiss").press("Escape")
    expect(failed).to_have_count(0)
    expect(dialog.get_by_label("Mute")).to_be_checked()


def test_an_admin_adds_a_webhook_and_is_told_why_it_cannot_be(team, sign_in, snap, axe):
    admin = sign_in("admin")
    admin.goto(team.address("hooks/"))
    admin.get_by_label("Name").fill("#film-reviews")
    admin.get_by_label("Webhook address").fill("https://127.0.0.1/services/T0/B0/sekret")
    admin.get_by_role("button", name="Add webhook").click()
    expect(admin.get_by_text("it is not on the public internet")).to_be_visible()
    expect(admin.get_by_label("Name")).to_have_value("#film-reviews")
    assert "sekret" not in admin.content()
    snap(admin, "hooks")
    assert axe(admin) == []
