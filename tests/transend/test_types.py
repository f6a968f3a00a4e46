"""The document's bodies in and out of our types."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.transend.types import (
    DOCUMENTED_MOTIONS,
    MOTIONS,
    Camera,
    GenerationRequest,
    Lighting,
    MalformedBody,
    Result,
    Scene,
)
from studio.transend.wire import encode_body
from tests.builders import CURL_TEXT, STORYBOARD_TEXT
from tests.transend.test_wire import values

SMALLEST: dict[str, Any] = {
    "prompt": "Rain",
    "duration_seconds": 30,
    "camera": {"motion": "orbit"},
}


def as_bytes(document: str) -> bytes:
    """The document's JSON without its white space: keys, order and numbers untouched."""
    return json.dumps(json.loads(document), separators=(",", ":")).encode()


def test_the_curl_body_comes_out_byte_for_byte() -> None:
    request = GenerationRequest.from_body(json.loads(CURL_TEXT))
    assert encode_body(request.to_body()) == as_bytes(CURL_TEXT)


def test_the_curl_body_is_understood() -> None:
    request = GenerationRequest.from_body(json.loads(CURL_TEXT))
    assert request.duration_ms == 45_000
    assert request.camera == Camera("orbit", 0.6)
    assert request.lighting == Lighting(temperature=4200, style="rainy-night")
    assert request.storyboard == ()


def test_the_storyboard_comes_out_byte_for_byte() -> None:
    body = SMALLEST | {"storyboard": json.loads(STORYBOARD_TEXT)}
    request = GenerationRequest.from_body(body)
    assert (
        encode_body({"s": request.to_body()["storyboard"]})
        == b'{"s":' + as_bytes(STORYBOARD_TEXT) + b"}"
    )
    assert request.storyboard[1] == Scene(
        id="scene-2",
        prompt="Close-up of umbrellas catching raindrops",
        duration_ms=12_000,
        camera=Camera("handheld"),
    )


def test_absent_fields_stay_absent() -> None:
    assert GenerationRequest.from_body(SMALLEST).to_body() == SMALLEST


def test_an_empty_metadata_object_is_not_absent() -> None:
    body = SMALLEST | {"webhook_metadata": {}}
    assert GenerationRequest.from_body(body).to_body() == body


def test_the_four_documented_motions_are_among_the_twelve() -> None:
    assert len(set(MOTIONS)) == 12
    assert set(DOCUMENTED_MOTIONS) < set(MOTIONS)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"prompt": 7}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"duration_seconds": "45"}, "duration_seconds"),
        ({"duration_seconds": True}, "duration_seconds"),
        ({"duration_seconds": float("nan")}, "duration_seconds"),
        ({"duration_seconds": float("inf")}, "duration_seconds"),
        ({"camera": None}, "camera"),
        ({"camera": "orbit"}, "camera"),
        ({"camera": {}}, "camera.motion"),
        ({"camera": {"motion": "orbit", "speed": "fast"}}, "camera.speed"),
        ({"camera": {"motion": "orbit", "speed": 10**400}}, "camera.speed"),
        ({"lighting": []}, "lighting"),
        ({"lighting": {"temperature": "warm"}}, "lighting.temperature"),
        ({"lighting": {"style": 1}}, "lighting.style"),
        ({"storyboard": {}}, "storyboard"),
        ({"storyboard": "scenes"}, "storyboard"),
        ({"storyboard": ["scene"]}, "storyboard[0]"),
        (
            {"storyboard": [{"prompt": "a", "duration_seconds": None}]},
            "storyboard[0].duration_seconds",
        ),
        ({"storyboard": [{"duration_seconds": 4}]}, "storyboard[0].prompt"),
        ({"storyboard": [{"prompt": "a", "duration_seconds": 4, "id": 1}]}, "storyboard[0].id"),
        ({"webhook_url": 1}, "webhook_url"),
        ({"webhook_metadata": "take"}, "webhook_metadata"),
    ],
)
def test_a_wrong_shape_names_its_field(change: dict[str, Any], where: str) -> None:
    with pytest.raises(MalformedBody) as caught:
        GenerationRequest.from_body(SMALLEST | change)
    assert caught.value.where == where
    assert caught.value.says.endswith(".")


@pytest.mark.parametrize("body", [None, [], "x", 1])
def test_a_body_is_an_object(body: object) -> None:
    with pytest.raises(MalformedBody, match="JSON object"):
        GenerationRequest.from_body(body)


def test_a_result_shows_no_signature() -> None:
    result = Result(
        "https://e/p.gif?signature=S3CRET", "https://e/v.mp4?signature=S3CRET#S3CRET", 1
    )
    assert "S3CRET" not in repr(result)
    assert "https://e/v.mp4" in repr(result)


cameras = st.builds(
    Camera,
    motion=st.sampled_from(MOTIONS),
    speed=st.none() | st.floats(0.1, 1.0),
)
lightings = st.builds(
    Lighting,
    temperature=st.none() | st.floats(1000, 12_000),
    intensity=st.none() | st.floats(0, 10),
    style=st.none() | st.text(),
)
durations = st.integers(1, 60_000)
scenes = st.builds(
    Scene,
    prompt=st.text(),
    duration_ms=durations,
    id=st.none() | st.text(),
    camera=st.none() | cameras,
    lighting=st.none() | lightings,
)
metadata = st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.text(), st.lists))
requests = st.builds(
    GenerationRequest,
    prompt=st.text(),
    duration_ms=durations,
    camera=cameras,
    lighting=st.none() | lightings,
    storyboard=st.lists(scenes, max_size=5).map(tuple),
    webhook_url=st.none() | st.text(),
    webhook_metadata=st.none() | metadata,
)


@given(requests)
def test_every_request_survives_the_wire(request: GenerationRequest) -> None:
    sent = encode_body(request.to_body())
    assert GenerationRequest.from_body(json.loads(sent)) == request


@given(requests)
def test_what_is_sent_has_no_trailing_zeros_and_no_nulls(request: GenerationRequest) -> None:
    request_alone = GenerationRequest(
        **{name: getattr(request, name) for name in ("duration_ms", "camera")},
        prompt="",
        storyboard=tuple(Scene("", scene.duration_ms) for scene in request.storyboard),
    )
    text = encode_body(request_alone.to_body()).decode()
    assert "null" not in text
    assert ".0," not in text
    assert ".0}" not in text


fields = ["prompt", "duration_seconds", "camera", "lighting", "storyboard", "webhook_url"]
inner = ["motion", "speed", "temperature", "style", "id", "prompt", "duration_seconds"]
objects = st.dictionaries(st.sampled_from(inner), values, max_size=4)


@given(st.dictionaries(st.sampled_from(fields), values | objects | st.lists(objects, max_size=2)))
def test_any_json_is_understood_or_refused_by_name(body: dict[str, Any]) -> None:
    try:
        request = GenerationRequest.from_body(body)
    except MalformedBody as problem:
        where = problem.where
    else:
        where = "prompt"
        assert GenerationRequest.from_body(request.to_body()) == request
    assert where.split(".")[0].split("[")[0] in fields
