"""A person's own still: framed in the film's shape, and as layers for the camera."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from studio.pictures.camera.layers import PAPER, Box, Layer, Relief, Size, rimmed
from studio.pictures.camera.matte import subject_mask
from studio.pictures.camera.motion import SUBJECT_DEPTH
from studio.pictures.looks import graded
from studio.pictures.plan import Light

_MOST_CUT = 0.3
_BACKDROP_LIGHT = 0.45
_BACKDROP_SHRINK = 8
_PAPER_WHITE = (255, 255, 255)
_FARTHEST = 0.12
# What is found where a subject should be is taken for it unless it is wider than one thing is, such
# as a street of houses along one line. Else it is as large as a person in a wide shot.
_WIDEST, _HALF_WIDE, _HALF_HIGH = 0.6, 0.07, 0.2
# Of a subject that fills the frame only the middle is rigid: something has to give way.
_RIGID = 0.2


def framed(still: Path, size: Size) -> Image.Image:
    """The still as an RGB picture of `size`. What is nearly of that shape covers it, centred;
    anything else is shown whole, before a dim blur of itself. Raises OSError when it cannot be
    read."""
    sheet, backdrop = _placed(still, size)
    if backdrop is None:
        return sheet
    backdrop.paste(sheet, _corner(sheet, size))
    return backdrop


def _placed(still: Path, size: Size) -> tuple[Image.Image, Image.Image | None]:
    """The sheet as large as it lies in a frame of `size`, and the backdrop where it leaves one to
    be seen."""
    with Image.open(still, formats=["PNG", "JPEG", "WEBP", "GIF"]) as opened:
        opened.draft("RGB", size)
        sheet = _on_paper(opened)
    ratio = (sheet.width / sheet.height) / (size[0] / size[1])
    if 1 - min(ratio, 1 / ratio) <= _MOST_CUT:
        return ImageOps.fit(sheet, size, Image.Resampling.LANCZOS), None
    fit = min(size[0] / sheet.width, size[1] / sheet.height)
    # A sheet may be a line: one pixel of it is always seen.
    whole = max(1, round(sheet.width * fit)), max(1, round(sheet.height * fit))
    return sheet.resize(whole, Image.Resampling.LANCZOS), _backdrop(sheet, size)


def _corner(sheet: Image.Image, size: Size) -> tuple[int, int]:
    return (size[0] - sheet.width) // 2, (size[1] - sheet.height) // 2


def _on_paper(picture: Image.Image) -> Image.Image:
    """As RGB; what is transparent shows white paper, as it does where people draw."""
    picture.load()
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    sheet, drawn = Image.new("RGB", picture.size, _PAPER_WHITE), picture.convert("RGBA")
    sheet.paste(drawn, mask=drawn)
    return sheet


def _backdrop(sheet: Image.Image, size: Size) -> Image.Image:
    # Blurred small: a blur has no detail to lose.
    small = max(2, size[0] // _BACKDROP_SHRINK), max(2, size[1] // _BACKDROP_SHRINK)
    blurred = ImageOps.fit(sheet, small).filter(ImageFilter.GaussianBlur(small[0] / 16))
    return blurred.point(lambda value: value * _BACKDROP_LIGHT).resize(size)


def sheet_layer(still: Path, size: Size, light: Light) -> Layer:
    """The framed still in its light, flat, at `size` in pixels. Raises OSError when it cannot be
    read."""
    return Layer(graded(framed(still, size), light), 0.0, PAPER, solid_from=0.0)


def sketch_layers(
    still: Path, size: Size, light: Light, subject: tuple[float, float]
) -> tuple[Layer, ...]:
    """The framed still in depth: one sheet in relief, with the subject at that point nearest. A
    sheet of another shape than the film's is flat, before its backdrop. Raises OSError when the
    still cannot be read."""
    sheet, backdrop = _placed(still, size)
    lit = graded(sheet, light)
    if backdrop is not None:
        behind = Layer(graded(backdrop, light), _FARTHEST, PAPER, solid_from=0.0)
        return behind, _pinned_up(lit, size)
    relief = Relief(_rigid(sheet, subject), SUBJECT_DEPTH)
    return (Layer(lit, SUBJECT_DEPTH, PAPER, solid_from=0.0, relief=relief),)


def _pinned_up(lit: Image.Image, size: Size) -> Layer:
    left, top = (edge / side for edge, side in zip(_corner(lit, size), size, strict=True))
    wide, high = (edge / side for edge, side in zip(lit.size, size, strict=True))
    return rimmed(Layer(lit.convert("RGBa"), SUBJECT_DEPTH, (left, top, left + wide, top + high)))


def _rigid(sheet: Image.Image, subject: tuple[float, float]) -> Box:
    """Where the subject is, as far as that can be told."""
    x, y = subject
    left, top, right, foot = _found(sheet, subject) or (
        x - _HALF_WIDE,
        y - _HALF_HIGH,
        x + _HALF_WIDE,
        y + _HALF_HIGH,
    )
    return (
        min(max(left, x - _RIGID), x),
        min(top, y),
        max(min(right, x + _RIGID), x),
        min(max(foot, y), 1.0),
    )


def _found(sheet: Image.Image, subject: tuple[float, float]) -> Box | None:
    mask = subject_mask(sheet, subject)
    if mask is None:
        return None
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    height, width = mask.shape
    left, right = columns[0] / width, (columns[-1] + 1) / width
    if right - left > _WIDEST or not left > 0 or not right < 1:
        return None
    return left, rows[0] / height, right, (rows[-1] + 1) / height
