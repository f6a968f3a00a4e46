"""What the simulated vendor accepts and refuses."""

import json
from typing import Any

import pytest

from studio.transend.simulator.contract import Refused, accepted_request
from studio.transend.types import MOTIONS
from tests.builders import CURL_TEXT, STORYBOARD

SMALLEST: dict[str, Any] = {"prompt": "Rain", "duration_seconds": 30, "camera": {"motion": "orbit"}}


def scene(**change: Any) -> dict[str, Any]:
    return {"prompt": "Wide", "duration_seconds": 18} | change


def accept(body: dict[str, Any]) -> dict[str, Any]:
    return accepted_request(json.dumps(body).encode())[1]


@pytest.mark.parametrize(
    "body",
    [
        SMALLEST,
        json.loads(CURL_TEXT),
        SMALLEST | {"storyboard": STORYBOARD},
        SMALLEST | {"duration_seconds": 15},
        SMALLEST | {"duration_seconds": 60},
        SMALLEST | {"duration_seconds": 15.5},
        SMALLEST | {"camera": {"motion": "orbit", "speed": 0.1}},
        SMALLEST | {"camera": {"motion": "orbit", "speed": 1.0}},
        SMALLEST | {"camera": {"motion": "orbit", "speed": 1}},
        SMALLEST | {"lighting": {}},
        SMALLEST | {"lighting": {"temperature": 4200, "intensity": 0.5, "style": "noir"}},
        SMALLEST | {"storyboard": [scene(duration_seconds=60)]},
        SMALLEST | {"storyboard": [scene(duration_seconds=0.5, lighting={"style": "noir"})]},
        SMALLEST | {"webhook_metadata": {"take": 7, "audio": {"bpm": 120}}},
        SMALLEST | {"prompt": "<script>alert(1)</script>"},
    ],
)
def test_what_the_document_allows_is_accepted(body: dict[str, Any]) -> None:
    assert accept(body) == body


@pytest.mark.parametrize("motion", MOTIONS)
def test_every_motion_is_known(motion: str) -> None:
    assert accept(SMALLEST | {"camera": {"motion": motion}})


def test_a_sum_that_differs_from_the_duration_is_no_documented_error() -> None:
    assert accept(SMALLEST | {"storyboard": [scene(duration_seconds=5)]})


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": 5}, "prompt"),
        ({"duration_seconds": 61}, "duration_seconds"),
        ({"duration_seconds": 60.001}, "duration_seconds"),
        ({"duration_seconds": 14.9}, "duration_seconds"),
        ({"duration_seconds": 0}, "duration_seconds"),
        ({"duration_seconds": -30}, "duration_seconds"),
        ({"duration_seconds": "30"}, "duration_seconds"),
        ({"camera": {"motion": "spin"}}, "camera.motion"),
        ({"camera": {"motion": "Orbit"}}, "camera.motion"),
        ({"camera": {"speed": 0.5}}, "camera.motion"),
        ({"camera": {"motion": "orbit", "speed": 1.01}}, "camera.speed"),
        ({"camera": {"motion": "orbit", "speed": 0.09}}, "camera.speed"),
        ({"camera": {"motion": "orbit", "speed": 0}}, "camera.speed"),
        ({"lighting": "dark"}, "lighting"),
        ({"storyboard": []}, "storyboard"),
        ({"storyboard": {"0": scene()}}, "storyboard"),
        ({"storyboard": [scene(), scene(prompt=7)]}, "storyboard[1].prompt"),
        ({"storyboard": [scene(prompt="")]}, "storyboard[0].prompt"),
        ({"storyboard": [scene(duration_seconds=0)]}, "storyboard[0].duration_seconds"),
        ({"storyboard": [scene(duration_seconds=-1)]}, "storyboard[0].duration_seconds"),
        ({"storyboard": [scene(camera={"motion": "spin"})]}, "storyboard[0].camera.motion"),
        ({"storyboard": [scene(camera={"motion": "orbit", "speed": 2})]}, "storyboard[0].camera"),
        ({"storyboard": [scene(duration_seconds=60.5)]}, "storyboard"),
        ({"storyboard": [scene()] * 4}, "storyboard: The scenes total more than 60 seconds"),
        ({"webhook_url": "ftp://x"}, "webhook_url"),
        ({"webhook_url": "https://"}, "webhook_url"),
        ({"webhook_url": "http://[bad"}, "webhook_url"),
        ({"webhook_metadata": []}, "webhook_metadata"),
    ],
)
def test_what_it_forbids_is_refused_by_name(change: dict[str, Any], where: str) -> None:
    with pytest.raises(Refused) as caught:
        accept(SMALLEST | change)
    assert str(caught.value).startswith(where)


@pytest.mark.parametrize("missing", SMALLEST)
def test_three_fields_are_required(missing: str) -> None:
    body = {name: value for name, value in SMALLEST.items() if name != missing}
    with pytest.raises(Refused, match=f"^{missing}"):
        accept(body)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"{", b"[" * 100_000, b"\xff", b'{"duration_seconds": NaN}'],
)
def test_what_is_no_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        accepted_request(raw)
