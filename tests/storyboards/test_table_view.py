"""The table: another view of the same list, remembered, swapped row by row."""

import re

import pytest

from studio.storyboards.models import Shot

LONG = "A dark village street with one lit window, snow falling through its yellow light. " * 2


def test_the_view_of_the_address_is_remembered(tokyo, creative):
    address = f"/projects/{tokyo.pk}/"
    assert 'data-view="grid"' in creative.get(address).content.decode()
    table = creative.get(f"{address}?view=table")
    assert table.cookies["board-view"]["samesite"] == "Lax"
    page = creative.get(address).content.decode()
    assert 'data-view="table"' in page
    assert '<tbody id="grid"' in page
    assert 'class="card' not in page
    creative.get(f"{address}?view=grid")
    assert 'data-view="grid"' in creative.get(address).content.decode()


@pytest.mark.parametrize("view", ["wall", "", "<script>"])
def test_an_unknown_view_is_the_grid(tokyo, creative, view):
    answer = creative.get(f"/projects/{tokyo.pk}/", {"view": view})
    assert 'data-view="grid"' in answer.content.decode()
    assert "board-view" not in answer.cookies


def test_rows_tell_when_each_shot_is(tokyo, creative):
    Shot.objects.filter(project=tokyo, position=0).update(duration_ms=12_250)
    page = creative.get(f"/projects/{tokyo.pk}/?view=table").content.decode()
    first, second = re.findall(r'<td class="span">([^<]+)</td>', page)
    assert first == "0–12.25"
    assert second.startswith("12.25–")


def test_an_edit_swaps_the_row_of_the_view_it_came_from(tokyo, creative):
    shot = tokyo.shots.first().pk
    headers = {"hx-request": "true", "hx-current-url": f"http://testserver/projects/{tokyo.pk}/"}
    address = f"/projects/{tokyo.pk}/shots/{shot}/"
    row = creative.post(
        address, {"base": 1, "speed": "0.3"}, headers={**headers, "board-view": "table"}
    ).content.decode()
    assert f'<tr id="card-{shot}"' in row
    assert "<template>" in row  # a row alone would be dropped by the browser's parser
    card = creative.post(
        address, {"base": 2, "speed": "0.4"}, headers={**headers, "board-view": "grid"}
    ).content.decode()
    assert f'<li id="card-{shot}"' in card


def test_a_refused_cell_keeps_what_was_typed_beside_its_sentence(tokyo, creative):
    shot = tokyo.shots.first().pk
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/", "board-view": "table"}
    answer = creative.post(
        f"/projects/{tokyo.pk}/shots/{shot}/", {"base": 1, "speed": "seven"}, headers=headers
    )
    assert answer.status_code == 422
    row = answer.content.decode()
    assert re.search(r'name="speed" value="seven"[^>]*aria-invalid="true"', row)
    assert "The camera speed is a number from 0.1 to 1" in row


def test_a_table_of_100_shots_is_under_250_kb(long_board, creative):
    project = long_board(100)
    Shot.objects.filter(project=project).update(
        prompt=LONG, speed=0.35, motion="dolly-in", light_temperature=5600, light_style="tungsten"
    )
    page = creative.get(f"/projects/{project.pk}/?view=table").content
    assert page.count(b"<tr id=") == 100
    assert len(page) < 250_000


def test_viewers_read_the_table_and_change_nothing(tokyo, viewer):
    page = viewer.get(f"/projects/{tokyo.pk}/?view=table").content.decode()
    rows = page[page.index("<tbody") : page.index("</tbody")]
    fields = re.findall(r"<(?:input id|textarea|select)[^>]*>", rows)
    assert fields
    assert all("readonly" in field or "disabled" in field for field in fields)
