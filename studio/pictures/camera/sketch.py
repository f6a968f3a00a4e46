"""A person's own still: framed in the film's shape, and as layers for the camera."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from studio.pictures.camera.layers import PAPER, Ground, Layer, Size, rimmed
from studio.pictures.camera.matte import Mask, subject_mask
from studio.pictures.camera.motion import SUBJECT_DEPTH
from studio.pictures.camera.parting import cut_out, without
from studio.pictures.looks import graded
from studio.pictures.plan import Light

_MOST_CUT = 0.3
_BACKDROP_LIGHT = 0.45
_BACKDROP_SHRINK = 8
_PAPER_WHITE = (255, 255, 255)
# Depths of a backdrop and of a sheet before it, and how steeply a ground comes nearer towards the
# foot of the picture: behind the subject, before it, and where there is none. The subject has
# thickness: the ground at its foot is a little nearer than its middle.
_FARTHEST, _SHEET = 0.12, 0.38
_BEHIND, _BEFORE, _LEAN = 1.2, 3.0, 0.7
_STAND, _NEAREST = 0.05, 0.96


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
    """The framed still in depth: its ground, which comes nearer towards the foot, and before it the
    subject at that point, where one can be told from the ground. A sheet before a backdrop does not
    lean. Raises OSError when the still cannot be read."""
    sheet, backdrop = _placed(still, size)
    lit = graded(sheet, light)
    if backdrop is not None:
        behind = Layer(graded(backdrop, light), _FARTHEST, PAPER, solid_from=0.0)
        return (behind, *_pinned_up(sheet, lit, size, subject))
    mask = subject_mask(sheet, subject)
    if mask is None:
        leaning = Ground(subject[1], SUBJECT_DEPTH, _LEAN, _LEAN)
        return (Layer(lit, _FARTHEST, PAPER, solid_from=0.0, ground=leaning),)
    behind = Layer(without(lit, mask), _FARTHEST, PAPER, solid_from=0.0, ground=_under(mask))
    return (behind, cut_out(lit, mask, SUBJECT_DEPTH, PAPER))


def _pinned_up(
    sheet: Image.Image, lit: Image.Image, size: Size, subject: tuple[float, float]
) -> tuple[Layer, ...]:
    """A sheet before a backdrop, and its subject; without one the sheet is the subject."""
    left, top = (edge / side for edge, side in zip(_corner(sheet, size), size, strict=True))
    wide, high = (edge / side for edge, side in zip(sheet.size, size, strict=True))
    point = (subject[0] - left) / wide, (subject[1] - top) / high
    mask = subject_mask(sheet, point)
    box = (left, top, left + wide, top + high)
    if mask is None:
        return (rimmed(Layer(lit.convert("RGBa"), SUBJECT_DEPTH, box)),)
    emptied = Layer(without(lit, mask).convert("RGBa"), _SHEET, box)
    return rimmed(emptied), cut_out(lit, mask, SUBJECT_DEPTH, box)


def _under(mask: Mask) -> Ground:
    """The ground that the subject stands on; what hangs in the air or is cut off by the frame
    stands nowhere, and all behind it is farther."""
    foot = (int(np.flatnonzero(mask.any(axis=1))[-1]) + 1) / len(mask)
    if not 0.55 < foot < 0.97:
        return Ground(1.0, 0.5, 0.6, 0.6)
    depth = SUBJECT_DEPTH + _STAND
    # Others may stand in the foreground, and would bend where it rises at once.
    return Ground(foot, depth, _BEHIND, min(_BEFORE, (_NEAREST - depth) / (1 - foot)))
