"""What a form says becomes a note, or is refused with a sentence and everything that was typed."""

import json

import pytest

from studio.reviews.notes.drafts import Refused, read_draft, read_reply
from studio.reviews.notes.moments import BadMoment, read_moment

DOT = json.dumps([{"kind": "pen", "colour": "red", "points": [[0.5, 0.5]]}])


@pytest.mark.parametrize(
    ("typed", "ms"),
    [
        ("", None),
        ("  ", None),
        ("0", 0),
        ("18", 18_000),
        ("18.4", 18_400),
        ("18,4", 18_400),
        ("0:18.433", 18_433),
        ("1:02", 62_000),
        ("0:05.1239", 5_123),
        (" 0:07 ", 7_000),
    ],
)
def test_a_moment_is_read_as_people_type_it(typed, ms):
    assert read_moment(typed) == ms


@pytest.mark.parametrize("typed", ["now", "-1", "1:", ":5", "1:2:3", "1e3", "٣", "18.", "99999999"])
def test_what_is_no_moment_is_said(typed):
    with pytest.raises(BadMoment, match=r"0:18\.4"):
        read_moment(typed)


def test_a_note_at_a_frame_is_on_the_shot_that_is_seen_then(take):
    at = read_draft({"text": "Too dark", "begins": "0:17.999"}, take)
    assert (at.from_ms, at.to_ms, at.scene_id) == (17_999, None, "scene-1")
    assert read_draft({"text": "Too dark", "begins": "18"}, take).scene_id == "scene-2"
    # The end of the film is the last thing that is seen of its last shot.
    assert read_draft({"text": "Too dark", "begins": "30.5"}, take).scene_id == "scene-2"


def test_a_range_a_chosen_shot_and_the_whole_take(take):
    ranged = read_draft({"text": "Hum", "begins": "2", "ends": "3.5", "shot": "2"}, take)
    assert (ranged.from_ms, ranged.to_ms, ranged.scene_id) == (2_000, 3_500, "scene-2")
    assert read_draft({"text": "Hum", "begins": "2", "shot": "none"}, take).scene_id == ""
    whole = read_draft({"text": "Lovely"}, take)
    assert (whole.from_ms, whole.to_ms, whole.scene_id) == (None, None, "")
    assert read_draft({"text": "Hum", "begins": "2", "ends": "2.0"}, take).to_ms is None


@pytest.mark.parametrize(
    ("post", "field", "says"),
    [
        ({}, "text", "Write what you see"),
        ({"text": " \u200b\n"}, "text", "Write what you see"),
        ({"text": "x" * 4_003}, "text", "3 characters too long"),
        ({"text": "x", "begins": "soon"}, "begins", "minutes and seconds"),
        ({"text": "x", "begins": "30.501"}, "begins", "over at 0:30.5"),
        ({"text": "x", "ends": "5"}, "begins", "where the range begins"),
        ({"text": "x", "begins": "6", "ends": "5"}, "ends", "before it begins"),
        ({"text": "x", "begins": "6", "ends": "31"}, "ends", "over at"),
        ({"text": "x", "shot": "3"}, "shot", "not in the take"),
        ({"text": "x", "shot": "scene-1"}, "shot", "not in the take"),
        ({"text": "x", "drawing": "[["}, "drawing", "could not be read"),
        ({"drawing": DOT}, "begins", "at which moment"),
    ],
)
def test_what_makes_no_note_is_kept_with_a_sentence(take, post, field, says):
    with pytest.raises(Refused) as refused:
        read_draft(post, take)
    typed = refused.value.typed
    assert says in typed.problems[field]
    assert list(typed.problems) == [field]
    for name, value in post.items():
        assert getattr(typed, name) == value


def test_a_drawing_alone_is_a_note(take):
    assert read_draft({"begins": "1", "drawing": DOT}, take).drawing[0]["kind"] == "pen"


def test_text_is_kept_as_it_was_meant(take):
    text = read_draft({"text": " One\r\nTwo\x00\u202e\rThree \n"}, take).text
    assert text == "One\nTwo\nThree"
    # The browser counts a line's end once, and sends it as two characters.
    assert len(read_draft({"text": "a\r\n" * 1_999 + "ab"}, take).text) == 4_000


def test_an_answer_needs_a_text():
    assert read_reply({"text": " Yes "}) == "Yes"
    with pytest.raises(Refused, match="Write an answer first"):
        read_reply({"text": "  "})
    with pytest.raises(Refused, match="too long"):
        read_reply({"text": "x" * 4_001})
