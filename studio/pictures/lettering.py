"""Text as masks: the fonts of the machine, and a way to set any script that they know.

A prompt may be in any language. Each run of characters is set in the first font that has them;
characters that no font has are left out.
"""

from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

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


@lru_cache(maxsize=128)
def _load(path: Path, size: int) -> Font | None:
    try:
        return ImageFont.truetype(str(path), size)
    except OSError:
        return None


@lru_cache(maxsize=32)
def fonts(size: int, *, bold: bool = False) -> tuple[Font, ...]:
    """The fonts to try in turn at `size` pixels; never empty, for Pillow carries one."""
    paths = (_find(name) for name in ((_BOLD if bold else _REGULAR) + _OTHER_SCRIPTS))
    found = [font for path in paths if path and (font := _load(path, size))]
    return (*found, ImageFont.load_default(size))


@lru_cache(maxsize=4096)
def _has(font: Font, character: str) -> bool:
    if character.isspace():
        return True
    blank, drawn = font.getmask(_ABSENT), font.getmask(character)
    return drawn.size != blank.size or bytes(drawn) != bytes(blank)


def _font_index(choices: tuple[Font, ...], character: str) -> int:
    return next((i for i, font in enumerate(choices) if _has(font, character)), -1)


def _runs(text: str, choices: tuple[Font, ...]) -> list[tuple[str, Font]]:
    last = 0

    def key(character: str) -> int:
        nonlocal last
        if not character.isspace():
            last = _font_index(choices, character)
        return last

    return [("".join(run), choices[i]) for i, run in groupby(text, key) if i >= 0]


def legible(text: str) -> str:
    """`text` on one line, short enough to set, without control characters."""
    line = " ".join(text[: 4 * _LONGEST].split())
    return "".join(c for c in line if c.isprintable() and c not in _JOINERS)[:_LONGEST]


def _width(runs: list[tuple[str, Font]]) -> float:
    return sum(font.getlength(run) for run, font in runs)


def fit(text: str, size: int, max_width: float, *, bold: bool = False) -> str:
    """`text` clipped with an ellipsis to `max_width` pixels."""
    text, choices = legible(text), fonts(size, bold=bold)
    if _width(_runs(text, choices)) <= max_width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _width(_runs(text[:middle] + "…", choices)) <= max_width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if low else ""


@lru_cache(maxsize=512)
def line_mask(text: str, size: int, *, bold: bool = False) -> Image.Image:
    """The line as an L mask, `size` px type, one line high whatever its letters."""
    runs = _runs(legible(text), fonts(size, bold=bold))
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
