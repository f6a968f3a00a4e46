"""Text out of bytes whose encoding nobody states: by its mark, by proof, else by likelihood."""

import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from studio.storyboards.exchange.strict_json import MAX_BYTES, Unreadable

# What a person may choose from, by Python's names.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16, little endian",
    "utf-16-be": "UTF-16, big endian",
    "cp1252": "Windows-1252, Western",
    "cp1250": "Windows-1250, Central European",
    "cp1251": "Windows-1251, Cyrillic",
    "mac-roman": "Mac Roman",
    "cp932": "Shift-JIS, Japanese",
    "gb18030": "GBK / GB18030, Chinese",
    "big5": "Big5, Chinese",
    "euc-kr": "EUC-KR, Korean",
}
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SAMPLE = 20_000
_GUESSED = ("cp1252", "cp1250", "cp1251", "mac_roman", "cp932", "gb18030", "big5", "euc_kr")
# Central European or Mac text read as Windows-1252 has these signs inside its words.
_BROKEN_WORD = re.compile(r"[^\W\d_][¹³¿£¯¼¾ŽŸŠšˆ§‰‡]|[¹³¿£¯¼¾ŽŸšˆ‰‡][^\W\d_]")
# Of what a language writes most. Short texts fit several of its neighbours' encodings as well.
_COMMON = {
    "cp932": re.compile("[\u3041-\u30fe]"),
    "gb18030": re.compile("[的一是在不了有和人这中大为上个国时来用们到地下里后天面镜头，。]"),
    "big5": re.compile("[的一是在不了有和人這中大為上個國時來用們到地下裡後天面鏡頭，。]"),
    "euc-kr": re.compile("[이다의는에가을를은고하지로도한사대기서리어나자시그]"),
}
_KNOWN_BINARY = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook: unpack it, or save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file: save it as CSV"),
    (b"%PDF", "a PDF: export the text or the table from where it was made"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "compressed: unpack it first"),
    (b"7z\xbc\xaf", "compressed: unpack it first"),
    (b"Rar!", "compressed: unpack it first"),
)
_NEVER_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(frozen=True)
class Decoded:
    """`encoding` is one of `ENCODINGS`; the text has no mark at its beginning."""

    text: str
    encoding: str


def decode(raw: bytes, chosen: str = "") -> Decoded:
    """The text of `raw`, in the `chosen` encoding if there is one. Raises `Unreadable`."""
    refuse_size(len(raw))
    for magic, what in _KNOWN_BINARY:
        if raw.startswith(magic):
            raise Unreadable(f"This file is {what}. Then choose that file.")
    encoding = chosen or _declared(raw) or _proven(raw) or _likely(raw)
    return Decoded(_plain(_decoded(raw, encoding)), encoding)


def refuse_size(size: int) -> None:
    """Raise `Unreadable` for more bytes than any import may have."""
    if size > MAX_BYTES:
        raise Unreadable(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it.")


def _decoded(raw: bytes, encoding: str) -> str:
    mark = next((m for m, of in _MARKS if of == encoding and raw.startswith(m)), b"")
    try:
        return raw.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"The file is not {ENCODINGS[encoding]}: byte {error.start + len(mark) + 1:,} does not "
            "fit. Choose another encoding, or save the file as UTF-8."
        ) from None


def _plain(text: str) -> str:
    if not text.strip():
        raise Unreadable("The file is empty. Choose the file with the shots in it.")
    found = len(_NEVER_IN_TEXT.findall(text))
    if "\x00" in text or found > 8 + len(text) // 200:
        raise Unreadable(
            "This is no text file: it holds control characters. Export it as CSV, Fountain, "
            "Final Draft or JSON, and choose that file."
        )
    return text


def _declared(raw: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")


def _proven(raw: bytes) -> str:
    sample = raw[:_SAMPLE]
    if b"\x00" in sample:  # Every second byte of Western text in UTF-16 is zero.
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if max(even, odd) > len(sample) // 8 and min(even, odd) * 4 < max(even, odd):
            return "utf-16-le" if odd > even else "utf-16-be"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "utf-8"


def _likely(raw: bytes) -> str:
    """The likeliest encoding in which every byte has a meaning; Windows-1252 if none convinces."""
    # A sample that ends within a character must not speak against its encoding.
    sample = raw[:_SAMPLE].rsplit(b"\n", 1)[0] if len(raw) > _SAMPLE else raw
    if _is_japanese(sample, raw):
        return "cp932"
    for match in from_bytes(sample, cp_isolation=list(_GUESSED), enable_fallback=False):
        name = match.encoding.replace("_", "-")
        name = next((known for known in ENCODINGS if known == name), "")
        if name in ("cp1250", "mac-roman") and _fits(raw, "cp1252"):
            return name if _BROKEN_WORD.search(sample.decode("cp1252", "replace")) else "cp1252"
        if name in _COMMON:
            return _most_common(sample, raw) or name
        if name and _fits(raw, name):
            return name
    return next((name for name in ("cp1252", "mac-roman") if _fits(raw, name)), "cp1252")


def _is_japanese(sample: bytes, raw: bytes) -> bool:
    """Whether the text has kana in Shift-JIS: their lead bytes mean next to nothing elsewhere."""
    beyond = [character for character in sample.decode("cp932", "ignore") if character > "\x7f"]
    kana = len(_COMMON["cp932"].findall("".join(beyond)))
    return kana * 10 >= len(beyond) > 0 and _fits(raw, "cp932")


def _most_common(sample: bytes, raw: bytes) -> str:
    """The East Asian encoding in which the text has most of that language's common characters."""
    counts = {
        name: len(common.findall(sample.decode(name, "ignore")))
        for name, common in _COMMON.items()
        if _fits(raw, name)
    }
    best = max(counts, key=lambda name: counts[name], default="")
    return best if counts.get(best) else ""


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
