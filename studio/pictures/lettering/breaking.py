"""Where a paragraph breaks into lines, in any unit of length."""

import re
from collections.abc import Callable

Measure = Callable[[str], float]

# Characters that break anywhere between them, as Han, kana and their full-width signs do.
_BROAD = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_SPACE = r"[^\S\xa0]"  # all but the space that does not break
_ATOM = re.compile(rf"{_SPACE}+|[{_BROAD}]|(?:(?!{_SPACE})[^{_BROAD}])+")
_NEVER_FIRST = frozenset("、。，．：；！？）」』】〉》〕ー…")


def broken(paragraph: str, measure: Measure, room: float) -> list[str]:
    """`paragraph` in lines that measure no more than `room`."""
    lines, line, used = [], "", 0.0
    for atom in _atoms(paragraph, measure, room):
        length = measure(atom)
        if line and used + length > room and not atom.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or not atom.isspace():
            line, used = line + atom, used + length
    return [*lines, line.rstrip()]


def _atoms(paragraph: str, measure: Measure, room: float) -> list[str]:
    """What stays together: words, single broad characters with the sign after them, spaces."""
    atoms: list[str] = []
    for found in _ATOM.findall(paragraph):
        if found in _NEVER_FIRST and atoms and not atoms[-1].isspace():
            atoms[-1] += found
        elif measure(found) <= room:
            atoms.append(found)
        else:
            atoms += _pieces(found, measure, room)
    return atoms


def _pieces(word: str, measure: Measure, room: float) -> list[str]:
    """A word longer than a whole line, cut into as many pieces as it takes."""
    pieces, piece, used = [], "", 0.0
    for character in word:
        length = measure(character)
        if piece and used + length > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + character, used + length
    return [*pieces, piece]
