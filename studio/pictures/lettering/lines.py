"""Text as masks: our own fonts and the machine's, and a way to set any script they know.

A prompt may be in any language. Each run of characters is set in the first font that has them;
characters that no font has are left out.
"""

from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from studio.pictures.lettering import typefaces, writing
from studio.pictures.lettering.breaking import broken

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_FOLDERS = tuple(
    Path(folder)
    for folder in (
        "/usr/share/fonts/truetype/dejavu",
        "/usr/share/fonts/truetype/noto",
        "/usr/share/fonts/opentype/noto",
        "/usr/share/fonts/noto",
        "/usr/share/fonts/noto-cjk",
        "/usr/share/fonts/truetype/wqy",
        "/usr/share/fonts/truetype/droid",
        "/System/Library/Fonts",
        "/System/Library/Fonts/Supplemental",
        "/Library/Fonts",
    )
)
_BOLD = ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "Arial Bold.ttf", "Helvetica.ttc")
_REGULAR = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc")
_OTHER_SCRIPTS = (
    "NotoSansCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf",
    "Hiragino Sans GB.ttc",
    "PingFang.ttc",
    "Arial Unicode.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "Apple Symbols.ttf",
)
_ABSENT = "\U0010fffe"
_LONGEST = 400
_JOINERS = "\ufe0e\ufe0f\u200d"  # they only choose between emoji glyphs that we do not have


@lru_cache(maxsize=64)
def _find(name: str) -> Path | None:
    return next((folder / name for folder in _FOLDERS if (folder / name).is_file()), None)


@lru_cache(maxsize=256)
def _load(path: Path, size: int, shapes: bool) -> Font | None:
    layout = None if shapes else ImageFont.Layout.BASIC
    try:
        return ImageFont.truetype(str(path), size, layout_engine=layout)
    except OSError:
        return None


@lru_cache(maxsize=2)
def _paths(bold: bool) -> tuple[Path, ...]:
    """The font files to try in turn: the machine's for Latin, ours, the machine's for the rest."""
    plain = [path for name in (_BOLD if bold else _REGULAR) if (path := _find(name))]
    own = typefaces.BOLD if bold else typefaces.REGULAR
    others = [path for name in _OTHER_SCRIPTS if (path := _find(name))]
    return (*plain, *(face.path for face in (*own, *typefaces.FALLBACKS)), *others)


@lru_cache(maxsize=4096)
def _font_of(character: str, size: int, bold: bool, shapes: bool) -> Font | None:
    """The first font that has the character; fonts further back are not even loaded."""
    for path in _paths(bold):
        font = _load(path, size, shapes)
        if font is not None and _has(font, character):
            return font
    return None


def _has(font: Font, character: str) -> bool:
    blank, drawn = font.getmask(_ABSENT), font.getmask(character)
    return drawn.size != blank.size or bytes(drawn) != bytes(blank)


def _runs(text: str, size: int, bold: bool) -> list[tuple[str, Font]]:
    """The text as it is seen from left to right, in runs of one font each.

    Right-to-left writing is put in order here, for its order runs over changes of the font.
    """
    shapes = not writing.has_right_to_left(text)
    if not shapes:
        text = writing.prepared(text)
        text = writing.as_seen(text, from_right=writing.is_right_to_left(text))

    def key(character: str) -> Font | None:
        return _font_of("n" if character.isspace() else character, size, bold, shapes)

    return [("".join(run), font) for font, run in groupby(text, key) if font is not None]


def legible(text: str) -> str:
    """`text` on one line, short enough to set, without control characters."""
    line = " ".join(text[: 4 * _LONGEST].split())
    return "".join(c for c in line if c.isprintable() and c not in _JOINERS)[:_LONGEST]


def _width(runs: list[tuple[str, Font]]) -> float:
    return sum(font.getlength(run) for run, font in runs)


def fit(text: str, size: int, max_width: float, *, bold: bool = False) -> str:
    """`text` clipped with an ellipsis to `max_width` pixels."""
    text = legible(text)
    if _width(_runs(text, size, bold)) <= max_width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _width(_runs(text[:middle] + "…", size, bold)) <= max_width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if low else ""


def wrap(
    text: str, size: int, max_width: float, *, most: int, bold: bool = False
) -> tuple[str, ...]:
    """`text` in at most `most` lines no wider than `max_width` pixels; what does not fit them ends
    in an ellipsis. No lines for no text."""
    text = legible(text)
    if not text:
        return ()
    lines = broken(text, lambda part: _width(_runs(part, size, bold)), max_width)
    if len(lines) <= most:
        return tuple(lines)
    head = lines[: most - 1]
    return (*head, fit(text[_end_of(head, text) :], size, max_width, bold=bold))


def _end_of(lines: list[str], text: str) -> int:
    """Where the rest of `text` begins after its first lines."""
    at = 0
    for line in lines:
        at = text.index(line, at) + len(line)
    return at


@lru_cache(maxsize=512)
def line_mask(text: str, size: int, *, bold: bool = False) -> Image.Image:
    """The line as an L mask, `size` px type, one line high whatever its letters."""
    runs = _runs(legible(text), size, bold)
    mask = Image.new("L", (max(1, round(_width(runs)) + 2), round(size * 1.4) + 1))
    draw, x = ImageDraw.Draw(mask), 1.0
    baseline = round(size * 1.06)
    for run, font in runs:
        if isinstance(font, ImageFont.FreeTypeFont):
            draw.text((x, baseline), run, fill=255, font=font, anchor="ls")
        else:
            draw.text((x, 0), run, fill=255, font=font)
        x += font.getlength(run)
    return mask
