"""Exported as CSV and read back, shots are the same shots; no cell of it is a formula."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.csv_cells import guarded, unguarded
from studio.storyboards.exchange.csv_reading import read_csv
from studio.storyboards.exchange.csv_writing import export_csv
from studio.storyboards.models import Shot
from studio.storyboards.presets import BUILT_IN_MOTIONS
from tests.storyboards.exchange.arbitrary import SHOT_LISTS, THOROUGH, row

FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")


def cells_of(shots):
    return list(csv.reader(io.StringIO(export_csv(shots).decode("utf-8-sig"), newline="")))


@THOROUGH
@given(SHOT_LISTS)
def test_shots_come_back_whole(shots):
    reading = read_csv(export_csv(shots), Choices(), BUILT_IN_MOTIONS)
    assert [row(shot.shot()) for shot in reading.board.shots] == [row(shot) for shot in shots]
    assert reading.problems == ()
    assert reading.board.remarks == ()
    assert (reading.encoding, reading.table.delimiter) == ("utf-8", "comma")


@THOROUGH
@given(SHOT_LISTS)
def test_no_cell_begins_a_formula_whatever_splits_the_file(shots):
    assert not [cell for cells in cells_of(shots) for cell in cells if FORMULA.match(cell)]
    pieces = re.split(r"[;|\t\r\n]", export_csv(shots).decode("utf-8-sig"))
    assert not [piece for piece in pieces if FORMULA.match(piece)]


@THOROUGH
@given(st.text(st.sampled_from("'=+-@＝\t\r\n;|ab"), max_size=12))
def test_every_text_comes_back_from_its_guard(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("＝1", "'＝1"),
        ("'quoted'", "'quoted'"),
        ("a-b", "a-b"),
        ("Rain;=cmd|' /C calc'!A0", "Rain;'=cmd|' /C calc'!A0"),
        ("\tx", "'\tx"),
        ("", ""),
    ],
)
def test_what_a_guarded_cell_looks_like(text, cell):
    assert guarded(text) == cell


def test_numbers_stay_numbers():
    shot = Shot(scene_id="a", prompt="Rain", duration_ms=4500, speed=0.30000000000000004)
    shot.light_intensity = 1e-7
    header, cells = cells_of([shot])
    assert dict(zip(header, cells, strict=True)) == {
        "Number": "1",
        "Scene id": "a",
        "Prompt": "Rain",
        "Duration s": "4.5",
        "Camera": "",
        "Speed": "0.30000000000000004",
        "Temperature K": "",
        "Intensity": "0.0000001",
        "Style": "",
        "Transition": "cut",
        "Transition s": "",
        "Notes": "",
        "Locked": "",
        "Subject x %": "",
        "Subject y %": "",
    }
