"""A subject cut out of its picture, and the picture without it."""

import numpy as np
from PIL import Image, ImageFilter

from studio.pictures.camera.filling import mirrored, spread
from studio.pictures.camera.layers import Box, Layer, Size
from studio.pictures.camera.matte import Mask, stir, widened

# How far apart greys may be in a calm place, and how wide a rim of it is looked at, in cells.
_CALM, _AROUND = 16, 10


def _softened(mask: Mask, size: Size, levels: tuple[int, int]) -> Image.Image:
    """The mask at `size`, rising softly between two of its levels, 0 to 255."""
    smooth = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(1))
    low, high = levels
    rise = [min(max((value - low) / (high - low), 0.0), 1.0) for value in range(256)]
    curve = [round(255 * share * share * (3 - 2 * share)) for share in rise]
    return smooth.resize(size, Image.Resampling.BICUBIC).point(curve)


def cut_out(sheet: Image.Image, mask: Mask, depth: float, box: Box) -> Layer:
    """The subject alone at `depth`, softly cut from the sheet, which lies in `box`."""
    cut = sheet.convert("RGBA")
    cut.putalpha(_softened(mask, sheet.size, (40, 150)))
    left, top, right, bottom = cut.getchannel("A").getbbox() or (0, 0, 1, 1)
    x, y = (box[2] - box[0]) / sheet.width, (box[3] - box[1]) / sheet.height
    place = (box[0] + left * x, box[1] + top * y, box[0] + right * x, box[1] + bottom * y)
    return Layer(cut.crop((left, top, right, bottom)).convert("RGBa"), depth, place)


def without(sheet: Image.Image, mask: Mask) -> Image.Image:
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
