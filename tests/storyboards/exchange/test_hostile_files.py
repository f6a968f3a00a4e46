"""Whatever is brought: a preview or a sentence, never a crash, and nothing half imported."""

import contextlib
import io
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.formats import LABELS, SUFFIXES, read_file
from studio.storyboards.exchange.imported import Malformed
from studio.storyboards.exchange.preview import Preview
from studio.storyboards.exchange.strict_json import MAX_BYTES, Unreadable
from studio.storyboards.exchange.uploads import Upload
from studio.storyboards.presets import BUILT_IN_MOTIONS

FDX = (
    b'<?xml version="1.0" encoding="UTF-8"?><FinalDraft DocumentType="Script"><Content>'
    b'<Paragraph Type="Action"><Text>Rain falls.</Text></Paragraph></Content></FinalDraft>'
)
LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
EXTERNAL = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><FinalDraft>&e;</FinalDraft>'


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    return file.getvalue()


HOSTILE = {
    "100,000 rows": ("a.csv", b"Prompt\n" + b"Rain\n" * 100_000, "has 100,000 rows"),
    "501 rows": ("a.csv", b"Prompt\n" + b"Rain\n" * 501, "has 501 rows"),
    "10,000 columns": ("a.csv", b"a," * 10_000 + b"\n", "has 10,001 columns"),
    "a giant cell": ("a.csv", b'Prompt\n"' + b"x" * 900_000, "more than 131,072 characters"),
    "a giant line": ("a.csv", b"Prompt,a\n" + b"x" * 2_000_000, "over a million characters"),
    "an open quote": ("a.csv", b'Prompt,a\n"' + b"x\n" * 500_000, "Is a closing quotation mark"),
    "a workbook": ("a.csv", zipped(), "Excel workbook"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
    "NUL bytes": ("a.csv", b"Prompt\nRa\x00in\x01\n", "no text file"),
    "nothing": ("a.csv", b"", "is empty"),
    "blanks": ("a.fountain", b" \n\n ", "is empty"),
    "a mark alone": ("a.csv", b"\xff\xfe", "is empty"),
    "half a character": ("a.csv", b"\xff\xfeP\x00r", "is not UTF-16"),
    "too large": ("a.csv", b"x" * (MAX_BYTES + 1), "larger than 10 MB"),
    "truncated FDX": ("a.fdx", FDX[:-30], "is cut off or is no valid XML"),
    "billion laughs": ("a.fdx", LAUGHS + b"]><FinalDraft>&j;</FinalDraft>", "declares entities"),
    "external entity": ("a.fdx", EXTERNAL, "declares entities"),
    "a remote DTD": ("a.fdx", b'<!DOCTYPE a SYSTEM "http://x/"><a/>', "declares entities"),
    "deep XML": ("a.fdx", b"<a>" * 200_000, "nested too deeply"),
    "other XML": ("a.fdx", b"<html/>", "no Final Draft document"),
    "no content": ("a.fdx", b"<FinalDraft/>", "has no content"),
    "unknown encoding": ("a.fdx", b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
    "XML that is none": ("a.fdx", zipped(), "no valid XML"),
    "deep JSON": ("a.json", b"[" * 100_000, "nested too deeply"),
    "surrogates": ("a.json", b'[{"prompt":"\\ud800","duration_seconds":1}]', "broken character"),
    "no boards": ("a.storyboarder", b'{"boards": []}', "no boards"),
    "501 boards": ("a.storyboarder", b'{"boards": [%s{}]}' % (b"{}," * 500), "has 501 boards"),
    "Storyboarder that is none": ("a.storyboarder", b"hello", "not valid JSON"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_each_is_a_sentence_and_nothing_is_imported(case, tokyo, creative, bring):
    name, raw, says = HOSTILE[case]
    begun = time.perf_counter()
    brought = bring(creative, raw, name, tokyo)
    assert time.perf_counter() - begun < 10
    assert brought.answer.status_code == 422, brought.page[:2000]
    assert "Nothing was imported." in brought.page
    assert says in brought.page
    tokyo.refresh_from_db()
    assert (tokyo.revision, tokyo.shots.count()) == (1, 2)


def test_a_screenplay_of_too_many_shots_can_be_cut_by_scenes(tokyo, creative, bring):
    script = "INT. ROOM - DAY\n\n" + "Rain.\n\n" * 600
    brought = bring(creative, script.encode(), "long.fountain", tokyo)
    assert "This would make 600 shots" in brought.page
    assert "1 shot" in brought.preview(grain="scene")


def test_a_name_of_markup_is_shown_as_text(tokyo, creative, bring):
    brought = bring(creative, b"Prompt\nRain\n", "<img src=x onerror=alert(1)>.csv", tokyo)
    assert "<img src=x" not in brought.page
    assert "&lt;img src=x onerror=alert(1)&gt;.csv" in brought.page
    brought.confirm()
    page = creative.get(f"/projects/{tokyo.pk}/").content.decode()
    assert "<img src=x" not in page


def test_a_heading_of_markup_is_shown_as_text(tokyo, creative, bring):
    brought = bring(creative, b"Prompt,<script>x</script>\nRain,<i>\n", project=tokyo)
    assert "<script>x" not in brought.page
    assert "&lt;script&gt;x&lt;/script&gt;" in brought.page


PATTERNS = {
    "boneyards": ("a.fountain", b"/*" * 2_000_000),
    "notes": ("a.fountain", b"[[" * 2_000_000),
    "emphasis": ("a.fountain", b"*a " * 1_500_000),
    "blanks in a line": ("a.fountain", b"INT. A" + b" " * 4_000_000 + b"#"),
    "headings": ("a.fountain", b"INT. A\n\n" * 500_000),
    "empty rows": ("a.csv", b",\n" * 2_000_000),
    "quotes": ("a.csv", b'"' * 4_000_000),
    "tags": ("a.csv", b"Prompt\n" + b"<a" * 60_000),
    "brackets": ("a.txt", b"[" * 4_000_000),
    "high bytes": ("a.txt", b"\xe9\n" * 2_000_000),
}


@pytest.mark.parametrize("case", PATTERNS)
def test_no_pattern_takes_for_ever(case):
    name, raw = PATTERNS[case]
    begun = time.process_time()
    with contextlib.suppress(Unreadable, Malformed):
        read_file(name, raw, Choices(), BUILT_IN_MOTIONS)
    assert time.process_time() - begun < 10


FRAGMENTS = [b"INT. A\n\n", b"Prompt,Duration\n", b'{"boards":[', b"[", b'"', b"\x00", b"\xff\xfe"]
FRAGMENTS += [b"<FinalDraft><Content>", b"<Paragraph>", b"\xef\xbb\xbf", b"=\n", b"@A\n", b"4,5\n"]
BYTES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=8)), max_size=20).map(
        b"".join
    ),
    st.text(max_size=200).map(lambda text: text.encode("utf-16", "surrogatepass")),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BYTES, st.sampled_from(["", "a.txt", *(f"a{suffix}" for suffix in SUFFIXES)]))
def test_any_bytes_are_a_preview_or_a_sentence(raw, name):
    try:
        reading = read_file(name, raw, Choices(), BUILT_IN_MOTIONS)
    except (Unreadable, Malformed) as refused:
        says = str(refused)
    else:
        says = _shown(reading, name, raw)
    assert says.rstrip("…”").endswith(".")


def _shown(reading, name, raw):
    """Everything that the preview asks of a reading; returns a sentence."""
    preview = Preview(Upload("", name, raw), Choices(), reading)
    assert preview.kind in LABELS.values()
    assert preview.count == len({row.shot.scene_id for row in preview.rows}) + preview.more
    assert [value for value, *_ in preview.selects["encoding"]]
    assert preview.fields
    assert preview.mappings is not None
    return " ".join(["Read.", *(problem.says for problem in preview.problems)])
