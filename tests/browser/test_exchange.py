"""Imports and exports as a person does them: choose, map by hand, import, undo, download."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.teams import Team
from tests.browser.test_board import FILM

TABLE = "Nr;Was passiert;Wie lange;Merken\n1;Regen über dem Hafen;4,5;Ton fehlt\n2;Nebel;lang;\n"


@pytest.fixture
def board(team: Team) -> str:
    """The address of a board of FILM's shots."""
    return team.board(FILM)


def test_a_table_is_mapped_by_hand_imported_and_undone(
    board: str,
    sign_in: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    snap: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    file = tmp_path / "drehplan.csv"
    file.write_bytes(TABLE.encode("cp1252"))
    page = sign_in("creative")
    page.goto(board)
    shots = page.locator(".card[data-shot]")
    expect(shots).to_have_count(before := len(FILM["storyboard"]))
    page.get_by_role("link", name="Import", exact=True).click()
    expect(page.get_by_label("File")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    coming = page.get_by_role("region", name="Shots to be imported")
    expect(coming).to_contain_text("Regen über dem Hafen")
    page.get_by_label("Prompt", exact=True).select_option(label="B · Was passiert")
    page.get_by_label("Duration", exact=True).select_option(label="C · Wie lange")
    expect(page.get_by_role("heading", name="1 shot")).to_be_visible()
    page.get_by_label("Notes", exact=True).select_option(label="D · Merken")
    expect(coming).to_contain_text("Ton fehlt")
    expect(coming).to_contain_text("4.5 s")
    expect(page.get_by_text("“lang” is not a duration")).to_be_visible()
    assert axe(page) == []
    snap(page, "import-preview")
    page.get_by_label("Leave out this one").check()
    page.get_by_role("button", name="Import 1 shot").click()
    expect(page.get_by_text("Imported 1 shot from drehplan.csv.")).to_be_visible()
    expect(shots).to_have_count(before + 1)
    page.get_by_role("button", name="Undo").click()
    expect(shots).to_have_count(before)


def test_the_preview_fits_a_phone_and_works_without_scripts(
    board: str,
    sign_in: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    snap: Callable[[Page, str], None],
) -> None:
    page = sign_in("creative", viewport=PHONE)
    page.goto(f"{board}import/")
    page.get_by_label("Or paste it").fill("INT. PORT - NIGHT\n\nRain.\n\nMARA\nLate.\n")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="1 shot")).to_be_visible()
    page.wait_for_load_state()  # half styled, it is wider
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    assert axe(page) == []
    snap(page, "import-preview-phone")
    plain = sign_in("creative", java_script_enabled=False)
    plain.goto(page.url)
    plain.get_by_label("Durations").select_option("equal")
    plain.get_by_label("Seconds when all the same").fill("3.5")
    plain.get_by_role("button", name="Update the preview").click()
    expect(plain.get_by_text("Every shot lasts 3.5 s.")).to_be_visible()
    plain.get_by_role("button", name="Import 1 shot").click()
    expect(plain.get_by_text("Imported 1 shot from pasted text.")).to_be_visible()


def test_a_board_is_taken_home_from_the_menu(board: str, sign_in: Callable[..., Page]) -> None:
    page = sign_in("viewer")
    page.goto(board)
    expect(page.get_by_role("link", name="Import", exact=True)).to_have_count(0)
    for item, suffix in (("Transend JSON", "json"), ("CSV for spreadsheets", "csv")):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("link", name=item).click()
        assert download.value.suggested_filename.endswith(f".{suffix}")
        text = Path(download.value.path()).read_text("utf-8-sig")
        if suffix == "json":
            assert [s["prompt"] for s in json.loads(text)["storyboard"]] == [
                s["prompt"] for s in FILM["storyboard"]
            ]
        else:
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
            assert [row["Prompt"] for row in rows] == [s["prompt"] for s in FILM["storyboard"]]
