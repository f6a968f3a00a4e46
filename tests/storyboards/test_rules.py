"""What each field may hold."""

import pytest

from studio.storyboards import rules

MOTIONS = ("orbit", "handheld")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rain < 3 mm and > 1 mm",
        "5 <3 7",
        "Ein Café — 東京 🎬",
        "two\nlines",
        "a family 👩\u200d👩\u200d👧 ❤\ufe0f",
        "\u200fשלום\u200e, rain",
    ],
)
def test_plain_prompts_pass(text):
    assert rules.checked_prompt(text) == text


def test_line_ends_become_one_kind_and_edges_are_trimmed():
    assert rules.checked_prompt(" a\r\nb\rc \n") == "a\nb\nc"
    assert rules.checked_prompt("\ufeff \u200bRain\u200b\n\ufeff") == "Rain"


@pytest.mark.parametrize("text", ["\u200b", "\ufeff", "\u2060 \u200d", "\u200e\xad", "\u3164"])
def test_a_text_that_nobody_can_see_is_empty(text):
    assert rules.checked_prompt(text) == ""
    with pytest.raises(rules.BadField, match="needs a title"):
        rules.checked_title(text)


@pytest.mark.parametrize("turn", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_what_turns_round_the_text_beside_it_is_refused(turn):
    for check in (rules.checked_prompt, rules.checked_title, rules.checked_style):
        with pytest.raises(rules.BadField, match="invisible control characters"):
            check(f"Rain{turn}gnp.exe")
    assert rules.title_from(f"Rain{turn}gnp\x00\ud800\n") == "Raingnp"
    with pytest.raises(rules.BadField, match="“orbital” is no camera preset"):
        rules.checked_motion(f"orbit{turn}al", MOTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b>",
        "<script>",
        "</p>",
        "<!-- -->",
        "<?php ?>",
        "nul\x00",
        "bell\x07",
        "half \ud800",
        12,
        None,
    ],
)
def test_markup_controls_and_no_text_are_refused(text):
    with pytest.raises(rules.BadField, match="A prompt"):
        rules.checked_prompt(text)


def test_a_long_prompt_is_told_both_numbers():
    assert rules.checked_prompt("x" * rules.MAX_PROMPT)
    with pytest.raises(rules.BadField, match="4,000 characters at most; this one has 100,000"):
        rules.checked_prompt("x" * 100_000)


@pytest.mark.parametrize(("typed", "speed"), [("0.1", 0.1), ("1.0", 1.0), ("0,6", 0.6), (1, 1.0)])
def test_speeds_from_a_tenth_to_one(typed, speed):
    assert rules.checked_speed(typed) == speed


@pytest.mark.parametrize(
    "typed",
    [
        *("0.09", "1.01", "NaN", "inf", "-0.5", "fast", "", True, None, 10**400, "1" * 5000),
        *("0_1", "1e0", "0.5٠", "０.５", ".", "1." + "0" * 40 + "1", "0.0" + "9" * 40),
        *(float("nan"), float("inf")),
    ],
)
def test_other_speeds_are_refused(typed):
    with pytest.raises(rules.BadField, match="The camera speed is a number from 0.1 to 1"):
        rules.checked_speed(typed)


def test_a_temperature_is_a_plain_decimal_number():
    assert rules.checked_temperature(" 4200,5 ") == 4200.5
    with pytest.raises(rules.BadField, match="in kelvin"):
        rules.checked_temperature("4_2_0_0")


@pytest.mark.parametrize("motion", ["spin", "", None, 3, ["orbit"], "ORBIT"])
def test_unknown_moves_name_the_known(motion):
    with pytest.raises(rules.BadField, match="Choose one of orbit, handheld"):
        rules.checked_motion(motion, MOTIONS)


def test_a_title_is_one_line_and_not_empty():
    assert rules.checked_title("  Neon \n Tokyo ") == "Neon Tokyo"
    with pytest.raises(rules.BadField, match="needs a title"):
        rules.checked_title("  ")


def test_numbers_for_json_have_no_trailing_zero():
    assert [repr(rules.plain_number(value)) for value in (4200.0, 0.6, 1.0)] == ["4200", "0.6", "1"]
