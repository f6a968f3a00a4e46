"""The body a board is sent as: the document's two examples, field by field, and what forbids it."""

import json

import pytest

from studio.storyboards.boards import board_of
from studio.storyboards.contract import body_of, problems_of
from studio.storyboards.edits.projects import edit_project
from studio.storyboards.edits.shots import edit_shot
from studio.storyboards.exchange.transend_json import import_board, read_body
from studio.storyboards.presets import BUILT_IN_MOTIONS
from studio.storyboards.snapshots import snapshot_of
from tests.builders import CURL_BODY, STORYBOARD


def frozen(project):
    board = board_of(project)
    return snapshot_of(board.project, board.shots)


def test_the_documents_curl_body_comes_out_as_it_went_in(workspace):
    given = {**CURL_BODY, "webhook_url": "https://api.example.com/hooks/sora"}
    project = import_board(workspace, None, "", read_body(given, BUILT_IN_MOTIONS))
    assert json.dumps(body_of(frozen(project))) == json.dumps(CURL_BODY)
    assert problems_of(frozen(project), BUILT_IN_MOTIONS) == []


def test_the_documents_storyboard_comes_out_as_it_went_in(workspace):
    project = import_board(workspace, None, "", read_body(STORYBOARD, BUILT_IN_MOTIONS))
    body = body_of(frozen(project))
    assert json.dumps(body["storyboard"]) == json.dumps(STORYBOARD)
    assert body["duration_seconds"] == 30
    assert body["prompt"] == "Wide aerial of neon Tokyo. Close-up of umbrellas catching raindrops."
    assert problems_of(frozen(project), BUILT_IN_MOTIONS) == []


def test_the_sum_is_exact_and_has_no_trailing_zeros(tokyo, creative):
    shots = board_of(tokyo).shots
    edit_shot(tokyo, 1, creative.user, shots[0].pk, {"duration_ms": 18_100})
    edit_shot(tokyo, 2, creative.user, shots[1].pk, {"duration_ms": 12_200})
    assert json.dumps(body_of(frozen(tokyo))["duration_seconds"]) == "30.3"


def test_a_shots_own_speed_and_light_are_sent_only_where_they_differ(tokyo, creative):
    first, second = board_of(tokyo).shots
    edit_shot(tokyo, 1, creative.user, first.pk, {"speed": 0.6, "light_temperature": 4200.0})
    edit_shot(tokyo, 2, creative.user, second.pk, {"speed": 0.3, "light_temperature": 2800.0})
    scenes = body_of(frozen(tokyo))["storyboard"]
    assert "camera" not in scenes[0]
    assert "lighting" not in scenes[0]
    assert scenes[1]["camera"] == {"motion": "handheld", "speed": 0.3}
    assert scenes[1]["lighting"] == {"temperature": 2800}
    plain = body_of(frozen(tokyo), sends_shot_details=False)["storyboard"]
    assert plain[1]["camera"] == {"motion": "handheld"}
    assert "lighting" not in plain[1]


def test_a_brief_that_nobody_can_see_is_composed_like_an_empty_one(tokyo):
    unseen = {**frozen(tokyo), "brief": "\u2060\u200d"}
    assert body_of(unseen) == body_of({**unseen, "brief": ""})
    unseen["shots"] = [{**shot, "prompt": "\u200d"} for shot in unseen["shots"]]
    assert problems_of(unseen, BUILT_IN_MOTIONS)[0].says.startswith("There is neither a brief")


def test_metadata_is_sent_as_it_came(workspace):
    given = {**CURL_BODY, "webhook_metadata": {"audio": ["a.wav", 1.5], "ref": None}}
    project = import_board(workspace, None, "", read_body(given, BUILT_IN_MOTIONS))
    assert body_of(frozen(project)) == given


@pytest.mark.parametrize(
    ("fields", "where", "says"),
    [
        ({"prompt": ""}, "storyboard[0].prompt", "Shot 1 has no prompt"),
        ({"prompt": "\u200b\ufeff"}, "storyboard[0].prompt", "Shot 1 has no prompt"),
        ({"duration_ms": 49_000}, "duration_seconds", "Shot 2 makes the timeline 61 s"),
        ({"duration_ms": 2_900}, "duration_seconds", "The timeline is 14.9 s long"),
        ({"motion": "spin"}, "storyboard[0].camera.motion", "no camera preset"),
        ({"speed": 1.01}, "storyboard[0].camera.speed", "from 0.1 to 1"),
    ],
)
def test_what_forbids_sending_has_its_place(tokyo, creative, fields, where, says):
    shot = board_of(tokyo).shots[0]
    edit_shot(tokyo, 1, creative.user, shot.pk, fields)
    problems = problems_of(frozen(tokyo), BUILT_IN_MOTIONS)
    assert [problem.where for problem in problems] == [where]
    assert says in problems[0].says


def test_an_empty_board_cannot_be_sent(workspace, tokyo, creative):
    tokyo.shots.all().delete()
    edit_project(tokyo, 1, creative.user, {"brief": ""})
    assert {problem.where for problem in problems_of(frozen(tokyo), BUILT_IN_MOTIONS)} == {
        "prompt",
        "storyboard",
    }


def test_a_composed_brief_that_is_too_long_asks_for_one_to_be_written(workspace):
    scenes = [{"prompt": str(n) * 3_000, "duration_seconds": 10} for n in range(3)]
    project = import_board(workspace, None, "", read_body(scenes, BUILT_IN_MOTIONS))
    (problem,) = problems_of(frozen(project), BUILT_IN_MOTIONS)
    assert (problem.where, problem.field) == ("prompt", "brief")
    assert problem.says == (
        "There is no brief, so one is composed from the shots' prompts, and that has 9,005 "
        "characters: 8,000 are the most. Write a brief."
    )
    edit_project(project, 1, None, {"brief": "Three walls of text."})
    assert problems_of(frozen(project), BUILT_IN_MOTIONS) == []
