"""Tables as spreadsheets and people write them."""

import pytest

from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.csv_reading import read_csv
from studio.storyboards.exchange.strict_json import Unreadable
from studio.storyboards.presets import BUILT_IN_MOTIONS


def read(text, written="utf-8", **choices):
    raw = text if isinstance(text, bytes) else text.encode(written)
    return read_csv(raw, Choices(**choices), BUILT_IN_MOTIONS)


def seen(reading):
    return [(shot.prompt, shot.duration_ms) for shot in reading.board.shots]


TWO = [("Rain, at night", 4_500), ("Fog", 3_000)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_found(delimiter):
    table = f'Prompt{delimiter}Duration\n"Rain, at night"{delimiter}"4,5"\nFog{delimiter}3\n'
    assert seen(read(table)) == TWO
    assert seen(read(f"sep={delimiter}\r\n{table}")) == TWO


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Shot,Description,Duration", "1,Rain,4\n2,Fog,3"),
        ("Dauer;Beschreibung;Einstellung", "4;Rain;1\n3;Fog;2"),
        ("Plan;Durée (s);Image", "1;4;Rain\n2;3;Fog"),
        ("DURATION_SECONDS|x|PROMPT", "4|a|Rain\n3|b|Fog"),
        ("秒数,内容", "4,Rain\n3,Fog"),
        ("Plano,Descripción,Duración", "1,Rain,4\n2,Fog,3"),
        ("Длительность;Описание", "4;Rain\n3;Fog"),
        ("Length (ms),Visual", "4000,Rain\n3000,Fog"),
        ("Frames,Action", "96,Rain\n72,Fog"),
    ],
)
def test_headings_of_many_tools_and_languages_in_any_order(header, rows):
    assert seen(read(f"{header}\n{rows}\n")) == [("Rain", 4_000), ("Fog", 3_000)]


def test_a_table_without_a_header_is_told_by_its_content():
    found = read("1,Rain at night over the port,4\n2,Fog,3\n")
    assert seen(found) == [("Rain at night over the port", 4_000), ("Fog", 3_000)]
    assert not found.table.has_header
    assert seen(read("Rain,4\nFog,3\n", has_header=True)) == [("Fog", 3_000)]


@pytest.mark.parametrize(
    ("typed", "milliseconds"),
    [
        ("4", 4_000),
        ("4,5 s", 4_500),
        ("4.5 sec", 4_500),
        ("500 ms", 500),
        ("36 frames", 1_500),
        ("0:04", 4_000),
        ("1:30", 90_000),
        ("00:00:05", 5_000),
        ("00:00:05.5", 5_500),
        ("00:00:04:12", 4_500),
        ("00:00:04;12", 4_500),
        ("1 min 30 s", 90_000),
        ('12"', 12_000),
        ("3秒", 3_000),
        ("", 5_000),
    ],
)
def test_durations_are_read_by_the_stated_rule(typed, milliseconds):
    quoted = typed.replace('"', '""')
    assert seen(read(f'Prompt,Duration\nRain,"{quoted}"\n')) == [("Rain", milliseconds)]


@pytest.mark.parametrize(
    "typed", ["soon", "0.4", "601", "-3", "1:2:3:4:5", "00:00:04:30", "9" * 60, "1e3", "٣"]
)
def test_what_is_no_duration_is_a_problem_of_its_row(typed):
    found = read(f"Prompt,Duration\nFog,3\nRain,{typed}\n")
    assert [problem.where for problem in found.problems] == ["Row 3"]
    assert found.problems[0].says.startswith("Duration: ")
    assert seen(found) == [("Fog", 3_000)]


def test_timecodes_count_frames_at_the_chosen_rate():
    table = "Prompt,Duration\nRain,00:00:04:15\n"
    assert seen(read(table, frame_rate=30)) == [("Rain", 4_500)]
    assert seen(read("Prompt,Frames\nRain,75\n", frame_rate=25)) == [("Rain", 3_000)]


