"""PDF boards: pages of panels, and at the end the texts that no panel could hold in full.

No text is cut silently: it is set smaller first, and what still does not fit its panel ends with
"… in full on page n" and stands on that page.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studio.pictures.printing import facts, words
from studio.pictures.printing.canvas import Canvas
from studio.pictures.printing.layout import GUTTER, MARGIN, Box, PagePlan, page_plan
from studio.pictures.printing.storyboard import Panel, Storyboard
from studio.pictures.printing.typesetting import ELLIPSIS, Line, Style, fit, width_mm

_FAINT, _MUTED, _RULE = 120, 95, 60
_TITLE_SIZES = (13.0, 11.0, 9.0)
_HEAD_GAP = 2.0
_FULL_COLUMNS = 2


def render_boards(
    board: Storyboard, *, paper: str, per_page: int, fonts: Path, made_at: datetime
) -> bytes:
    """The PDF. `paper` is one of `layout.PAPERS`, `per_page` one of `layout.GRIDS`; `fonts` is a
    folder to keep unpacked font files in."""
    plan = page_plan(paper, per_page)
    canvas = Canvas(plan.width, plan.height, fonts)
    canvas.describe(board.title, made_at)
    return _Boards(board, plan, canvas).to_bytes()


@dataclass(frozen=True)
class _Head:
    """The line above a picture: number, scene, duration, times."""

    number: Line
    chip_mm: float
    scene: Line
    duration: Line
    times: Line

    @classmethod
    def of(cls, panel: Panel, width: float) -> "_Head":
        number = Line(str(panel.number), Style(8.5, bold=True, grey=255))
        chip = max(6.0, number.width_mm + 3)
        duration = Line(panel.duration, Style(8.5, bold=True))
        times = Line(panel.times, Style(7.2, grey=_MUTED))
        room = width - chip - duration.width_mm - times.width_mm - 3 * _HEAD_GAP
        return cls(number, chip, fit(panel.scene, Style(7.5, grey=_MUTED), room), duration, times)

    @property
    def shows_whole_scene(self) -> bool:
        return not self.scene.text.endswith(ELLIPSIS)


@dataclass(frozen=True)
class _Laid:
    """A panel with all that was measured before anything is drawn."""

    panel: Panel
    head: _Head
    facts: facts.Facts
    words: words.Words


@dataclass(frozen=True)
class _Flow:
    """A line of the pages at the end: its page and column, and how far down it stands."""

    page: int
    column: int
    y: float
    line: Line


class _Boards:
    def __init__(self, board: Storyboard, plan: PagePlan, canvas: Canvas) -> None:
        self._board, self._plan, self._canvas = board, plan, canvas
        self._parts, self._cell = plan.panel, plan.cell(0)
        laid = [self._lay(panel) for panel in board.panels]
        per_page = plan.columns * plan.rows
        self._pages = [laid[at : at + per_page] for at in range(0, len(laid), per_page)]
        self._full_on: dict[int, int] = {}
        self._flow = list(self._flow_of([part for part in laid if part.words.goes_on]))
        self._page_count = self._flow[-1].page if self._flow else len(self._pages)

    def to_bytes(self) -> bytes:
        for number, panels in enumerate(self._pages, start=1):
            self._begin_page(number)
            for index, laid in enumerate(panels):
                self._draw_panel(laid, self._plan.cell(index))
        for number in range(len(self._pages) + 1, self._page_count + 1):
            self._begin_page(number)
            self._draw_full_texts(number)
        return self._canvas.to_bytes()

    def _lay(self, panel: Panel) -> _Laid:
        head, parts = _Head.of(panel, self._cell.width), self._parts
        said = panel.facts if head.shows_whole_scene else (("Scene", panel.scene), *panel.facts)
        lay_facts = facts.inline if parts.facts_inline else facts.in_rows
        fitted = lay_facts(said, parts.fact_size, parts.facts.width, parts.facts.height)
        box = parts.words
        return _Laid(
            panel,
            head,
            fitted,
            words.fitted(
                words.Text(panel.prompt, panel.notes, fitted.left_over),
                Box(0, 0, box.width, box.height),
                largest=parts.largest,
                smallest=parts.smallest,
            ),
        )

    def _flow_of(self, long: list[_Laid]) -> list[_Flow]:
        """The full texts in columns; notes on which page each begins."""
        body, page, column = self._plan.body, len(self._pages) + 1, 0
        y, flow = body.y, []
        for laid in long:
            text = words.Text(laid.panel.prompt, laid.panel.notes, laid.facts.left_over)
            heading = f"Shot {laid.panel.number} · {laid.panel.scene}"
            for index, line in enumerate(words.in_full(heading, text, self._full_width)):
                # A heading does not stand alone at a column's foot.
                need = line.style.line_mm * (4 if index == 0 else 1)
                if y + need > body.y + body.height:
                    column, y = column + 1, body.y
                    if column == _FULL_COLUMNS:
                        page, column = page + 1, 0
                self._full_on.setdefault(laid.panel.number, page)
                flow.append(_Flow(page, column, y, line))
                y += line.style.line_mm
            y += Style(words.FULL_SIZE).line_mm
        return flow

    @property
    def _full_width(self) -> float:
        return (self._plan.body.width - 2 * GUTTER) / _FULL_COLUMNS

    def _begin_page(self, number: int) -> None:
        canvas, body, board = self._canvas, self._plan.body, self._board
        canvas.add_page()
        summary = fit(board.summary, Style(9, grey=_MUTED), body.width / 2)
        room = body.width - summary.width_mm - GUTTER
        styles = [Style(size, bold=True) for size in _TITLE_SIZES]
        style = next((s for s in styles if width_mm(board.title, s) <= room), styles[-1])
        canvas.line(fit(board.title, style, room), body.x, MARGIN + (13 - style.size) * 0.2, room)
        canvas.line(summary, body.x, MARGIN + 1.2, body.width, align="R")
        canvas.rule(body.x, MARGIN + 7.6, body.width, grey=_RULE)
        foot = self._plan.height - MARGIN - 3.4
        canvas.line(Line(board.edition, Style(7.5, grey=_FAINT)), body.x, foot, body.width)
        pages = Line(f"{number} / {self._page_count}", Style(7.5, grey=_MUTED))
        canvas.line(pages, body.x, foot, body.width, align="R")

    def _draw_panel(self, laid: _Laid, cell: Box) -> None:
        canvas = self._canvas
        self._draw_head(laid.head, cell)
        canvas.picture(laid.panel.picture, _within(cell, self._parts.picture))
        box = _within(cell, self._parts.facts)
        for placed in laid.facts.placed:
            canvas.line(placed.line, box.x + placed.x, box.y + placed.y, box.width - placed.x)
        box = _within(cell, self._parts.words)
        end = canvas.lines(laid.words.lines, box.x, box.y, box.width)
        if laid.words.goes_on:
            says = f"{ELLIPSIS} in full on page {self._full_on[laid.panel.number]}"
            canvas.line(
                Line(says, Style(self._parts.smallest, True, _MUTED)), box.x, end, box.width
            )

    def _draw_head(self, head: _Head, cell: Box) -> None:
        canvas = self._canvas
        canvas.chip(Box(cell.x, cell.y, head.chip_mm, 4.8))
        canvas.line(head.number, cell.x, cell.y + 0.35, head.chip_mm, align="C")
        canvas.line(head.scene, cell.x + head.chip_mm + _HEAD_GAP, cell.y + 0.6, cell.width)
        canvas.line(head.times, cell.x, cell.y + 0.7, cell.width, align="R")
        room = cell.width - head.times.width_mm - _HEAD_GAP
        canvas.line(head.duration, cell.x, cell.y + 0.35, room, align="R")

    def _draw_full_texts(self, number: int) -> None:
        for placed in self._flow:
            if placed.page == number:
                x = self._plan.body.x + placed.column * (self._full_width + 2 * GUTTER)
                self._canvas.lines([placed.line], x, placed.y, self._full_width)


def _within(cell: Box, part: Box) -> Box:
    return Box(cell.x + part.x, cell.y + part.y, part.width, part.height)
