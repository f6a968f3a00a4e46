"""The x-ray leads to the field that breaks a rule; the export dialogs bring their files."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.pictures.printing.pdf_reader import Pdf

FILM = {
    "prompt": "A day at the coast",
    "duration_seconds": 9,
    "camera": {"motion": "orbit"},
    "storyboard": [
        {"id": "dawn", "prompt": "Dawn over the sea 海", "duration_seconds": 4},
        {"id": "boats", "prompt": "", "duration_seconds": 5},
    ],
}


@pytest.fixture
def board(team):
    return team.board(FILM)


@pytest.fixture
def creative(sign_in, board):
    page = sign_in("creative")
    page.goto(board)
    expect(page.locator(".card")).to_have_count(2)
    return page


def test_a_broken_rule_leads_to_its_field(creative, axe, snap):
    creative.keyboard.press("x")
    dialog = creative.get_by_role("dialog", name="Contract x-ray")
    expect(dialog.get_by_text("2 rules are broken.")).to_be_visible()
    assert axe(creative) == []
    snap(creative, "xray")
    dialog.get_by_role("link", name="Shot 2 has no prompt").click()
    expect(dialog).to_be_hidden()
    prompt = creative.locator("#inspector").get_by_label("Prompt", exact=True)
    expect(prompt).to_be_focused()
    # Also when the field is there already.
    creative.get_by_role("link", name="X-ray").click()
    dialog.get_by_role("link", name="Shot 2 has no prompt").click()
    expect(dialog).to_be_hidden()
    expect(prompt).to_be_focused()
    creative.keyboard.type("Boats leave")
    creative.keyboard.press("Tab")
    expect(creative.get_by_text("Saved · rev 2", exact=True)).to_be_visible()
    creative.get_by_role("link", name="X-ray").click()
    expect(dialog.get_by_text("1 rule is broken.")).to_be_visible()
    # It follows the board while it is open.
    creative.evaluate("document.querySelector('#x-ray .x-line').dataset.former = 'yes'")
    creative.evaluate("htmx.trigger(document.body, 'boardChanged')")
    expect(dialog.locator("[data-former]")).to_have_count(0)
    expect(dialog.get_by_role("heading", name="Contract x-ray")).to_be_visible()
    dialog.locator(".x-fate", has_text="Boats leave").hover()
    expect(dialog.locator(".x-line.lit")).to_have_text('      "prompt": "Boats leave",')


def test_without_scripts_the_x_ray_is_a_page(sign_in, board):
    page = sign_in("viewer", java_script_enabled=False)
    page.goto(board)
    page.get_by_role("link", name="X-ray").click()
    page.get_by_role("link", name="Shot 2 has no prompt").click()
    assert page.url.startswith(f"{board}?shot=")
    expect(page.locator("#inspector").get_by_label("Prompt", exact=True)).to_be_visible()


def test_the_pdf_dialog_brings_a_pdf(creative, axe, snap):
    creative.get_by_role("button", name="Export").click()
    creative.get_by_role("link", name="PDF boards…").click()
    dialog = creative.get_by_role("dialog", name="PDF boards")
    dialog.get_by_label("4", exact=True).check(force=True)
    dialog.get_by_label("US Letter").check(force=True)
    assert axe(creative) == []
    snap(creative, "pdf-boards")
    with creative.expect_download() as download:
        dialog.get_by_role("button", name="Download PDF").click()
    assert download.value.suggested_filename == "Coast-boards.pdf"
    pdf = Pdf(Path(download.value.path()).read_bytes())
    assert pdf.size_mm == (279.4, 215.9)
    assert "Dawnoverthesea海" in pdf.pages[0].text


def test_on_a_phone_the_x_ray_fits(sign_in, board, axe):
    phone = sign_in("viewer", viewport={"width": 390, "height": 844}, has_touch=True)
    phone.goto(f"{board}x-ray/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(phone) == []
