"""Colours as GIF palettes see them: packed in four bytes, and in cells of six bits a channel."""

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
Packed = npt.NDArray[np.uint32]
Cells = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float32]

CELLS = 1 << 18

_OPAQUE = np.uint32(0xFF000000)
_DEEPEST = np.uint8(252)
_HALF_A_CELL = np.uint32(0x020202)


def packed(image: Image.Image) -> Packed:
    """The pixels of a picture, height × width: red in the lowest byte, then green, blue, 255."""
    picture = image if image.mode == "RGB" else image.convert("RGB")
    colours: Packed = np.frombuffer(picture.tobytes("raw", "RGBX"), dtype=np.uint32) | _OPAQUE
    return colours.reshape(image.height, image.width)


def packed_pixels(pixels: Pixels) -> Packed:
    """The same of red, green and blue, … × 3."""
    wide = pixels.astype(np.uint32)
    colours: Packed = wide[..., 0] | (wide[..., 1] << np.uint32(8))
    colours |= wide[..., 2] << np.uint32(16)
    return colours | _OPAQUE


def channels_of(colours: Packed) -> Pixels:
    """Red, green and blue of each colour, … × 3."""
    return np.ascontiguousarray(colours).view(np.uint8).reshape(*colours.shape, 4)[..., :3]


def cells_of(colours: Packed, grain: Packed | np.uint32 = _HALF_A_CELL) -> Cells:
    """The cell of each colour: the nearest, or with a `grain` of 0 to 3 in each channel one whose
    mean over many pixels is the colour, although cells are four levels apart."""
    grained = np.minimum(colours.view(np.uint8), _DEEPEST).view(np.uint32)
    grained += grain
    cells = grained >> 2
    cells &= 0x3F
    cells |= (grained >> 4) & 0xFC0
    cells |= (grained >> 6) & 0x3F000
    return cells.astype(np.intp)


def colours_of(cells: Cells) -> Floats:
    """The colour that each cell stands for, n × 3; black and white are exact."""
    channels = np.stack([cells & 63, (cells >> 6) & 63, cells >> 12], axis=-1)
    return np.where(channels == 63, 255, channels * 4).astype(np.float32)
