"""Reference pictures under the hands of people: chosen, dropped, pasted and sketched."""

import base64
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.teams import Team

FILM = {
    "prompt": "A day at the coast",
    "duration_seconds": 20,
    "camera": {"motion": "orbit"},
    "storyboard": [
        {"id": "dawn", "prompt": "Dawn over the sea", "duration_seconds": 12},
        {"id": "boats", "prompt": "Boats leave the harbour", "duration_seconds": 8},
    ],
}
# What a browser does when files are let go over an element, or pasted: a real DataTransfer.
GIVE = """([at, kind, encoded, type]) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], "given.png", { type }));
    const options = { bubbles: true, cancelable: true };
    const target = document.querySelector(at);
    if (kind === "paste") {
        target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: files }));
        return;
    }
    for (const step of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(step, { ...options, dataTransfer: files }));
    }
}"""


def colour(name: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (640, 360), name).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def board(team: Team) -> str:
    return team.board(FILM)


@pytest.fixture
def creative(sign_in: Callable[..., Page], board: str) -> Page:
    page = sign_in("creative")
    open_first(page, board)
    return page


def open_first(page: Page, board: str) -> None:
    page.goto(board)
    page.get_by_role("link", name="Inspect shot 1").click()
    expect(page.get_by_role("heading", name="Reference picture")).to_be_visible()


def expect_saved(page: Page, revision: int) -> None:
    expect(page.get_by_text(f"Saved · rev {revision}", exact=True)).to_be_visible()
    expect(page.locator(".uploading")).to_have_count(0)


def shown(page: Page, at: str) -> tuple[int, int, int]:
    """The colour in the middle of a picture on the page, as it was really loaded."""
    return tuple(
        page.locator(at).evaluate(
            """async (image) => {
                await image.decode();
                const canvas = new OffscreenCanvas(16, 9);
                const drawn = canvas.getContext("2d");
                drawn.drawImage(image, 0, 0, 16, 9);
                return [...drawn.getImageData(8, 4, 1, 1).data].slice(0, 3);
            }"""
        )
    )


def give(page: Page, at: str, kind: str, data: bytes, media_type: str = "image/png") -> None:
    page.evaluate(GIVE, [at, kind, base64.b64encode(data).decode(), media_type])


def open_sketch(page: Page) -> None:
    page.get_by_role("link", name="Sketch").click()
    expect(page.locator("#sketch[data-ready]")).to_be_visible()


def draw(page: Page, *points: tuple[float, float]) -> None:
    box = page.locator("#sketch canvas").bounding_box()
    assert box
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()


CARD = ".card:nth-of-type(1) .frame img"
LARGE = ".reference img"


def test_a_chosen_picture_is_shown_removed_and_brought_back(creative, axe):
    files = {"name": "red.png", "mimeType": "image/png", "buffer": colour("red")}
    creative.locator("[data-pictures]").set_input_files(files)
    expect_saved(creative, 2)
    assert shown(creative, CARD)[0] > 240 > 20 > shown(creative, CARD)[1]
    assert shown(creative, LARGE)[0] > 240
    expect(creative.get_by_alt_text("Reference picture of this shot")).to_be_visible()
    assert axe(creative) == []
    creative.get_by_role("button", name="Remove the picture").click()
    expect_saved(creative, 3)
    expect(creative.get_by_text("Drawn from the prompt")).to_be_visible()
    creative.get_by_role("button", name="Undo", exact=True).click()
    expect_saved(creative, 4)
    assert shown(creative, LARGE)[0] > 240
    creative.reload()
    assert shown(creative, CARD)[0] > 240


def test_pictures_dropped_on_two_cards_wait_for_each_other(creative):
    give(creative, "#grid .card:nth-of-type(1)", "drop", colour("red"))
    give(creative, "#grid .card:nth-of-type(2)", "drop", colour("blue"))
    expect_saved(creative, 3)
    assert shown(creative, CARD)[0] > 240
    assert shown(creative, ".card:nth-of-type(2) .frame img")[2] > 240
    give(creative, "#toolbar", "drop", colour("red"))
    expect(creative.get_by_text("Drop the picture on a card")).to_be_visible()


def test_a_pasted_picture_goes_to_the_selected_shot(creative):
    give(creative, "body", "paste", colour("lime"))
    expect_saved(creative, 2)
    assert shown(creative, CARD)[1] > 240
    creative.get_by_label("Prompt of shot 1").focus()
    give(creative, "#card-0, textarea", "paste", colour("red"))
    creative.keyboard.press("Tab")
    expect_saved(creative, 2)


def test_what_is_no_picture_is_said_where_it_was_chosen(creative, tmp_path):
    file = {"name": "a.png", "mimeType": "image/png", "buffer": b"<svg xmlns='a'></svg>"}
    creative.locator("[data-pictures]").set_input_files(file)
    expect(creative.locator(".reference .error")).to_contain_text("Save it as PNG or JPEG")
    expect(creative.locator(".toast").filter(has_text="SVG drawing")).to_be_visible()
    (tmp_path / "large.png").write_bytes(bytes(30_000_000))
    creative.locator("[data-pictures]").set_input_files(tmp_path / "large.png")
    expect(creative.locator(".toast").filter(has_text="30.0 MB")).to_be_visible()
    give(creative, "#grid .card", "drop", colour("red"))
    expect_saved(creative, 2)


