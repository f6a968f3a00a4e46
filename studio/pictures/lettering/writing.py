"""Text made ready to be set character by character, without a shaping engine.

Arabic letters take the forms they have beside each other (Unicode's presentation forms), and lines
with right-to-left writing are put in the order they are seen in (UAX #9). Scripts whose vowels
change places, such as Devanagari, stand as they are typed.
"""

import unicodedata
from functools import lru_cache

_ZERO_WIDTH_NON_JOINER, _TATWEEL = "\u200c", "\u0640"
_LAM = "\u0644"
# Joiners, variation selectors, direction marks and skin tones choose between glyphs; none is drawn.
_UNDRAWN = dict.fromkeys(
    [*map(ord, "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f")]
    + [*range(0x1F3FB, 0x1F400), *range(0xE0000, 0xE0080)]
)
_MIRRORED = str.maketrans("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤")


def prepared(text: str) -> str:
    """`text` composed, in the letters' joined forms, without characters that leave no ink."""
    text = unicodedata.normalize("NFC", text)
    if any("\u0600" <= character <= "\u06ff" for character in text):
        text = _joined(text)
    return text.translate(_UNDRAWN)


def has_right_to_left(text: str) -> bool:
    """Whether any of the text is written from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text)


def is_right_to_left(text: str) -> bool:
    """Whether a paragraph begins at the right: its first strong letter says so."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def as_seen(line: str, *, from_right: bool = False) -> str:
    """One line of prepared text, from left to right as the eye meets it. `from_right`: the
    paragraph it belongs to begins at the right."""
    if not has_right_to_left(line):
        return line
    # Imported when there is such writing: fpdf brings 30 MB along.
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import TextDirection

    base = TextDirection.RTL if from_right else TextDirection.LTR
    seen = BidiParagraph(line, base).get_reordered_characters()
    out: list[str] = []
    marks: list[str] = []
    for place in seen:
        backwards = place.embedding_level % 2 == 1
        if backwards and unicodedata.combining(place.character):
            marks.append(place.character)  # it follows its letter on the page, too
            continue
        out.append(place.character.translate(_MIRRORED) if backwards else place.character)
        out += marks
        marks = []
    return "".join(out + marks)


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, str]]:
    """By letter, or by lam and alef: its isolated, final, initial and medial form."""
    forms: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if kind and len(letters) <= 2:
            base = "".join(chr(int(letter, 16)) for letter in letters)
            forms.setdefault(base, {})[kind.strip("<>")] = chr(code)
    return forms


def _joins_on(letter: str) -> bool:
    return letter == _TATWEEL or "initial" in _forms().get(letter, {})


def _is_joined_to(letter: str) -> bool:
    return letter == _TATWEEL or "final" in _forms().get(letter, {})


def _joined(text: str) -> str:
    out: list[str] = []
    previous, index = "", 0
    while index < len(text):
        letter = text[index]
        if text[index : index + 2] in _forms() and letter == _LAM:
            letter = text[index : index + 2]
        index += len(letter)
        if unicodedata.combining(letter[0]):
            out.append(letter)
            continue
        follower = next((c for c in text[index:] if not unicodedata.combining(c)), "")
        out.append(_form(letter, _joins_on(previous), _is_joined_to(follower)))
        previous = letter
    return "".join(out)


def _form(letter: str, after_joining: bool, before_joined: bool) -> str:
    forms = _forms().get(letter, {})
    before = after_joining and _is_joined_to(letter)
    after = before_joined and _joins_on(letter)
    kinds = {
        (True, True): "medial",
        (True, False): "final",
        (False, True): "initial",
        (False, False): "isolated",
    }
    return forms.get(kinds[before, after], letter)
