"""The typefaces that come with us, and which of them sets a character.

Texts may be in any script. Each character is set in the first typeface that has it: Inter, then one
for its script, then Noto Emoji and DejaVu Sans, then the Chinese, Japanese and Korean ones.
Origins, licences and sums of the files: static/vendor/vendored.json.
"""

import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

_FOLDER = Path(__file__).parents[1] / "fonts"
_INTER = ("latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
_ONE_EM = 1000
# What stands in the place of a character that no typeface has: nothing is left out unseen.
MISSING = "□"


@dataclass(frozen=True)
class Typeface:
    """A font file, under a name of its own."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem.lower()

    def has(self, character: str) -> bool:
        return ord(character) in _characters(self.path)


def _inter(weight: int) -> tuple[Typeface, ...]:
    names = (f"inter-{script}-{weight}-normal.woff2" for script in _INTER)
    return tuple(Typeface(_FOLDER / "inter" / name) for name in names)


def _noto(family: str, script: str) -> Typeface:
    return Typeface(_FOLDER / family / f"{family}-{script}-400-normal.woff2")


REGULAR, BOLD = _inter(400), _inter(600)
_JAPANESE = _noto("noto-sans-jp", "japanese")
_HAN = Typeface(_FOLDER / "noto-sans-sc" / "NotoSansSC_400Regular.ttf")
FALLBACKS = (
    _noto("noto-sans-hebrew", "hebrew"),
    _noto("noto-sans-arabic", "arabic"),
    _noto("noto-sans-thai", "thai"),
    _noto("noto-sans-devanagari", "devanagari"),
    _noto("noto-emoji", "emoji"),
    Typeface(_FOLDER / "dejavu" / "DejaVuSans.ttf"),
    _HAN,
    _noto("noto-sans-kr", "korean"),
)


_LONGEST_WORD = 40


def runs(text: str, *, bold: bool = False) -> list[tuple[Typeface, str]]:
    """`text` cut where the typeface changes; what none has is shown as `MISSING`."""
    japanese = _is_japanese(text)
    chosen = [_face_and_character(bold, japanese, character) for character in text]
    return [
        (face, "".join(character for _, character in run))
        for face, run in groupby(chosen, key=lambda pair: pair[0])
    ]


def width(text: str, *, bold: bool = False) -> float:
    """How long `text` is, in ems, each character beside the other."""
    return _width_of_word(text, bold) if len(text) <= _LONGEST_WORD else _summed(text, bold)


# A text is broken anew for each size it is tried in, and says the same words again.
@lru_cache(maxsize=16_384)
def _width_of_word(word: str, bold: bool) -> float:
    return _summed(word, bold)


def _summed(text: str, bold: bool) -> float:
    japanese = _is_japanese(text)
    return sum(_advance_of(bold, japanese, character) for character in text)


def _is_japanese(text: str) -> bool:
    """Han characters look Japanese in a text that holds kana."""
    return any("\u3040" <= character <= "\u30ff" for character in text)


@lru_cache
def _faces(bold: bool, japanese: bool) -> tuple[Typeface, ...]:
    """The typefaces to try in turn."""
    faces = (*(BOLD if bold else REGULAR), *FALLBACKS)
    at = faces.index(_HAN)
    return (*faces[:at], _JAPANESE, *faces[at:]) if japanese else faces


@lru_cache(maxsize=16_384)
def _face_and_character(bold: bool, japanese: bool, character: str) -> tuple[Typeface, str]:
    faces = _faces(bold, japanese)
    if character.isspace():
        return faces[0], " "
    face = next((face for face in faces if face.has(character)), None)
    return (face, character) if face else _face_and_character(bold, japanese, MISSING)


@lru_cache(maxsize=16_384)
def _advance_of(bold: bool, japanese: bool, character: str) -> float:
    face, drawn = _face_and_character(bold, japanese, character)
    return _measure(face.path).getlength(drawn) / _ONE_EM


def embeddable(face: Typeface, cache: Path) -> Path:
    """A file of the typeface that is not compressed, kept in `cache`: unpacking takes up to 3 s."""
    if face.path.suffix != ".woff2":
        return face.path
    from fontTools.ttLib import woff2

    plain = cache / f"{face.name}-{face.path.stat().st_size}.ttf"
    if not plain.exists():
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=cache, suffix=".draft")
        os.close(descriptor)
        try:
            woff2.decompress(str(face.path), draft)  # type: ignore[no-untyped-call]
            os.replace(draft, plain)  # a reader never sees half a font
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
    return plain


@lru_cache
def _characters(path: Path) -> frozenset[int]:
    # fontTools brings 11 MB along, and a film's captions do without.
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


@lru_cache
def _measure(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), _ONE_EM, layout_engine=ImageFont.Layout.BASIC)
