"""Lines of text: how wide they are, and where they break. Sizes in points, lengths in mm."""

from dataclasses import dataclass

from studio.pictures.lettering import typefaces, writing
from studio.pictures.lettering.breaking import broken

MM_PER_POINT = 25.4 / 72
LEADING = 1.36
ELLIPSIS = "…"


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
        parts = broken(paragraph, lambda part: width_mm(part, style), room_mm)
        lines += [Line(part, style, from_right) for part in parts]
    return lines if text.strip() else []


def fit(text: str, style: Style, room_mm: float) -> Line:
    """`text` on one line, with an ellipsis where it is longer than `room_mm`."""
    prepared = " ".join(writing.prepared(text).split())
    if width_mm(prepared, style) > room_mm:
        while prepared and width_mm(prepared + ELLIPSIS, style) > room_mm:
            prepared = prepared[:-1].rstrip()
        prepared += ELLIPSIS
    return Line(prepared, style, writing.is_right_to_left(prepared))
