"""Where things stand on a page: papers, grids, and the parts of one panel. Lengths in mm."""

from dataclasses import dataclass

PAPERS = {"a4": (297.0, 210.0), "letter": (279.4, 215.9)}
MARGIN = 12.0
HEAD, FOOT = 11.0, 7.0
GUTTER = 6.0
PANEL_HEAD = 6.4
_GAP = 2.6
_RATIO = 9 / 16


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PanelPlan:
    """The parts of a panel below its head line, and the sizes its words may have, in points."""

    picture: Box
    facts: Box
    words: Box
    facts_inline: bool
    fact_size: float
    largest: float
    smallest: float


@dataclass(frozen=True)
class PagePlan:
    """A page with `columns` × `rows` panels."""

    width: float
    height: float
    columns: int
    rows: int

    @property
    def body(self) -> Box:
        """What lies between the page's head and foot."""
        return Box(
            MARGIN,
            MARGIN + HEAD,
            self.width - 2 * MARGIN,
            self.height - 2 * MARGIN - HEAD - FOOT,
        )

    def cell(self, index: int) -> Box:
        """The place of the panel at `index` on its page."""
        row, column = divmod(index, self.columns)
        width = (self.body.width - (self.columns - 1) * GUTTER) / self.columns
        height = (self.body.height - (self.rows - 1) * GUTTER) / self.rows
        return Box(
            self.body.x + column * (width + GUTTER),
            self.body.y + row * (height + GUTTER),
            width,
            height,
        )

    @property
    def panel(self) -> PanelPlan:
        """How a panel divides its cell; places are relative to the cell's corner."""
        cell = self.cell(0)
        height = cell.height - PANEL_HEAD
        if self.columns == 1:
            return _large(cell.width, height)
        if self.columns > self.rows:
            return _under(cell.width, height)
        return _beside(cell.width, height, compact=self.columns > 2)


GRIDS = {1: (1, 1), 4: (2, 2), 6: (3, 2), 9: (3, 3)}


def page_plan(paper: str, per_page: int) -> PagePlan:
    """The plan for a paper of `PAPERS` in landscape with as many panels as `GRIDS` knows."""
    return PagePlan(*PAPERS[paper], *GRIDS[per_page])


def _large(width: float, height: float) -> PanelPlan:
    """One picture with its facts beside it and its words under it."""
    picture = Box(0, PANEL_HEAD, width * 0.74, width * 0.74 * _RATIO)
    right, below = picture.width + _GAP * 2, picture.height + _GAP * 1.5
    return PanelPlan(
        picture,
        Box(right, PANEL_HEAD, width - right, picture.height),
        Box(0, PANEL_HEAD + below, width, height - below),
        facts_inline=False,
        fact_size=9.5,
        largest=11.5,
        smallest=8,
    )


def _under(width: float, height: float) -> PanelPlan:
    """A picture as wide as the panel, words under it, facts at the foot."""
    picture = Box(0, PANEL_HEAD, width, width * _RATIO)
    facts_height = 6.6
    below = picture.height + _GAP * 0.8
    return PanelPlan(
        picture,
        Box(0, PANEL_HEAD + height - facts_height, width, facts_height),
        Box(0, PANEL_HEAD + below, width, height - below - facts_height - _GAP * 0.5),
        facts_inline=True,
        fact_size=6.8,
        largest=8.5,
        smallest=6.5,
    )


def _beside(width: float, height: float, *, compact: bool) -> PanelPlan:
    """A picture with its facts under it, and the words beside both."""
    share = 0.56 if compact else 0.6
    picture = Box(0, PANEL_HEAD, width * share, width * share * _RATIO)
    right, below = picture.width + _GAP, picture.height + _GAP * 0.7
    return PanelPlan(
        picture,
        Box(0, PANEL_HEAD + below, picture.width, height - below),
        Box(right, PANEL_HEAD, width - right, height),
        facts_inline=False,
        fact_size=6.8 if compact else 8,
        largest=7.5 if compact else 9,
        smallest=6.2 if compact else 6.5,
    )
