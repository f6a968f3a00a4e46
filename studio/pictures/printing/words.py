"""The words of a panel: set smaller until they fit, and where they never will, set in full at the
end of the document."""

from dataclasses import dataclass

from studio.pictures.printing.layout import Box
from studio.pictures.printing.typesetting import Line, Style, wrap

_STEP = 0.5
_NOTES_GREY, _LABEL_GREY = 75, 105
FULL_SIZE = 8.0


@dataclass(frozen=True)
class Text:
    """What is to be set: the prompt, and below it labelled parts."""

    prompt: str
    notes: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def labelled(self) -> tuple[tuple[str, str], ...]:
        return (*self.facts, *([("Notes", self.notes)] if self.notes else []))


@dataclass(frozen=True)
class Words:
    """Lines that fit their box. `goes_on`: there are more of them than could be shown."""

    lines: list[Line]
    goes_on: bool = False


def fitted(text: Text, box: Box, *, largest: float, smallest: float) -> Words:
    """The text as large as it fits. At the smallest size the last line is left free: there the page
    says where all of it stands."""
    size = largest
    lines = _lines(text, size, box.width)
    while _height(lines) > box.height and size > smallest:
        size = max(smallest, size - _STEP)
        lines = _lines(text, size, box.width)
    if _height(lines) <= box.height:
        return Words(lines)
    room = box.height - Style(size).line_mm
    count = len(lines)
    while count and _height(lines[:count]) > room:
        count -= 1
    return Words(lines[:count], goes_on=True)


def in_full(heading: str, text: Text, width_mm: float) -> list[Line]:
    """The whole text under a heading, for the pages at the end."""
    head = wrap(heading, Style(FULL_SIZE + 1, bold=True), width_mm)
    return [*head, *_lines(text, FULL_SIZE, width_mm)]


def _lines(text: Text, size: float, width_mm: float) -> list[Line]:
    lines = wrap(text.prompt, Style(size), width_mm)
    for label, says in text.labelled:
        if lines:
            lines.append(Line("", Style(size * 0.5)))
        lines.append(Line(label, Style(size - 0.6, bold=True, grey=_LABEL_GREY)))
        lines += wrap(says, Style(size, grey=_NOTES_GREY), width_mm)
    return lines


def _height(lines: list[Line]) -> float:
    return sum(line.style.line_mm for line in lines)
