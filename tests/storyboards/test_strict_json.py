"""JSON from outside: one meaning or a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.exchange.strict_json import MAX_BYTES, Unreadable, bad_values, read_json

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_ordinary_json_is_read_as_it_is(value):
    assert read_json(json.dumps(value).encode()) == value


def test_a_byte_order_mark_is_no_trouble():
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "line 1, column 2"),
        (b"{'a': 1}", "not valid JSON"),
        (b'{"a": 1} x', "Extra data"),
        (b'{"a": 1, "a": 2}', "“a” stands twice"),
        (b'[{"x": {"b": 1, "b": 1}}]', "“b” stands twice"),
        ('{"a": 1}'.encode("utf-16"), "UTF-16"),
        ('{"a": 1}'.encode("utf-16-le"), "UTF-16"),
        ('{"a": 1}'.encode("utf-32"), "UTF-16 or UTF-32"),
        ('{"a": "é"}'.encode("latin-1"), "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nested too deeply"),
        (b"[" * 60 + b"]" * 60, "nested too deeply"),
        (b"[" + b"9" * 5000 + b"]", "thousands of digits"),
        (b" " * (MAX_BYTES + 1), "10 MB is the most"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_everything_else_is_refused_in_a_sentence(raw, says):
    with pytest.raises(Unreadable) as refused:
        read_json(raw)
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_these_two(raw):
    says = "read"
    try:
        read_json(raw)
    except Unreadable as refused:
        says = str(refused)
    assert says


def test_broken_numbers_and_texts_are_found_where_they_stand():
    data = json.loads('{"a": [1, NaN], "b": {"c": 1e999}, "d": "\\ud800", "e": "\\u0000"}')
    assert [where for where, _ in bad_values(data)] == ["a[1]", "b.c", "d", "e"]
