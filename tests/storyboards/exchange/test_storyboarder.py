"""Storyboarder's files: each board a shot of exactly its duration."""

import json

import pytest

from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.formats import read_file
from studio.storyboards.exchange.imported import Malformed

FILE = {
    "version": "3.0.0",
    "aspectRatio": 1.7777,
    "fps": 24,
    "defaultBoardTiming": 2500,
    "boards": [
        {
            "uid": "P8Z3K",
            "url": "board-1-P8Z3K.png",
            "newShot": True,
            "number": 1,
            "shot": "1A",
            "time": 0,
            "duration": 1234,
            "action": "A door opens",
            "dialogue": "Who is there?",
            "notes": "Squeaking",
        },
        {"uid": "AAAAA", "url": "board-2-AAAAA.png", "shot": "1B", "newShot": False},
        {"uid": "BBBBB", "duration": 100, "action": "A flash"},
    ],
}


def read(data):
    return read_file("film.storyboarder", json.dumps(data).encode(), Choices(), ())


def test_a_whole_file():
    found = read(FILE)
    assert found.kind == "storyboarder"
    assert [(s.scene_id, s.prompt, s.duration_ms, s.notes) for s in found.board.shots] == [
        ("1A", "A door opens", 1_234, "Dialogue: Who is there?\nSqueaking"),
        ("1B", "", 2_500, ""),
        ("BBBBB", "A flash", 500, ""),
    ]
    said = " ".join(found.board.remarks)
    assert "2 pictures stand in files beside this one" in said
    assert "made 0.5 s long: boards 3." in said


@pytest.mark.parametrize(
    "board",
    [
        5,
        {"duration": "long"},
        {"duration": True},
        {"duration": -5},
        {"duration": 10**9},
        {"duration": 1e308},
        {"duration": 10**400},
        {"action": ["x"]},
        {"action": "<b>x</b>"},
        {"notes": "x" * 5000},
        {"shot": "x" * 81},
        {"dialogue": "half \ud800"},
    ],
    ids=lambda board: repr(board)[:30],
)
def test_what_is_wrong_with_one_board_leaves_the_others(board):
    found = read({**FILE, "boards": [board, *FILE["boards"]]})
    assert [problem.where for problem in found.problems] == ["Board 1"]
    assert len(found.board.shots) == 3


@pytest.mark.parametrize("boards", [None, [], {}, "x"])
def test_a_file_without_boards_is_refused(boards):
    with pytest.raises(Malformed, match="no boards"):
        read({"boards": boards})


@pytest.mark.parametrize("timing", ["long", -1, 10**400, True])
def test_a_default_duration_that_is_none_is_refused(timing):
    with pytest.raises(Malformed, match="defaultBoardTiming"):
        read({**FILE, "defaultBoardTiming": timing})
