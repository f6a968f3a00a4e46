"""A PDF page to draw on: lines of any script, pictures, rules. Lengths in mm, from the top left."""

import logging
from datetime import datetime
from pathlib import Path

from fpdf import FPDF

from studio.pictures.lettering import typefaces, writing
from studio.pictures.printing.layout import Box
from studio.pictures.printing.typesetting import Line

# It tells of each table of each font that is embedded.
logging.getLogger("fontTools").setLevel(logging.WARNING)

# Where a line's letters stand on, as a share of the line's height.
_BASELINE = 0.76


class Canvas:
    """A document being drawn. Only the letters that are used of a typeface are embedded."""

    def __init__(self, width: float, height: float, fonts: Path) -> None:
        """`fonts` is a folder for unpacked font files."""
        self._pdf = FPDF(unit="mm", format=(width, height))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._fonts = fonts
        self._added: set[str] = set()

    def describe(self, title: str, made_at: datetime) -> None:
        self._pdf.set_title(title)
        self._pdf.set_creator("Shotboard")
        self._pdf.set_lang("en")
        self._pdf.set_creation_date(made_at)

    def add_page(self) -> None:
        self._pdf.add_page()

    def line(self, line: Line, x: float, y: float, room: float, *, align: str = "L") -> None:
        """Draw a line whose top is at `y`; `align` is L, R or C within `room`."""
        spare = room - line.width_mm if align != "L" else 0.0
        x += spare / 2 if align == "C" else spare
        size = line.style.size
        self._pdf.set_text_color(line.style.grey)
        seen = writing.as_seen(line.text, from_right=line.from_right)
        for face, run in typefaces.runs(seen, bold=line.style.bold):
            self._use(face, size)
            self._pdf.text(x, y + line.style.line_mm * _BASELINE, run)
            x += self._pdf.get_string_width(run)

    def lines(self, lines: list[Line], x: float, y: float, room: float) -> float:
        """Draw lines one under the other; returns where the next one would begin."""
        for line in lines:
            self.line(line, x, y, room, align="R" if line.from_right else "L")
            y += line.style.line_mm
        return y

    def picture(self, path: Path | None, box: Box) -> None:
        """The picture, as large as it fits and in the middle; a grey place where there is none."""
        self._pdf.set_draw_color(205)
        self._pdf.set_line_width(0.2)
        self._pdf.set_fill_color(236)
        self._pdf.rect(box.x, box.y, box.width, box.height, style="F")
        if path is not None:
            self._pdf.image(path, box.x, box.y, box.width, box.height, keep_aspect_ratio=True)
        self._pdf.rect(box.x, box.y, box.width, box.height, style="D")

    def rule(self, x: float, y: float, width: float, grey: int = 215) -> None:
        self._pdf.set_draw_color(grey)
        self._pdf.set_line_width(0.2)
        self._pdf.line(x, y, x + width, y)

    def chip(self, box: Box, grey: int = 30) -> None:
        """A filled ground with round corners."""
        self._pdf.set_fill_color(grey)
        self._pdf.rect(
            box.x, box.y, box.width, box.height, style="F", round_corners=True, corner_radius=0.9
        )

    def to_bytes(self) -> bytes:
        return bytes(self._pdf.output())

    def _use(self, face: typefaces.Typeface, size: float) -> None:
        if face.name not in self._added:
            self._pdf.add_font(face.name, "", typefaces.embeddable(face, self._fonts))
            self._added.add(face.name)
        self._pdf.set_font(face.name, size=size)
