"""The mark itself: slanted lines of text over the whole frame, light with a dark edge."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from studio.pictures.camera.layers import Size
from studio.pictures.gifs.cells import Pixels
from studio.pictures.lettering.lines import line_mask

FACE, EDGE = 250.0, 8.0
_FACE_ALPHA, _EDGE_ALPHA = 0.55, 0.55
_LEVELS = 3
_SLANT_DEGREES = 24
_KIND = 0.053
_LIGHT_ENOUGH, _DARK_ENOUGH = 165.0, 75.0
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Inks:
    """How each class of the mark changes each palette entry: the entry that comes nearest, and the
    red, green and blue that it should have; each flat, at 256 × class + entry."""

    indices: Pixels
    wanted: tuple[npt.NDArray[np.int16], ...]


@dataclass(frozen=True)
class Stamp:
    """`classes` says for each pixel of the frame how it is marked, 0 for not at all; a class is
    a pair of opacities, of the light face and of the dark edge, in `blends` (n × 2)."""

    classes: Pixels
    blends: npt.NDArray[np.float64]

    def inks(self, palette: Pixels, transparent: int | None) -> Inks:
        """The inks for a frame with this palette; what is transparent stays so."""
        return _inks(self.blends.tobytes(), palette.tobytes(), transparent)


@lru_cache(maxsize=4)
def _inks(blends: bytes, palette: bytes, transparent: int | None) -> Inks:
    """Neighbouring frames of one palette share them."""
    colours = np.frombuffer(palette, dtype=np.uint8).reshape(-1, 3)
    kinds = np.frombuffer(blends).reshape(-1, 2)
    kept = (1 - kinds[:, 0]) * (1 - kinds[:, 1])
    grey = (1 - kinds[:, 0]) * kinds[:, 1] * EDGE + kinds[:, 0] * FACE
    wanted = kept[:, None, None] * colours + grey[:, None, None]
    indices = np.tile(np.arange(256, dtype=np.uint8), (len(kinds), 1))
    candidates = colours * np.sqrt(_LUMA)
    norms = (candidates**2).sum(axis=1)
    if transparent is not None and transparent < len(norms):
        norms[transparent] = np.inf
    for kind in np.flatnonzero(grey):
        # |wanted - candidate|², without what is the same for every candidate.
        apart = norms - 2 * (wanted[kind] * np.sqrt(_LUMA)) @ candidates.T
        indices[kind, : len(colours)] = apart.argmin(axis=1)
    if transparent is not None:
        indices[:, transparent] = transparent
    planes = np.zeros((3, len(kinds), 256), dtype=np.int16)
    planes[..., : len(colours)] = np.rint(wanted).transpose(2, 0, 1)
    return Inks(indices.ravel(), tuple(plane.ravel() for plane in planes))


_ANCHORS = np.array([[236] * 3, [160] * 3, [104] * 3, [60] * 3, [16] * 3], dtype=np.uint8)


def able_to_show(
    indices: Pixels, palette: Pixels, transparent: int | None
) -> tuple[Pixels, npt.NDArray[np.uint8]]:
    """A palette with something light and something dark in it, and where old entries went.

    A picture of one colour has no entry to write on itself with: then free entries, or the least
    used, give way to greys.
    """
    same = np.arange(256, dtype=np.uint8)
    visible = np.arange(len(palette)) != (-1 if transparent is None else transparent)
    brightness = (palette @ _LUMA)[visible]
    if len(brightness) and brightness.max() >= _LIGHT_ENOUGH and brightness.min() <= _DARK_ENOUGH:
        return palette, same
    used = np.bincount(indices.ravel(), minlength=256)
    if transparent is not None:
        used[transparent] = indices.size + 1
    own = np.zeros((256, 3), dtype=np.uint8)
    own[: len(palette)] = palette
    given = np.argsort(used, kind="stable")[: len(_ANCHORS)]
    kept = np.setdiff1d(np.flatnonzero(used), given)
    if transparent is not None:
        kept = kept[kept != transparent]
    for entry in given[used[given] > 0]:
        distance = ((own[kept].astype(np.float64) - own[entry]) ** 2).sum(axis=1)
        same[entry] = kept[distance.argmin()]
    own[given] = _ANCHORS
    return own, same


@lru_cache(maxsize=8)
def stamp_for(lines: tuple[str, ...], size: Size) -> Stamp:
    """The stamp for a frame of `size` pixels, tiled so that any quarter of it is marked."""
    face = np.asarray(_tiled(lines, size), dtype=np.float64) / 255
    spread = Image.fromarray((face * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
    edge = np.asarray(spread, dtype=np.float64) / 255
    levels = np.rint(face * _LEVELS), np.rint(edge * _LEVELS)
    classes = (levels[0] * (_LEVELS + 1) + levels[1]).astype(np.uint8)
    steps = np.arange(_LEVELS + 1) / _LEVELS
    blends = np.array([(f * _FACE_ALPHA, e * _EDGE_ALPHA) for f in steps for e in steps])
    return Stamp(classes, blends)


def _tiled(lines: tuple[str, ...], size: Size) -> Image.Image:
    width, height = size
    kind = max(8, round(min(width * 0.62, height) * _KIND))
    tile = _block(lines, kind)
    field = Image.new("L", (2 * (width + height), 2 * (width + height)))
    step_x, step_y = tile.width + kind * 4, tile.height + kind * 2
    # One tile lies on the very centre, so that even a tiny frame shows some of it.
    middle_x, middle_y = (field.width - tile.width) // 2, (field.height - tile.height) // 2
    rows, columns = ceil(middle_y / step_y) + 1, ceil(middle_x / step_x) + 1
    for row in range(-rows, rows + 1):
        shift = (row % 2) * step_x // 2
        for column in range(-columns - 1, columns + 1):
            field.paste(tile, (middle_x + column * step_x + shift, middle_y + row * step_y))
    turned = field.rotate(_SLANT_DEGREES, Image.Resampling.BICUBIC)
    left, top = (field.width - width) // 2, (field.height - height) // 2
    return turned.crop((left, top, left + width, top + height))


def _block(lines: tuple[str, ...], kind: int) -> Image.Image:
    masks = [line_mask(line[:60], kind, bold=True) for line in lines if line.strip()]
    block = Image.new("L", (max(m.width for m in masks), sum(m.height for m in masks)))
    y = 0
    for mask in masks:
        block.paste(mask, ((block.width - mask.width) // 2, y))
        y += mask.height
    return block
