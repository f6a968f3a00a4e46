"""Lines of text: how wide they are, and where they break. Sizes in points, lengths in mm."""

import re
from dataclasses import dataclass

from studio.pictures.lettering import typefaces, writing

MM_PER_POINT = 25.4 / 72
LEADING = 1.36
ELLIPSIS = "…"
# Characters that break anywhere between them, as Han, kana and their full-width signs do.
_BROAD = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_SPACE = r"[^\S\xa0]"  # all but the space that does not break
_ATOM = re.compile(rf"{_SPACE}+|[{_BROAD}]|(?:(?!{_SPACE})[^{_BROAD}])+")
_NEVER_FIRST = frozenset("、。，．：；！？）」』】〉》〕ー…")


@dataclass(frozen=True)
class Style:
    """How a text is set."""

    size: float
    bold: bool = False
    grey: int = 20

    @property
    def line_mm(self) -> float:
        return self.size * MM_PER_POINT * LEADING


@dataclass(frozen=True)
class Line:
    """A line ready to be drawn: prepared, in the order it is read."""

    text: str
    style: Style
    from_right: bool = False

    @property
    def width_mm(self) -> float:
        return width_mm(self.text, self.style)


def width_mm(text: str, style: Style) -> float:
    return typefaces.width(text, bold=style.bold) * style.size * MM_PER_POINT


def wrap(text: str, style: Style, room_mm: float) -> list[Line]:
    """`text` in lines no longer than `room_mm`; empty lines inside it stay, none for no text."""
    lines: list[Line] = []
    for paragraph in writing.prepared(text).strip().splitlines():
        from_right = writing.is_right_to_left(paragraph)
        broken = _broken(paragraph, style, room_mm)
        lines += [Line(part, style, from_right) for part in broken]
    return lines if text.strip() else []


def fit(text: str, style: Style, room_mm: float) -> Line:
    """`text` on one line, with an ellipsis where it is longer than `room_mm`."""
    prepared = " ".join(writing.prepared(text).split())
    if width_mm(prepared, style) > room_mm:
        while prepared and width_mm(prepared + ELLIPSIS, style) > room_mm:
            prepared = prepared[:-1].rstrip()
        prepared += ELLIPSIS
    return Line(prepared, style, writing.is_right_to_left(prepared))


def _broken(paragraph: str, style: Style, room_mm: float) -> list[str]:
    lines, line, used = [], "", 0.0
    for atom in _atoms(paragraph, style, room_mm):
        length = width_mm(atom, style)
        if line and used + length > room_mm and not atom.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or not atom.isspace():
            line, used = line + atom, used + length
    return [*lines, line.rstrip()]


def _atoms(paragraph: str, style: Style, room_mm: float) -> list[str]:
    """What stays together: words, single broad characters with the sign after them, spaces."""
    atoms: list[str] = []
    for found in _ATOM.findall(paragraph):
        if found in _NEVER_FIRST and atoms and not atoms[-1].isspace():
            atoms[-1] += found
        elif width_mm(found, style) <= room_mm:
            atoms.append(found)
        else:
            atoms += _pieces(found, style, room_mm)
    return atoms


def _pieces(word: str, style: Style, room_mm: float) -> list[str]:
    """A word longer than a whole line, cut into as many pieces as it takes."""
    pieces, piece, used = [], "", 0.0
    for character in word:
        length = width_mm(character, style)
        if piece and used + length > room_mm:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + character, used + length
    return [*pieces, piece]
