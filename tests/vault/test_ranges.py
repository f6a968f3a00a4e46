"""The Range header, as RFC 9110 section 14 has it."""

import pytest

from studio.vault.ranges import Span, Unsatisfiable, parse_range

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "first", "last", "is_open"),
    [
        ("bytes=0-0", 0, 0, False),
        ("bytes=0-499", 0, 499, False),
        ("bytes=500-", 500, 999, True),
        ("bytes=0-", 0, 999, True),
        ("bytes=999-", 999, 999, True),
        ("bytes=-1", 999, 999, False),
        ("bytes=-300", 700, 999, False),
        ("bytes=-5000", 0, 999, False),
        ("bytes=990-5000", 990, 999, False),
        ("  Bytes= 1-2 ", 1, 2, False),
    ],
)
def test_a_single_range_is_understood(header, first, last, is_open):
    assert parse_range(header, SIZE) == Span(first, last, is_open)


@pytest.mark.parametrize(
    "header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", f"bytes={'9' * 20}-"]
)
def test_a_range_past_the_end_is_unsatisfiable(header):
    with pytest.raises(Unsatisfiable):
        parse_range(header, SIZE)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-1", "bytes=0-0"])
def test_an_empty_file_has_no_ranges(header):
    with pytest.raises(Unsatisfiable):
        parse_range(header, 0)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=1-2,4-5",
        "bytes=0-,0-,0-",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=١-٢",
        "items=0-1",
        "bytes=0x1-0x2",
        f"bytes={'9' * 5000}-",
    ],
)
def test_anything_else_is_answered_with_the_whole_file(header):
    assert parse_range(header, SIZE) is None


def test_a_span_is_cut_from_its_end():
    assert Span(10, 500, is_open=True).cut_to(100) == Span(10, 109, is_open=True)
    assert Span(10, 20).cut_to(100) == Span(10, 20)
