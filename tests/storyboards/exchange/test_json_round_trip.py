"""Exported as the vendor's JSON and read back, a board is the same board."""

import json

import pytest
from hypothesis import example, given

from studio.storyboards.contract import body_of
from studio.storyboards.exchange.strict_json import read_json
from studio.storyboards.exchange.transend_json import (
    check_body,
    export_board,
    export_shots,
    import_board,
    read_body,
)
from studio.storyboards.models import Project, Shot
from studio.storyboards.presets import BUILT_IN_MOTIONS
from studio.storyboards.snapshots import PROJECT_FIELDS, snapshot_of
from tests.storyboards.exchange.arbitrary import SHOT_LISTS, THOROUGH, boards, row


def through_a_file(data):
    return read_json(json.dumps(data, ensure_ascii=False).encode())


def read_back(data):
    return read_body(through_a_file(data), BUILT_IN_MOTIONS)


def fields_of(board):
    """The project's own fields as `import_board` would keep them."""
    return {
        "title": board.title,
        "brief": board.brief,
        "motion": board.motion,
        "speed": board.speed,
        **board.lighting.columns,
        "webhook_metadata": board.webhook_metadata,
        "weaves_transitions": board.weaves_transitions,
    }


@THOROUGH
@given(boards())
@example((Project(title="Empty"), []))
@example((Project(title="One", brief="Rain"), [Shot(scene_id="b", prompt="Rain", duration_ms=500)]))
@example(
    (
        Project(title="Markup only when joined"),
        [
            Shot(scene_id="a", prompt="a <b", duration_ms=600_000),
            Shot(scene_id="b", prompt="c> d" * 900, duration_ms=600_000),
            Shot(scene_id="c", prompt="e" * 4000, duration_ms=600_000),
            Shot(scene_id="d", prompt="e" * 4000, duration_ms=600_000),
        ],
    )
)
def test_a_board_comes_back_whole(board):
    project, shots = board
    back = read_back(export_board(project, shots))
    assert fields_of(back) == {
        name: getattr(project, name) for name in PROJECT_FIELDS if name != "soundtrack_id"
    }
    assert [row(shot.shot()) for shot in back.shots] == [row(shot) for shot in shots]


@THOROUGH
@given(SHOT_LISTS.filter(bool))
def test_shots_alone_come_back_whole(shots):
    project = Project(title="Lit", speed=0.6, light_temperature=4200.0, light_intensity=1.0)
    back = read_back(export_shots(project, shots)).shots
    assert [row(shot.shot()) for shot in back] == [row(shot) for shot in shots]


def test_an_export_is_a_body_that_the_document_allows(tokyo):
    body = export_board(tokyo, tokyo.shots.all())
    local = body.pop("webhook_metadata")
    assert local == {"shotboard": {"version": 1, "title": "Neon Tokyo"}}
    assert body == body_of(snapshot_of(tokyo, tokyo.shots.all()))
    assert check_body(body, BUILT_IN_MOTIONS).is_valid


def test_transitions_are_not_woven_into_what_is_exported(tokyo):
    shots = list(tokyo.shots.all())
    shots[0].transition, shots[0].transition_ms = "crossfade", 500
    body = export_board(tokyo, shots)
    assert body["storyboard"][0]["prompt"] == "Wide aerial of neon Tokyo"
    assert body["webhook_metadata"]["shotboard"]["shots"] == {
        "scene-1": {"transition": "crossfade", "transition_seconds": 0.5}
    }


def test_shots_that_have_nothing_of_ours_are_the_documents_fragment(tokyo):
    assert export_shots(tokyo, tokyo.shots.all()[:1]) == {
        "storyboard": [
            {"id": "scene-1", "prompt": "Wide aerial of neon Tokyo", "duration_seconds": 18}
        ]
    }


def test_our_own_part_is_never_kept_nor_sent(tokyo, workspace):
    tokyo.webhook_metadata = {"audio": "a.wav"}
    again = import_board(workspace, None, "", read_back(export_board(tokyo, tokyo.shots.all())))
    assert again.title == "Neon Tokyo"
    assert again.webhook_metadata == {"audio": "a.wav"}
    sent = body_of(snapshot_of(again, again.shots.all()))
    assert sent["webhook_metadata"] == {"audio": "a.wav"}


def test_what_is_wrong_in_our_own_part_has_its_place(tokyo):
    body = export_board(tokyo, tokyo.shots.all())
    ours = body["webhook_metadata"]["shotboard"]
    ours |= {"title": 5, "weaves_transitions": "yes", "colour": "red"}
    ours["shots"] = {
        "scene-1": {"transition": "spin", "transition_seconds": 9, "locked": 1, "mood": 1}
        | {"subject": {"x": 30}},
        "scene-2": ["notes"],
        "scene-9": {"notes": "Nobody"},
    }
    found = check_body(body, BUILT_IN_MOTIONS)
    at = "webhook_metadata.shotboard"
    assert {problem.where for problem in found.malformed} == {
        f"{at}.title",
        f"{at}.weaves_transitions",
        f"{at}.shots.scene-1.transition",
        f"{at}.shots.scene-1.transition_seconds",
        f"{at}.shots.scene-1.locked",
        f"{at}.shots.scene-1.subject",
        f"{at}.shots.scene-2",
    }
    said = " ".join(found.remarks)
    assert all(word in said for word in ("colour", "mood", "scene-9"))


def test_a_part_of_another_version_is_left_out_and_said(tokyo):
    body = export_board(tokyo, tokyo.shots.all())
    for unknown in ({"version": 2}, {}, 5, None):
        body["webhook_metadata"] = {"shotboard": unknown}
        found = check_body(body, BUILT_IN_MOTIONS)
        assert found.is_valid
        assert found.board.webhook_metadata == {}
        assert "shotboard is ignored" in found.remarks[0]


@pytest.mark.parametrize(
    "subject",
    [None, [30, 40], {}, {"x": 30}, {"x": 30, "y": None}, {"x": 30, "y": 101}, {"x": -1, "y": 5}]
    + [{"x": True, "y": 5}, {"x": "left", "y": 5}, {"x": 1, "y": 2, "z": 3}, "30 40"],
)
def test_a_subject_that_is_no_place_is_refused(tokyo, subject):
    body = export_board(tokyo, tokyo.shots.all())
    body["webhook_metadata"]["shotboard"]["shots"] = {"scene-1": {"subject": subject}}
    [problem] = check_body(body, BUILT_IN_MOTIONS).malformed
    assert problem.where == "webhook_metadata.shotboard.shots.scene-1.subject"
    assert "per cent" in problem.says