@pytest.mark.parametrize(("megabytes", "status"), [(30, 422)])
def test_what_is_too_large_gets_an_answer_and_no_broken_line(creative, megabytes, status):
    large = {"name": "a.png", "mimeType": "image/png", "buffer": bytes(megabytes * 1_000_000)}
    shot = creative.evaluate("new URLSearchParams(location.search).get('shot')")
    token = creative.evaluate("document.cookie.match(/csrftoken=([^;]+)/)[1]")
    answer = creative.request.post(
        f"{creative.url.partition('?')[0]}shots/{shot}/reference/",
        multipart={"base": "1", "picture": large},
        headers={"X-CSRFToken": token, "HX-Request": "true"},
    )
    assert answer.status == status
    assert f"has%20{megabytes}" in answer.headers["x-says"]


def test_a_sketch_is_drawn_taken_back_and_saved(creative, axe, snap):
    open_sketch(creative)
    sketch = creative.get_by_role("dialog", name="Sketch shot 1")
    save = sketch.get_by_role("button", name="Save the sketch")
    expect(save).to_be_disabled()
    sketch.get_by_text("Blue").check(force=True)
    sketch.get_by_text("Very broad").check(force=True)
    draw(creative, (0.2, 0.5), (0.8, 0.5))
    draw(creative, (0.5, 0.2), (0.5, 0.3))
    assert axe(creative) == []
    snap(creative, "sketch")
    creative.keyboard.press("Control+z")
    expect(sketch.get_by_role("button", name="Redo stroke")).to_be_enabled()
    sketch.get_by_role("button", name="Clear").click()
    expect(save).to_be_disabled()
    sketch.get_by_role("button", name="Undo stroke").click()
    creative.keyboard.press("Escape")
    expect(sketch.get_by_text("The sketch is not saved yet.")).to_be_visible()
    save.click()
    expect(sketch).to_be_hidden()
    expect_saved(creative, 2)
    red, _, blue = shown(creative, LARGE)
    assert blue > red + 30, "the stroke, and more than paper"
    assert "sketch" not in creative.evaluate("Object.keys(sessionStorage).join()")


def test_a_sketch_outlives_a_lost_request(creative):
    open_sketch(creative)
    draw(creative, (0.2, 0.2), (0.8, 0.8))
    creative.context.set_offline(True)
    creative.get_by_role("button", name="Save the sketch").click()
    expect(creative.get_by_text("The sketch is kept here and sent again")).to_be_visible()
    creative.context.set_offline(False)
    expect_saved(creative, 2)
    expect(creative.locator("#sketch")).to_have_count(0)
    assert max(shown(creative, LARGE)) < 250


def test_a_sketch_outlives_a_reload_until_it_is_thrown_away(creative):
    open_sketch(creative)
    draw(creative, (0.2, 0.2), (0.8, 0.8))
    creative.reload()
    open_sketch(creative)
    expect(creative.get_by_text("Your unsaved sketch is still here.")).to_be_visible()
    creative.get_by_role("button", name="Cancel").click()
    creative.get_by_role("button", name="Throw it away").click()
    expect(creative.locator("#sketch")).to_have_count(0)
    assert "sketch" not in creative.evaluate("Object.keys(sessionStorage).join()")


def test_a_finger_sketches_on_a_phone(sign_in, board, snap, axe):
    page = sign_in("creative", viewport=PHONE, has_touch=True)
    open_first(page, board)
    page.get_by_role("link", name="Sketch").click()
    expect(page.locator("#sketch[data-ready]")).to_be_visible()
    box = page.locator("#sketch canvas").bounding_box()
    assert box
    touches = page.context.new_cdp_session(page)
    for kind, x in (("touchStart", 0.2), ("touchMove", 0.5), ("touchMove", 0.8), ("touchEnd", 0)):
        at = [{"x": box["x"] + x * box["width"], "y": box["y"] + box["height"] / 2}]
        touches.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [] if kind == "touchEnd" else at},
        )
    expect(page.get_by_role("button", name="Undo stroke")).to_be_enabled()
    snap(page, "sketch-phone")
    assert axe(page) == []
    # Pressed, not tapped: a busy machine stretches a tap into a long press, which presses nothing.
    page.get_by_role("button", name="Save the sketch").click()
    expect_saved(page, 2)
    assert max(shown(page, LARGE)) < 250


def test_without_scripts_it_is_a_form(sign_in, board, tmp_path):
    page = sign_in("creative", java_script_enabled=False)
    page.goto(board)
    page.get_by_role("link", name="Inspect shot 1").click()
    (tmp_path / "red.png").write_bytes(colour("red"))
    page.locator("[data-pictures]").set_input_files(tmp_path / "red.png")
    page.get_by_role("button", name="Add the picture").click()
    expect(page.get_by_alt_text("Reference picture of this shot")).to_be_visible()
    page.get_by_role("button", name="Remove the picture").click()
    expect(page.get_by_text("Drawn from the prompt")).to_be_visible()
