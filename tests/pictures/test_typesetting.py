"""Typefaces, right-to-left writing and line breaks."""

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.pictures.lettering import typefaces, writing
from studio.pictures.lettering.lines import line_mask
from studio.pictures.printing.typesetting import Style, fit, width_mm, wrap

STYLE = Style(9)
PRINTABLE = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Mn", "Mc")), max_size=200
)


def faces(text):
    return [face.name for face, _ in typefaces.runs(text)]


def test_han_characters_look_as_their_neighbours_want():
    assert faces("直") == ["notosanssc_400regular"]
    assert faces("直した") == ["noto-sans-jp-japanese-400-normal"]


def test_every_han_character_of_three_standards_is_there():
    for encoding in ("gbk", "big5", "shift_jis"):
        known = [c for c in map(chr, range(0x4E00, 0xA000)) if c.encode(encoding, "ignore")]
        assert len(known) > 6000
        drawn = "".join(run for _, run in typefaces.runs("".join(known)))
        assert typefaces.MISSING not in drawn


def test_fonts_are_unpacked_once(tmp_path):
    face = typefaces.REGULAR[0]
    plain = typefaces.embeddable(face, tmp_path)
    written = plain.stat().st_mtime_ns
    assert plain.read_bytes()[:4] == b"\x00\x01\x00\x00"
    assert typefaces.embeddable(face, tmp_path).stat().st_mtime_ns == written
    assert list(tmp_path.iterdir()) == [plain]


def test_arabic_letters_take_the_forms_beside_each_other():
    assert writing.prepared("مرحبا") == "ﻣﺮﺣﺒﺎ"
    assert writing.prepared("لا") == "ﻻ", "lam and alef are one sign"
    assert writing.prepared("می‌خواهم") == "ﻣﯽﺧﻮاﻫﻢ".replace("ا", "ﺍ"), "a non-joiner parts letters"
    assert writing.prepared("مُحمّد") != "مُحمّد"


def test_brackets_and_numbers_keep_their_sense_from_right_to_left():
    assert writing.as_seen("אב (ab) 12", from_right=True) == "12 (ab) בא"
    assert writing.as_seen("abc אב", from_right=False) == "abc בא"
    assert writing.as_seen("no such letters") == "no such letters"


def test_emoji_keep_their_pictures_and_lose_their_joiners():
    assert writing.prepared("👩\u200d🍳☀\ufe0f👍🏽") == "👩🍳☀👍"


@given(PRINTABLE, st.floats(15, 90))
@settings(max_examples=120, deadline=None)
def test_wrapping_loses_nothing_and_keeps_to_its_room(text, room):
    lines = wrap(text, STYLE, room)
    assert all(line.width_mm <= room + 1e-6 for line in lines)
    kept = "".join("".join(line.text.split()) for line in lines)
    assert kept == "".join(writing.prepared(text).split())


@given(PRINTABLE, st.floats(10, 60))
@settings(max_examples=80, deadline=None)
def test_what_is_fitted_says_when_it_is_shortened(text, room):
    line = fit(text, STYLE, room)
    whole = " ".join(writing.prepared(text).split())
    assert line.text == whole or line.text.endswith("…")
    assert width_mm(line.text, STYLE) <= room + 1e-6


def test_long_paragraphs_break_between_words_and_after_han_signs():
    lines = wrap("Wide aerial of neon Tokyo in the rain", STYLE, 30)
    assert [line.text for line in lines] == ["Wide aerial of neon", "Tokyo in the rain"]
    assert all(not line.text.startswith("。") for line in wrap("霓虹灯下。" * 9, STYLE, 17))


def test_captions_show_what_the_machine_has_no_fonts_for():
    missing = line_mask("\U0010fffe", 24)
    for text in ("霓虹", "네온", "夜の", "🔥", "مرحبا"):
        mask = line_mask(text, 24)
        assert mask.getbbox() is not None
        assert mask.size != missing.size
