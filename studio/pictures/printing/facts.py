"""The facts of a panel (camera, light, transition): labels with what they say, in their place.

Those that their place has no room for are left over: they join the panel's words, which shrink and
go on elsewhere as words do.
"""

from dataclasses import dataclass, replace

from studio.pictures.printing.typesetting import Line, Style, width_mm, wrap

_LABEL_GREY, _GREY, _INLINE_GREY = 120, 50, 95
_AFTER_LABEL, _BETWEEN = 2.2, 0.5


@dataclass(frozen=True)
class Placed:
    """A line at its place within the box, in mm."""

    line: Line
    x: float
    y: float


@dataclass(frozen=True)
class Facts:
    placed: list[Placed]
    left_over: tuple[tuple[str, str], ...] = ()


def in_rows(facts: tuple[tuple[str, str], ...], size: float, width: float, height: float) -> Facts:
    """One below the other, labels in a column of their own."""
    label_style, style = Style(size, grey=_LABEL_GREY), Style(size, grey=_GREY)
    indent = max((width_mm(label, label_style) for label, _ in facts), default=0) + _AFTER_LABEL
    placed: list[Placed] = []
    y = 0.0
    for index, (label, says) in enumerate(facts):
        lines = wrap(says, style, width - indent)
        if y + len(lines) * style.line_mm > height:
            return Facts(placed, facts[index:])
        placed.append(Placed(Line(label, label_style), 0, y))
        for line in lines:
            placed.append(Placed(line, indent, y))
            y += style.line_mm
        y += _BETWEEN
    return Facts(placed)


def inline(facts: tuple[tuple[str, str], ...], size: float, width: float, height: float) -> Facts:
    """One after the other at the foot of the box, each kept together where it can be."""
    style = Style(size, grey=_INLINE_GREY)
    for count in range(len(facts), -1, -1):
        says = (f"{label} {text}".replace(" ", "\xa0") for label, text in facts[:count])
        lines = wrap("  ·  ".join(says), style, width)
        if len(lines) * style.line_mm <= height:
            break
    lines = [replace(line, text=line.text.strip(" ·")) for line in lines]
    top = height - len(lines) * style.line_mm
    placed = [Placed(line, 0, top + n * style.line_mm) for n, line in enumerate(lines)]
    return Facts(placed, facts[count:])