TEXTS = {
    "utf-8": "Straße 東京 👩🏽‍🚀",
    "utf-8-sig": "Straße 東京",
    "utf-16": "Straße 東京",
    "utf-16-le": "A street, Straße",
    "utf-16-be": "A street, Straße",
    "cp1252": "Straße im Regen, früh – “schön”",
    "cp1250": "Ulica w deszczu, źródło światła",
    "cp1251": "Улица под дождём",
    "cp932": "雨の東京、ネオンの街",
    "gb18030": "雨中的东京，霓虹灯下的街道",
    "big5": "雨中的東京霓虹燈街道",
    "euc-kr": "비 내리는 도쿄의 네온 거리",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_any_encoding_is_found(encoding):
    text = TEXTS[encoding]
    assert seen(read(f"Prompt;Duration\r\n{text};4\r\n", encoding)) == [(text, 4_000)]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Regen über dem Hafen: die Fähre legt an, das Licht wird langsam wärmer"),
        ("cp1252", "El niño corre mañana"),
        ("mac-roman", "Café de nuit, l'été à la mer"),
        ("cp932", "夜の傘"),
    ],
)
def test_neighbouring_encodings_are_told_apart(encoding, text):
    rows = "".join(f"{number};{text};4,5\r\n" for number in range(1, 9))
    found = read(f"Nr;Prompt;Duration\r\n{rows}", encoding)
    assert seen(found) == [(text, 4_500)] * 8


def test_an_encoding_that_was_guessed_wrong_can_be_chosen():
    raw = "Prompt,Duration\nœuvre,4\n".encode("mac-roman")
    assert seen(read(raw, encoding="mac-roman")) == [("œuvre", 4_000)]
    with pytest.raises(Unreadable, match="is not UTF-8: byte"):
        read(raw, encoding="utf-8")


def test_quoted_newlines_ragged_and_empty_rows():
    found = read('Prompt,Duration,Notes\n\n"Two\nlines",4\n,,\nFog,3,x,more,cells\n')
    assert seen(found) == [("Two\nlines", 4_000), ("Fog", 3_000)]
    assert found.board.shots[1].notes == "x"
    assert "Cells beyond the last heading, in row 5, are ignored." in found.board.remarks


def test_words_of_other_tools_are_understood_or_remarked_on():
    rows = "Rain,Push In,Dissolve,yes\nFog,HANDHELD,Smash cut,\nSnow,steadicam,flip,no\n"
    found = read(f"Prompt,Camera,Transition,Locked\n{rows}")
    assert [(s.motion, s.transition, s.transition_ms, s.is_locked) for s in found.board.shots] == [
        ("dolly-in", "crossfade", 500, True),
        ("handheld", "cut", 0, False),
        ("", "cut", 0, False),
    ]
    said = " ".join(found.board.remarks)
    assert "“steadicam” in row 4" in said
    assert "“flip” in row 4" in said
    assert "3 rows without a duration: 5 s each." in said


def test_dialogue_goes_into_the_notes_and_ids_are_made_unique():
    found = read("Id,Prompt,Notes,Dialogue\na,Rain,See ref,ANNA: Come\na,Fog,,\n,Snow,,\n")
    assert [(shot.scene_id, shot.notes) for shot in found.board.shots] == [
        ("a", "See ref\nANNA: Come"),
        ("scene-1", ""),
        ("scene-2", ""),
    ]
    assert "The id “a” is taken already: its shot gets a new one." in found.board.remarks


def test_a_subject_has_both_its_places():
    found = read("Prompt,Subject x %,Subject y (%)\nRain,30 %,40\nFog,,\n")
    assert [(shot.subject_x, shot.subject_y) for shot in found.board.shots] == [
        (30, 40),
        (None, None),
    ]
    found = read("Prompt,Subject x %,Subject y %\nRain,30,\nFog,,40\nSnow,nan,5\n")
    assert [problem.where for problem in found.problems] == ["Row 2", "Row 3", "Row 4"]
    said = [problem.says for problem in found.problems]
    assert "from the top" in said[0]
    assert "from the left" in said[1]
    assert "from 0 to 100" in said[2]


def test_every_field_has_its_problem():
    header = "Prompt,Speed,Temperature,Intensity,Style,Transition length,Notes"
    rows = ["<b>,,,,,,", "a,2,,,,,", "a,,9,,,,", "a,,,-1,,,", f"a,,,,{'s' * 61},,", "a,,,,,9,"]
    found = read("\n".join([header, *rows, "a,0.5,4200 K,1.5,moody,0.5,ok"]))
    assert [problem.where for problem in found.problems] == [f"Row {n}" for n in range(2, 8)]
    (shot,) = found.board.shots
    assert (shot.speed, shot.lighting.temperature, shot.lighting.style) == (0.5, 4200, "moody")
