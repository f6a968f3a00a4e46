"""The library of released films, what can be taken away of one, and the pack opened from disk."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE


def released(studio, producer: Page, folder) -> None:
    """A film that is ready is approved, as a command does it, and so released."""
    title = "A film to release"
    body = json.dumps([{"prompt": "A lighthouse at dusk", "duration_seconds": 15}])
    storyboard = folder / "released.json"
    storyboard.write_text(body)
    made = studio.answer(
        "import_storyboard", str(storyboard), "--workspace", "demo", "--title", title
    )
    ordered = studio.answer(
        "submit_project", str(made["project"]), "--as", "producer@demo.localhost"
    )
    producer.goto(f"{studio.url}/takes/{ordered['take']}/")
    expect(producer.get_by_role("button", name="Approve", exact=True)).to_be_visible(
        timeout=120_000
    )
    studio.answer(
        "decide_take", str(ordered["take"]), "--as", "producer@demo.localhost", "--approve"
    )


def test_a_released_film_is_found_checked_and_taken_away(studio, sign_in, snap, axe, tmp_path):
    producer = sign_in("producer")
    released(studio, producer, tmp_path)
    producer.get_by_role("link", name="Releases", exact=True).click()
    entry = producer.locator(".release").first
    expect(entry.get_by_text("Released", exact=True)).to_be_visible()
    entry.get_by_text("Facts and hashes").click()
    expect(entry.get_by_text("H.264")).to_be_visible()
    snap(producer, "releases")
    assert axe(producer) == []

    # Finding swaps the list alone, and its address can be kept.
    producer.get_by_label("Search releases").fill("no such film")
    expect(producer.get_by_text("Nothing found")).to_be_visible()
    assert "q=no" in producer.url
    producer.get_by_role("link", name="Show all releases").click()

    entry.get_by_role("link", name=re.compile("Downloads")).click()
    dialog = producer.get_by_role("dialog")
    expect(dialog.get_by_text("Offline review pack", exact=True)).to_be_visible()
    snap(producer, "releases-downloads")
    assert axe(producer) == []
    with producer.expect_download() as coming:
        dialog.get_by_role("button", name=re.compile("offline review pack")).click()
    pack = tmp_path / coming.value.suggested_filename
    coming.value.save_as(pack)
    assert pack.name.endswith(".review.html")
    opens_from_disk(producer, pack, axe, snap)


def opens_from_disk(producer, pack, axe, snap) -> None:
    """Without a network, a request or a complaint; on a phone nothing is wider than the screen."""
    page = producer.context.browser.new_page(viewport=PHONE)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url[:60]))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(pack.as_uri())
    preview = page.get_by_role("img", name=re.compile("Watermarked preview"))
    page.wait_for_function(
        "one => one.complete && one.naturalWidth > 0", arg=preview.element_handle()
    )
    expect(page.get_by_text("For the client:")).to_be_visible()
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == 1
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    snap(page, "review-pack")
    page.close()
    # The pack's own policy lets nobody in, not even the examiner: that is put aside for axe.
    examined = producer.context.browser.new_context(bypass_csp=True).new_page()
    examined.goto(pack.as_uri())
    assert axe(examined) == []
    examined.context.close()


def test_the_library_on_a_phone(studio, sign_in, snap, axe):
    page = sign_in("admin", viewport=PHONE)
    page.get_by_role("link", name="Releases", exact=True).click()
    nav = page.locator(".topbar nav")
    assert nav.evaluate("one => one.scrollWidth <= one.clientWidth"), "the nav must fit"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    snap(page, "releases-phone")
    assert axe(page) == []
