"""PDF boards, read back: pages, places, scripts, and no text that is lost."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.pictures.printing import facts, words
from studio.pictures.printing.layout import GRIDS, PAPERS, Box, page_plan

LONG = "The camera drifts over the water while lanterns flicker. " * 70
GRID = pytest.mark.parametrize("per_page", GRIDS)


@pytest.mark.parametrize(
    ("per_page", "paper"), [*((count, "a4") for count in GRIDS), (6, "letter")]
)
def test_every_grid_on_every_paper(board, printed, per_page, paper):
    pdf = printed(board(*(f"Beat {n}" for n in range(20))), per_page, paper)
    assert len(pdf.pages) == math.ceil(20 / per_page)
    assert pdf.size_mm == PAPERS[paper]
    assert [page.pictures for page in pdf.pages][0] == per_page
    assert sum(page.pictures for page in pdf.pages) == 20
    for number, page in enumerate(pdf.pages, start=1):
        assert "NeonTokyo" in page.text
        assert f"{number}/{len(pdf.pages)}" in page.text
        assert "2shots·9s" in page.text


@GRID
def test_a_panel_tells_all_of_its_shot(board, printed, per_page):
    text = printed(board("Rain", notes="More steam"), per_page).pages[0].text
    for part in ("1", "scene-1", "4.5s", "0:01–0:09", "Rain", "Dollyin,speed0.6", "4200K", "Cut",
                 "Notes", "Moresteam"):  # fmt: skip
        assert part in text


@pytest.mark.parametrize("per_page", [1, 9])
def test_everything_stands_on_the_paper(board, printed, per_page):
    pdf = printed(board(*[LONG[:900]] * 10, notes="Mind\nthe gap " * 9), per_page)
    width, height = pdf.size_mm
    for page in pdf.pages:
        for part in page.shown:
            assert 11 < part.x < width - 12, part
            assert 10 < part.y < height - 10, part


@pytest.mark.parametrize("per_page", [1, 4, 6])
def test_a_text_too_long_for_its_panel_stands_in_full_at_the_end(board, printed, per_page):
    pdf = printed(board("Rain", LONG, "Sun", notes="Never lose this. " * 40), per_page)
    last = pdf.pages[-1]
    grid_pages = math.ceil(3 / per_page)
    assert len(pdf.pages) > grid_pages
    assert f"…infullonpage{grid_pages + 1}" in "".join(p.text for p in pdf.pages[:grid_pages])
    in_full = "".join(page.text for page in pdf.pages[grid_pages:])
    assert "Shot2·scene-2" in in_full
    assert "".join(LONG.split()) in in_full
    assert "".join(("Never lose this. " * 40).split()) in in_full
    assert last.pictures == 0


def test_long_texts_flow_over_as_many_pages_as_they_take(board, printed):
    pdf = printed(board(*(f"{LONG} Shot {n} ends." for n in range(18))), per_page=9)
    assert len(pdf.pages) > 2 + 4
    text = "".join(page.text for page in pdf.pages[2:])
    assert all(f"Shot{n}ends." in text for n in range(18))


def test_a_scene_id_that_has_no_room_is_told_in_full(board, printed):
    scene = "a-scene-with-a-very-long-name-" * 2 + "{}"
    for per_page in (6, 9):
        text = "".join(page.text for page in printed(board("Rain", scene=scene), per_page).pages)
        assert scene.format(1) in text


def test_a_long_title_is_shortened_where_it_can_be_seen(board, printed):
    text = printed(board("Rain", title="霓虹" * 60)).pages[0].text
    assert text.startswith("霓虹霓虹")
    assert "…" in text


SCRIPTS = {
    "Chinese": "霓虹灯下的东京，囍字。",
    "Traditional Chinese": "霓虹燈下的東京",
    "Japanese": "夜の新宿、直した骨",
    "Korean": "네온불빛",
    "Cyrillic": "Неоновыйдождь",
    "Greek": "Νέονκαιβροχή",
    "Vietnamese": "Mưađêm",
    "Thai": "โตเกียว",
    "emoji": "🥖🔥🎬",
    "signs": "→‰♪½",
}


def test_scripts_of_the_world_are_set_in_letters(board, printed):
    text = printed(board(*SCRIPTS.values()), per_page=9).pages
    shown = "".join(page.text for page in text)
    assert [script for script, sample in SCRIPTS.items() if sample not in shown] == []
    assert "□" not in shown


def test_right_to_left_writing_is_joined_and_in_the_order_it_is_seen(board, printed):
    text = printed(board("مرحبا", "שלום 12")).pages[0].text
    assert "ﺎﺒﺣﺮﻣ" in text
    assert "12םולש" in text


def test_a_sign_that_no_font_has_leaves_a_box(board, printed):
    assert "a□b" in printed(board("a\U0001e900b")).pages[0].text


@given(st.text(max_size=600), st.text(max_size=300), st.floats(12, 80), st.floats(8, 60))
@settings(max_examples=30, deadline=None)
def test_words_fit_their_box_or_say_that_they_go_on(prompt, notes, width, height):
    shown = words.fitted(
        words.Text(prompt, notes), Box(0, 0, width, height), largest=9, smallest=6.5
    )
    used = sum(line.style.line_mm for line in shown.lines)
    spare = words.Style(6.5).line_mm if shown.goes_on else 0
    assert used + spare <= height + 1e-6


def test_facts_that_have_no_room_are_left_over_never_lost():
    said = tuple((f"Label {n}", "word " * 12) for n in range(6))
    for lay in (facts.in_rows, facts.inline):
        found = lay(said, 8, 60, 20)
        assert 0 < len(found.left_over) < 6
        assert found.left_over == said[-len(found.left_over) :]
        assert all(place.y + place.line.style.line_mm <= 20.001 for place in found.placed)


def test_cells_lie_beside_each_other_on_the_page():
    for paper in PAPERS:
        for per_page in GRIDS:
            plan = page_plan(paper, per_page)
            cells = [plan.cell(index) for index in range(per_page)]
            for cell in cells:
                assert cell.x + cell.width <= plan.width - 11.9
                assert cell.y + cell.height <= plan.height - 11.9 - 6
            parts = plan.panel
            for part in (parts.picture, parts.facts, parts.words):
                assert part.y + part.height <= cells[0].height + 0.01
                assert part.height > 5
