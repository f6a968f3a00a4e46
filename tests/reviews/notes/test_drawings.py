"""What a drawing may be: everything else is refused with a sentence."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.reviews.notes.drawings import (
    COLOURS,
    MOST_POINTS,
    MOST_STROKES,
    BadDrawing,
    in_words,
    read_drawing,
)

ARROW = {"kind": "arrow", "colour": "red", "points": [[0, 0.25], [1, 0.5]]}
BOX = {"kind": "box", "colour": "blue", "points": [[0.1, 0.1], [0.9, 0.9]]}
PEN = {"kind": "pen", "colour": "white", "points": [[0.5, 0.5]]}

# On a machine that is busy with something else, everything takes long.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
coordinates = st.floats(0, 1)
points = st.tuples(coordinates, coordinates).map(list)
strokes = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["arrow", "box"]),
            "colour": st.sampled_from(COLOURS),
            "points": st.lists(points, min_size=2, max_size=2),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("pen"),
            "colour": st.sampled_from(COLOURS),
            "points": st.lists(points, min_size=1, max_size=6),
        }
    ),
)
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(list(ARROW)), inner)
    ),
)


@unhurried
@given(st.lists(strokes, max_size=6))
def test_what_can_be_drawn_comes_back_within_a_hair(drawing):
    read = read_drawing(json.dumps(drawing))
    assert [(each["kind"], each["colour"]) for each in read] == [
        (each["kind"], each["colour"]) for each in drawing
    ]
    for stroke, drawn in zip(read, drawing, strict=True):
        for (x, y), (a, b) in zip(stroke["points"], drawn["points"], strict=True):
            assert abs(x - a) <= 0.00005 + 1e-12
            assert abs(y - b) <= 0.00005 + 1e-12


@unhurried
@given(st.text() | anything.map(lambda found: json.dumps(found)))
def test_anything_else_is_refused_in_words(text):
    refusal, read = "", []
    try:
        read = read_drawing(text)
    except BadDrawing as bad:
        refusal = str(bad)
    assert not refusal or refusal.endswith(".")
    assert all(set(stroke) == {"kind", "colour", "points"} for stroke in read)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "null",
        '"pen"',
        "[" * 100_000,
        "[[]]",
        "[NaN]",
        json.dumps([ARROW | {"kind": "circle"}]),
        json.dumps([ARROW | {"kind": ["arrow"]}]),
        json.dumps([ARROW | {"colour": "url(//elsewhere)"}]),
        json.dumps([ARROW | {"points": [[0, 0]]}]),
        json.dumps([ARROW | {"points": [[0, 0], [1, 1], [0, 1]]}]),
        json.dumps([PEN | {"points": []}]),
        json.dumps([PEN | {"points": [[0.5]]}]),
        json.dumps([PEN | {"points": [[True, 0]]}]),
        json.dumps([PEN | {"points": [["0", 0]]}]),
        json.dumps([PEN | {"points": [[1.01, 0]]}]),
        json.dumps([PEN | {"points": [[-0.001, 0]]}]),
        '[{"kind": "pen", "colour": "red", "points": [[NaN, 0]]}]',
        '[{"kind": "pen", "colour": "red", "points": [[1e999, 0]]}]',
        json.dumps([PEN] * (MOST_STROKES + 1)),
        json.dumps([PEN | {"points": [[0, 0]] * (MOST_POINTS + 1)}]),
        " " * 10 + "[" + "0," * 100_000 + "0]",
    ],
)
def test_a_bad_drawing_is_refused(text):
    with pytest.raises(BadDrawing):
        read_drawing(text)


def test_the_bounds_themselves_are_let_through():
    full = [
        PEN | {"points": [[0, 0]] * (MOST_POINTS - MOST_STROKES + 1)},
        *[PEN] * (MOST_STROKES - 1),
    ]
    assert len(read_drawing(json.dumps(full))) == MOST_STROKES
    assert read_drawing("") == []


def test_only_what_a_stroke_has_is_kept():
    assert read_drawing(json.dumps([ARROW | {"onload": "alert(1)"}])) == [
        {"kind": "arrow", "colour": "red", "points": [[0.0, 0.25], [1.0, 0.5]]}
    ]


def test_a_drawing_in_words():
    assert in_words(read_drawing(json.dumps([BOX, ARROW, PEN, ARROW]))) == (
        "2 arrows, 1 box, 1 pen stroke"
    )
    assert in_words([]) == ""
