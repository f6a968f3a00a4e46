"""The contact sheet: every frame of a storyboard on one tall PNG."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from studio.pictures.lettering.lines import fit, line_mask
from studio.pictures.printing.png_strips import PngStrips
from studio.pictures.printing.storyboard import Panel, Storyboard

WIDTH = 1920
_MARGIN, _GAP = 48, 20
_HEAD = _MARGIN + 92
_RATIO = 9 / 16
_GROUND, _TILE = (15, 17, 22), (32, 36, 45)
_INK, _MUTED = (240, 242, 246), (158, 167, 184)
_CHIP = (10, 12, 16)


@dataclass(frozen=True)
class _Grid:
    """Columns and sizes in pixels: the more frames, the smaller each."""

    columns: int

    @property
    def tile(self) -> int:
        return (WIDTH - 2 * _MARGIN - (self.columns - 1) * _GAP) // self.columns

    @property
    def type(self) -> int:
        return 22 if self.columns <= 4 else 18 if self.columns <= 6 else 15

    @property
    def picture(self) -> tuple[int, int]:
        return self.tile, round(self.tile * _RATIO)

    @property
    def row(self) -> int:
        return self.picture[1] + round(self.type * 2.1) + _GAP

    def left(self, column: int) -> int:
        return _MARGIN + column * (self.tile + _GAP)


def render_contact_sheet(board: Storyboard) -> bytes:
    """The PNG, 1920 px wide: title and total above, then each frame with its number, its duration
    and the beginning of its prompt. 500 shots make a sheet about 7,000 px tall, of which one row
    is in memory at a time."""
    count = len(board.panels)
    columns = next((c for c, most in ((4, 16), (6, 60), (8, 200)) if count <= most), 10)
    grid = _Grid(columns)
    rows = [board.panels[start : start + columns] for start in range(0, count, columns)]
    file = BytesIO()
    sheet = PngStrips(file, WIDTH, _HEAD + len(rows) * grid.row + _MARGIN)
    sheet.add(_head(board))
    for panels in rows:
        sheet.add(_row(panels, grid))
    sheet.add(Image.new("RGB", (WIDTH, _MARGIN), _GROUND))
    sheet.close()
    return file.getvalue()


def _row(panels: Sequence[Panel], grid: _Grid) -> Image.Image:
    strip = Image.new("RGB", (WIDTH, grid.row), _GROUND)
    for column, panel in enumerate(panels):
        _draw_tile(strip, panel, grid, grid.left(column))
    return strip


def _head(board: Storyboard) -> Image.Image:
    strip = Image.new("RGB", (WIDTH, _HEAD), _GROUND)
    summary = line_mask(board.summary, 24)
    room = WIDTH - 2 * _MARGIN - summary.width - _GAP
    title = line_mask(fit(board.title, 36, room, bold=True), 36, bold=True)
    strip.paste(_INK, (_MARGIN, _MARGIN - 6), title)
    strip.paste(_MUTED, (WIDTH - _MARGIN - summary.width, _MARGIN + 4), summary)
    edition = line_mask(board.edition, 18)
    strip.paste(_MUTED, (_MARGIN, _MARGIN + 46), edition)
    return strip


def _draw_tile(strip: Image.Image, panel: Panel, grid: _Grid, x: int) -> None:
    width, height = grid.picture
    draw = ImageDraw.Draw(strip)
    draw.rectangle((x, 0, x + width - 1, height - 1), fill=_TILE)
    if panel.picture is not None:
        with Image.open(panel.picture) as picture:
            picture.draft("RGB", grid.picture)
            small = ImageOps.contain(picture.convert("RGB"), grid.picture, Image.Resampling.LANCZOS)
        strip.paste(small, (x + (width - small.width) // 2, (height - small.height) // 2))
    _chip(strip, str(panel.number), grid.type, (x + 8, 8), bold=True)
    length = line_mask(panel.duration, grid.type).width + grid.type
    _chip(strip, panel.duration, grid.type, (x + width - length - 8, 8))
    words = line_mask(fit(panel.prompt or panel.scene, grid.type, width), grid.type)
    strip.paste(_INK if panel.prompt else _MUTED, (x, height + grid.type // 3), words)


def _chip(
    strip: Image.Image, text: str, size: int, corner: tuple[int, int], *, bold: bool = False
) -> None:
    words = line_mask(text, size, bold=bold)
    x, y = corner
    box = (x, y, x + words.width + size, y + words.height + 2)
    ImageDraw.Draw(strip).rounded_rectangle(box, radius=5, fill=_CHIP)
    strip.paste(_INK, (x + size // 2, y + 1), words)
