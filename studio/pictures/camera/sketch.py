"""A person's own still: framed in the film's shape, and as layers for the camera."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from studio.pictures.camera.filling import mirrored, spread
from studio.pictures.camera.layers import PAPER, Ground, Layer, Size
from studio.pictures.camera.matte import Mask, stir, subject_mask, widened
from studio.pictures.camera.motion import SUBJECT_DEPTH
from studio.pictures.looks import graded
from studio.pictures.plan import Light

_MOST_CUT = 0.3
_BACKDROP_LIGHT = 0.45
_BACKDROP_SHRINK = 8
_FARTHEST = 0.12
_LEAN = 0.7
_CALM, _AROUND = 16, 10
_PAPER_WHITE = (255, 255, 255)


def framed(still: Path, size: Size) -> Image.Image:
    """The still as an RGB picture of `size`. What is nearly of that shape covers it, centred;
    anything else is shown whole, before a dim blur of itself. Raises OSError when it cannot be
    read."""
    with Image.open(still, formats=["PNG", "JPEG", "WEBP", "GIF"]) as opened:
        opened.draft("RGB", size)
        sheet = _on_paper(opened)
    ratio = (sheet.width / sheet.height) / (size[0] / size[1])
    if 1 - min(ratio, 1 / ratio) <= _MOST_CUT:
        return ImageOps.fit(sheet, size, Image.Resampling.LANCZOS)
    frame, whole = _backdrop(sheet, size), ImageOps.contain(sheet, size, Image.Resampling.LANCZOS)
    frame.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return frame


def _on_paper(picture: Image.Image) -> Image.Image:
    """As RGB; what is transparent shows white paper, as it does where people draw."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
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
    subject at that point, where one can be told from the ground. Raises OSError when the still
    cannot be read."""
    sheet = framed(still, size)
    mask = subject_mask(sheet, subject)
    lit = graded(sheet, light)
    if mask is None:
        leaning = Ground(subject[1], SUBJECT_DEPTH, _LEAN, _FARTHEST)
        return (Layer(lit, _FARTHEST, PAPER, solid_from=0.0, ground=leaning),)
    foot = (int(np.flatnonzero(mask.any(axis=1))[-1]) + 1) / len(mask)
    behind = Layer(_without(lit, mask), _FARTHEST, PAPER, solid_from=0.0, ground=_under(foot))
    return (behind, _cut_out(lit, mask))


def _under(foot: float) -> Ground:
    """The ground that a subject stands on whose lowest point is at `foot`; what hangs in the air or
    is cut off by the frame stands nowhere, and all behind it is farther."""
    if not 0.55 < foot < 0.97:
        return Ground(1.0, 0.5, 0.6, _FARTHEST)
    return Ground(foot, SUBJECT_DEPTH - 0.02, 0.43 / 0.28, _FARTHEST)


def _softened(mask: Mask, size: Size, levels: tuple[int, int]) -> Image.Image:
    """The mask at `size`, rising softly between two of its levels, 0 to 255."""
    smooth = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(1))
    low, high = levels
    rise = [min(max((value - low) / (high - low), 0.0), 1.0) for value in range(256)]
    curve = [round(255 * share * share * (3 - 2 * share)) for share in rise]
    return smooth.resize(size, Image.Resampling.BICUBIC).point(curve)


def _cut_out(sheet: Image.Image, mask: Mask) -> Layer:
    cut = sheet.convert("RGBA")
    cut.putalpha(_softened(mask, sheet.size, (40, 150)))
    return Layer(cut.convert("RGBa"), SUBJECT_DEPTH, PAPER)


def _without(sheet: Image.Image, mask: Mask) -> Image.Image:
    """The sheet with its subject gone, and the hole filled from around it."""
    height, width = mask.shape
    hole, cells = widened(mask, 2), (width, height)
    goings_on = stir(sheet, cells)
    # Lines that are drawn up to the subject are no ground to spread.
    known = np.where(hole, 0, 1 / (1 + (goings_on / _CALM) ** 2)).astype(np.float32)
    small = np.asarray(sheet.resize(cells, Image.Resampling.BOX), dtype=np.float32)
    smooth = Image.fromarray(np.rint(spread(small, known)).clip(0, 255).astype(np.uint8))
    ground = smooth.resize(sheet.size, Image.Resampling.BICUBIC)
    around = goings_on[widened(hole, _AROUND) & ~hole]
    if len(around) and np.median(around) > _CALM:
        fine = np.asarray(_softened(hole, sheet.size, (60, 190))) > 0
        ground = mirrored(sheet, fine)
    return Image.composite(ground, sheet, _softened(hole, sheet.size, (60, 190)))
