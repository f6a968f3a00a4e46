"""The vendor's body from outside: each violation has its place, each draft comes in whole."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.boards import board_of
from studio.storyboards.contract import body_of
from studio.storyboards.exchange.transend_json import (
    IGNORED_WEBHOOK,
    Malformed,
    check_body,
    import_board,
    read_body,
)
from studio.storyboards.models import Project
from studio.storyboards.presets import BUILT_IN_MOTIONS
from studio.storyboards.rules import checked_prompt
from studio.storyboards.snapshots import snapshot_of
from tests.builders import CURL_BODY, STORYBOARD

WHOLE = {**CURL_BODY, "duration_seconds": 30, "storyboard": STORYBOARD}


def changed(path, value):
    """`WHOLE` with the value at `path` replaced, or taken out for `...`."""
    body = copy.deepcopy(WHOLE)
    part = body
    for step in path[:-1]:
        part = part[step]
    if value is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return body


def check(body):
    return check_body(body, BUILT_IN_MOTIONS)


@pytest.mark.parametrize(
    "body",
    [
        WHOLE,
        CURL_BODY,
        {**CURL_BODY, "duration_seconds": 15},
        {**CURL_BODY, "duration_seconds": 60},
    ],
)
def test_the_documents_own_bodies_are_valid(body):
    assert check(body).is_valid
    assert check(body).remarks == ()


MALFORMED = [
    (("prompt",), 12, "prompt"),
    (("prompt",), None, "prompt"),
    (("prompt",), "<b>x</b>", "prompt"),
    (("prompt",), "x" * 8001, "prompt"),
    (("duration_seconds",), "30", "duration_seconds"),
    (("duration_seconds",), float("nan"), "duration_seconds"),
    (("duration_seconds",), float("inf"), "duration_seconds"),
    (("duration_seconds",), -30, "duration_seconds"),
    (("duration_seconds",), 10**400, "duration_seconds"),
    (("camera",), "orbit", "camera"),
    (("camera",), None, "camera"),
    (("camera", "motion"), "spin", "camera.motion"),
    (("camera", "motion"), 3, "camera.motion"),
    (("camera", "motion"), "", "camera.motion"),
    (("camera", "speed"), 1.01, "camera.speed"),
    (("camera", "speed"), 0.09, "camera.speed"),
    (("camera", "speed"), "0.6", "camera.speed"),
    (("camera", "speed"), True, "camera.speed"),
    (("camera", "speed"), float("nan"), "camera.speed"),
    (("lighting",), [], "lighting"),
    (("lighting", "temperature"), "warm", "lighting.temperature"),
    (("lighting", "intensity"), -1, "lighting.intensity"),
    (("lighting", "style"), 5, "lighting.style"),
    (("storyboard",), {}, "storyboard"),
    (("storyboard",), None, "storyboard"),
    (("storyboard",), [], "storyboard"),
    (("storyboard",), [{"prompt": "x", "duration_seconds": 1}] * 501, "storyboard"),
    (("storyboard", 1), "scene", "storyboard[1]"),
    (("storyboard", 1, "id"), 2, "storyboard[1].id"),
    (("storyboard", 1, "id"), "scene-1", "storyboard[1].id"),
    (("storyboard", 1, "prompt"), 7, "storyboard[1].prompt"),
    (("storyboard", 1, "prompt"), ..., "storyboard[1].prompt"),
    (("storyboard", 1, "prompt"), "half \ud800", "storyboard[1].prompt"),
    (("storyboard", 1, "prompt"), "x" * 100_000, "storyboard[1].prompt"),
    (("storyboard", 1, "duration_seconds"), ..., "storyboard[1].duration_seconds"),
    (("storyboard", 1, "duration_seconds"), 0, "storyboard[1].duration_seconds"),
    (("storyboard", 1, "duration_seconds"), -1, "storyboard[1].duration_seconds"),
    (("storyboard", 1, "duration_seconds"), None, "storyboard[1].duration_seconds"),
    (("storyboard", 1, "camera"), [], "storyboard[1].camera"),
    (("storyboard", 1, "camera", "motion"), "spin", "storyboard[1].camera.motion"),
    (("webhook_url",), 5, "webhook_url"),
    (("webhook_url",), "not an address", "webhook_url"),
    (("webhook_url",), "http://[", "webhook_url"),
    (("webhook_metadata",), "ref", "webhook_metadata"),
    (("webhook_metadata",), {"a": [float("nan")]}, "webhook_metadata.a[0]"),
    (("webhook_metadata",), {"a\x00": 1}, "webhook_metadata.a\x00"),
]


@pytest.mark.parametrize(("path", "value", "where"), MALFORMED, ids=lambda value: repr(value)[:30])
def test_malformed_bodies_are_refused_with_their_place(path, value, where):
    found = check(changed(path, value))
    assert found.board is None
    assert where in {problem.where for problem in found.malformed}
    assert all(problem.says.rstrip("…").endswith(".") for problem in found.malformed)


UNSENDABLE = [
    (("duration_seconds",), 61, "duration_seconds"),
    (("duration_seconds",), 14.9, "duration_seconds"),
    (("duration_seconds",), 45, "duration_seconds"),
    (("duration_seconds",), ..., "duration_seconds"),
    (("prompt",), ..., "prompt"),
    (("prompt",), " ", "prompt"),
    (("camera",), ..., "camera.motion"),
    (("camera", "motion"), ..., "camera.motion"),
    (("storyboard", 0, "duration_seconds"), 49, "storyboard"),
    (("storyboard", 0, "duration_seconds"), 1, "storyboard"),
    (("storyboard", 0, "prompt"), "", "storyboard[0].prompt"),
]


@pytest.mark.parametrize(("path", "value", "where"), UNSENDABLE, ids=lambda value: repr(value)[:30])
def test_what_only_cannot_be_sent_yet_is_told_and_imported(path, value, where):
    found = check(changed(path, value))
    assert found.board is not None
    assert not found.is_valid
    assert where in {problem.where for problem in found.unsendable}


def test_a_wrong_sum_is_told_and_recomputed():
    found = check(changed(("duration_seconds",), 45))
    assert [problem.says for problem in found.unsendable] == [
        "The scenes last 30 s together, not the 45 s stated. Make them equal."
    ]
    assert found.total_ms == 30_000
    assert found.remarks == ("The total is taken from the scenes: 30 s instead of 45 s.",)


@pytest.mark.parametrize("fragment", [{"storyboard": STORYBOARD}, STORYBOARD])
def test_the_documents_fragment_is_imported_and_what_it_lacks_is_told(fragment):
    found = check(fragment)
    assert {problem.where for problem in found.unsendable} == {
        "prompt",
        "duration_seconds",
        "camera.motion",
    }
    assert [(shot.scene_id, shot.duration_ms, shot.motion) for shot in found.board.shots] == [
        ("scene-1", 18_000, ""),
        ("scene-2", 12_000, "handheld"),
    ]


def test_a_body_without_a_storyboard_is_one_shot_of_its_brief():
    (shot,) = check(CURL_BODY).board.shots
    assert (shot.scene_id, shot.prompt, shot.duration_ms) == (
        "scene-1",
        CURL_BODY["prompt"],
        45_000,
    )


@pytest.mark.parametrize(
    "body",
    [None, 5, "text", True, {}, {"camera": {}}, [], [5], {"duration_seconds": 30}, {"prompt": "x"}],
)
def test_what_holds_nothing_to_import(body):
    assert check(body).board is None
    with pytest.raises(Malformed):
        read_body(body, BUILT_IN_MOTIONS)


def test_unknown_names_are_remarked_and_metadata_is_kept():
    body = {
        **WHOLE,
        "webhook_url": "https://api.example.com/hooks/sora",
        "webhook_metadata": {"audio": "a.wav"},
        "seed": 4,
    }
    body["camera"] = {**body["camera"], "lens": "50mm"}
    found = check(body)
    assert found.is_valid
    assert found.board.webhook_metadata == {"audio": "a.wav"}
    assert IGNORED_WEBHOOK in found.remarks
    assert {remark.split(" is ignored")[0] for remark in found.remarks} == {
        "seed",
        "camera.lens",
        "webhook_url",
    }


def test_scenes_without_ids_get_those_of_their_places():
    scenes = [
        {"prompt": "a", "duration_seconds": 10},
        {"id": "intro", "prompt": "b", "duration_seconds": 10},
    ]
    assert [shot.scene_id for shot in check(scenes).board.shots] == ["scene-1", "intro"]


def test_all_problems_are_told_at_once():
    body = changed(("camera", "speed"), 3)
    body["storyboard"][0]["prompt"] = 5
    body["storyboard"][1]["duration_seconds"] = "long"
    assert [problem.where for problem in check(body).malformed] == [
        "camera.speed",
        "storyboard[0].prompt",
        "storyboard[1].duration_seconds",
    ]


def test_a_failed_import_leaves_nothing(workspace):
    board = read_body(WHOLE, BUILT_IN_MOTIONS)
    with pytest.raises(Exception, match="motion"):
        import_board(workspace, None, "x", type(board)(**{**vars(board), "motion": None}))
    assert not Project.objects.exists()


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "prompt": st.text(
                    st.characters(
                        codec="utf-8", exclude_characters="<>", exclude_categories=("Cc", "Z")
                    ),
                    min_size=1,
                    max_size=40,
                )
                # As it is kept: what cannot be seen is no prompt.
                .map(checked_prompt)
                .filter(bool),
                "duration_seconds": st.integers(500, 600_000).map(lambda ms: ms / 1000),
            },
            optional={
                "camera": st.fixed_dictionaries({"motion": st.sampled_from(BUILT_IN_MOTIONS)})
            },
        ),
        min_size=2,
        max_size=12,
    )
)
def test_what_goes_in_comes_out(scenes):
    scenes = [{"id": f"cut-{n}", **scene} for n, scene in enumerate(scenes)]
    board = read_body({**CURL_BODY, "storyboard": scenes}, BUILT_IN_MOTIONS)
    shots = [
        {
            "pk": n,
            "scene_id": shot.scene_id,
            "prompt": shot.prompt,
            "duration_ms": shot.duration_ms,
            "motion": shot.motion,
            "speed": shot.speed,
            **shot.lighting.columns,
            "transition": "cut",
            "transition_ms": 0,
        }
        for n, shot in enumerate(board.shots)
    ]
    snapshot = {
        "title": "",
        "brief": board.brief,
        "motion": board.motion,
        "speed": board.speed,
        **board.lighting.columns,
        "webhook_metadata": {},
        "weaves_transitions": True,
        "shots": shots,
    }
    assert body_of(snapshot)["storyboard"] == scenes


def test_an_imported_project_is_a_board_at_revision_1(workspace, creative):
    project = import_board(workspace, creative.user, "", read_body(WHOLE, BUILT_IN_MOTIONS))
    board = board_of(project)
    assert project.title == "Aerial neon Tokyo establishing shot transitioning to…"
    assert board.latest.summary == "Imported 2 shots from Transend JSON"
    assert board.latest.snapshot == json.loads(json.dumps(snapshot_of(project, board.shots)))
    assert body_of(board.latest.snapshot) == WHOLE


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        (["scene-2", None], ["scene-2", "scene-3"]),
        ([None, "scene-1", None], ["scene-2", "scene-1", "scene-3"]),
        ([None, None, "scene-1 "], ["scene-2", "scene-3", "scene-1"]),
        (["", None], ["scene-1", "scene-2"]),
    ],
)
def test_ids_of_our_own_keep_clear_of_those_that_were_given(ids, read):
    scenes = [
        {"prompt": "Rain", "duration_seconds": 8} | ({} if name is None else {"id": name})
        for name in ids
    ]
    assert [shot.scene_id for shot in read_body(scenes, BUILT_IN_MOTIONS).shots] == read
