"""Notes as CSV and as marker EDL: what other programs read, and what they must not run."""

import csv
import io

import pytest

from studio.reviews.notes import exporting, writing
from studio.reviews.notes.exporting import COLUMNS, csv_text, edl_text, rows, timecode

DOT = [{"kind": "pen", "colour": "red", "points": [[0.5, 0.5]]}]


@pytest.fixture
def told(member, guest, write):
    late = write(member, "Late", from_ms=20_000, to_ms=22_000, scene_id="scene-2")
    writing.reply(guest, write(guest, "All of it"), "Truly")
    writing.reply(member, late, "Agreed")
    writing.resolve(member, late)
    return rows(member.take, member.channels)


def test_rows_are_in_the_films_order_each_thread_with_its_answers(told):
    assert [(row.number, row.answers, row.text) for row in told] == [
        (1, None, "All of it"),
        (2, 1, "Truly"),
        (3, None, "Late"),
        (4, 3, "Agreed"),
    ]
    late = told[2]
    assert (late.channel, late.state, late.shot, late.author) == (
        "internal",
        "resolved",
        2,
        "Creative",
    )
    assert told[0].author == "Jane Client (guest)"


def test_the_csv_is_read_back(told):
    found = list(csv.DictReader(io.StringIO(csv_text(told))))
    assert tuple(found[0]) == COLUMNS
    assert (found[2]["from"], found[2]["to"], found[2]["text"]) == ("0:20", "0:22", "Late")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1", "ok;=1", "a\n=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(member, write, text):
    write(member, text)
    [row] = csv.DictReader(io.StringIO(csv_text(rows(member.take, member.channels))))
    for part in row["text"].replace("|", "\n").replace(";", "\n").split("\n"):
        assert part[:1] not in ("=", "+", "-", "@")


def test_the_edl_has_a_marker_for_each_thread(told, member):
    text = edl_text(member.take, told, fps=25)
    assert text.startswith("TITLE: Neon Tokyo take 1 notes\r\nFCM: NON-DROP FRAME\r\n")
    assert (
        "001  001      V     C        01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01\r\n"
        " |C:ResolveColorGreen |M:Jane Client (guest): All of it / Jane Client (guest): Truly |D:1"
    ) in text
    assert (
        "002  001      V     C        01:00:20:00 01:00:22:00 01:00:20:00 01:00:22:00\r\n"
        " |C:ResolveColorBlue |M:Creative: Late / Creative: Agreed |D:50\r\n"
        "* LOC: 01:00:20:00 BLUE    Creative: Late / Creative: Agreed"
    ) in text


def test_nothing_that_is_written_becomes_a_line_of_the_edl(member, write):
    write(member, "One\n002  001      V     C\r\n* LOC: 01:00:00:00 RED |M:Evil |D:9")
    lines = edl_text(member.take, rows(member.take, member.channels)).split("\r\n")
    assert len([line for line in lines if line.startswith(("001", "002", "*", " |"))]) == 3
    assert next(line for line in lines if line.startswith(" |")).count("|") == 3


def test_a_note_at_the_very_end_stands_on_the_last_frame(member, write):
    write(member, "The end", from_ms=member.take.duration_ms)
    text = edl_text(member.take, rows(member.take, member.channels), fps=24)
    last = member.take.duration_ms * 24 // 1000 - 1
    assert f" {timecode(3_600 * 24 + last, 24)} " in text
    assert timecode(3_600 * 24 + last + 2, 24) not in text


def test_a_drawing_without_words_is_told_in_words(member, write):
    write(member, "", from_ms=1_000, drawing=DOT)
    assert "Creative: 1 pen stroke" in edl_text(member.take, rows(member.take, member.channels))


@pytest.mark.parametrize(
    ("frames", "fps", "shown"),
    [(0, 24, "00:00:00:00"), (23, 24, "00:00:00:23"), (86_400 + 24, 24, "01:00:01:00")],
)
def test_timecodes(frames, fps, shown):
    assert timecode(frames, fps) == shown


def test_no_notes_make_files_of_their_headings(take):
    assert csv_text(()) == ",".join(COLUMNS) + "\r\n"
    assert edl_text(take, ()).endswith("FCM: NON-DROP FRAME\r\n\r\n")
    assert exporting.rows(take, {"client"}) == ()
