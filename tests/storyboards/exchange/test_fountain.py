"""Fountain as fountain.io states it, and as people write it."""

import pytest

from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.fountain import read_fountain

SCRIPT = """Title:
    _**The Night Ferry**_
    Second line
Author: Nobody

INT. ENGINE ROOM - NIGHT #12A#

Pistons *hammer*. MARA wipes her hands.

MARA (V.O.) ^
(quietly)
She won't make it
to morning.

She climbs the \\*ladder\\*.

DISSOLVE TO:

# Act two

= Fog is thick.

.ON DECK

/* CUT SCENE

EXT. NOWHERE - DAY
*/

!FOG
[[Ask for smoke]]

@McAVOY
~Row, row

> THE SHIP SINKS <

===

EXT. SEA - DAWN

> Fade to white.
"""


def read(text, encoding="utf-8", **choices):
    return read_fountain(text.encode(encoding), Choices(**choices), ())


def prompts(reading):
    return [shot.prompt for shot in reading.board.shots]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_whole_script(encoding, line_end):
    found = read(SCRIPT.replace("\n", line_end), encoding)
    assert found.board.own_title == "The Night Ferry Second line"
    assert prompts(found) == [
        "INT. ENGINE ROOM - NIGHT.\nPistons hammer. MARA wipes her hands.",
        "INT. ENGINE ROOM - NIGHT.\nShe climbs the *ladder*.",
        "ON DECK.\nFOG",
        "ON DECK.\nTHE SHIP SINKS",
        "EXT. SEA - DAWN.",
    ]
    assert [shot.notes for shot in found.board.shots] == [
        "MARA (V.O.): (quietly) She won't make it\nMARA (V.O.): to morning.",
        "",
        "Note: Ask for smoke\nMcAVOY: ♪ Row, row",
        "",
        "",
    ]
    assert [shot.transition for shot in found.board.shots] == [
        "cut",
        "crossfade",
        "cut",
        "cut",
        "dip-to-white",
    ]
    assert "Left out: 3 sections" in " ".join(found.board.remarks)


def test_durations_follow_the_words_between_2_and_10_s():
    words = "\n\n".join(" ".join(["word"] * count) for count in (1, 10, 13, 60))
    assert [shot.duration_ms for shot in read(words).board.shots] == [2_000, 4_000, 5_000, 10_000]
    spoken = "A door.\n\nANNA\n" + "word " * 18
    assert read(spoken).board.shots[0].duration_ms == 8_000
    assert read("雨" * 20).board.shots[0].duration_ms == 4_000


def test_durations_may_all_be_the_same_and_shots_be_scenes():
    found = read(SCRIPT, pace="equal", length_ms=3_500, grain="scene")
    assert [shot.duration_ms for shot in found.board.shots] == [3_500] * 3
    assert prompts(found)[0].count("\n") == 2
    assert "Every shot lasts 3.5 s." in found.board.remarks


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("CUT TO:", "cut"),
        ("SMASH CUT TO:", "cut"),
        ("FADE OUT.", "dip-to-black"),
        ("FADE TO BLACK.", "dip-to-black"),
        ("FADE TO WHITE.", "dip-to-white"),
        ("MATCH DISSOLVE TO:", "crossfade"),
        ("> wipe", "wipe"),
        ("FADE IN:", "cut"),
        ("SPIN TO:", "cut"),
    ],
)
def test_transitions(line, kind):
    found = read(f"INT. A\n\nRain.\n\n{line}\n\nINT. B\n\nFog.\n")
    assert prompts(found) == ["INT. A.\nRain.", "INT. B.\nFog."]
    assert found.board.shots[0].transition == kind
    assert ("“SPIN TO:”" in " ".join(found.board.remarks)) == (line == "SPIN TO:")


def test_what_only_looks_like_something_else_is_action():
    text = "INTERIOR of a shell.\n\n...and so on\n\nTHE END\n\n12:30\nlater\n"
    assert prompts(read(text)) == [
        "INTERIOR of a shell.",
        "...and so on",
        "THE END",
        "12:30\nlater",
    ]


def test_a_blank_line_of_two_spaces_goes_on_with_the_dialogue():
    found = read("Rain.\n\nANNA\nOne.\n  \nTwo.\n\nThree.\n")
    assert prompts(found) == ["Rain.", "Three."]
    assert found.board.shots[0].notes == "ANNA: One.\nANNA: Two."


def test_words_before_any_action_have_a_shot_of_the_place():
    found = read("INT. A\n\nANNA\nHello.\n\nRain.\n")
    assert prompts(found) == ["INT. A.", "INT. A.\nRain."]
    assert found.board.shots[0].notes == "ANNA: Hello."


def test_a_paragraph_too_long_for_a_prompt_is_a_problem_of_its_line():
    found = read("Rain.\n\n" + "x" * 4001 + "\n\nA <b>bold</b> move.\n")
    assert [problem.where for problem in found.problems] == ["Line 3", "Line 5"]
    assert prompts(found) == ["Rain."]


def test_what_never_ends_is_text():
    assert prompts(read("A /* B\n\nC [[ D\n")) == ["A /* B", "C [[ D"]
