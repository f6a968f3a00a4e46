"""One encoding for hashing and sending; one decoding that nothing gets past."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.transend.wire import (
    decode_answer,
    decode_json,
    encode_body,
    ms_from_seconds,
    wire_seconds,
)

MARK = b"\xef\xbb\xbf"
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    plain | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=4,
)


@given(st.dictionaries(st.text(), values, max_size=4))
def test_what_was_encoded_is_decoded(body: dict[str, Any]) -> None:
    assert decode_json(encode_body(body)) == body


def test_encoding_keeps_order_and_adds_nothing() -> None:
    assert encode_body({"b": "é", "a": [1, 2.5]}) == '{"b":"é","a":[1,2.5]}'.encode()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "\ud800", {1, 2}, object(), b"bytes"]
)
def test_what_json_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        encode_body({"value": value})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"{} {}",
        b"[NaN]",
        b"Infinity",
        b"-Infinity",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5_000,
        b"<html>",
        b"\xef\xbb\xbf{}",
    ],
)
def test_anything_else_than_json_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="JSON"):
        decode_json(data)


def test_one_byte_order_mark_before_an_answer_is_no_part_of_it() -> None:
    assert decode_answer(MARK + b'{"task_id":"\xef\xbb\xbfx"}') == {"task_id": "\ufeffx"}
    assert decode_answer(b"{}") == {}


@pytest.mark.parametrize(
    "data",
    [
        MARK,
        MARK + MARK + b"{}",
        b" " + MARK + b"{}",
        b"{}" + MARK,
        b"{" + MARK + b"}",
        "{}".encode("utf-16"),
        b"[NaN]",
    ],
)
def test_an_answer_is_no_less_strict_for_its_mark(data: bytes) -> None:
    with pytest.raises(ValueError, match="JSON"):
        decode_answer(data)


@pytest.mark.parametrize(
    ("duration_ms", "written"),
    [(45_000, "45"), (12_500, "12.5"), (1, "0.001"), (14_900, "14.9"), (60_000, "60"), (0, "0")],
)
def test_seconds_have_no_trailing_zeros(duration_ms: int, written: str) -> None:
    assert json.dumps(wire_seconds(duration_ms)) == written


@given(st.integers(0, 10**9))
def test_milliseconds_survive_the_wire(duration_ms: int) -> None:
    assert ms_from_seconds(json.loads(json.dumps(wire_seconds(duration_ms)))) == duration_ms


@pytest.mark.parametrize("value", ["45", None, True, float("nan"), float("-inf"), [45]])
def test_what_is_no_number_of_seconds(value: object) -> None:
    with pytest.raises(ValueError, match="number"):
        ms_from_seconds(value)
