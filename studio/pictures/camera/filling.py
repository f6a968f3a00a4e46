"""What may lie behind the subject: its hole in the picture, filled from around it.

Where all around is calm, a smooth spread of it; where it is grass, leaves or a crowd, its own
pattern turned inwards from both sides, for a smear would be seen.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.camera.layers import Field
from studio.pictures.camera.matte import Mask

Index = npt.NDArray[np.intp]

_SURE = 2.0
_SEAM = 0.3
_REACH = 0.12


def spread(picture: Field, known: Field) -> Field:
    """`picture` (height × width × 3) where `known` (height × width, 0 to 1) is low replaced by
    what is known around: pulled together at half the size again and again, and pushed back into
    the gaps. Nothing known at all leaves it as it is."""
    if min(known.shape) <= 2 or bool(known.all()):
        return picture
    weights = _halved(known[..., None])
    coarse = _halved(picture * known[..., None]) / np.maximum(weights, 1e-6)
    known_below = np.clip(weights[..., 0] * _SURE, 0, 1).astype(np.float32)
    below = spread(coarse.astype(np.float32), known_below)
    height, width = known.shape
    channels = (Image.fromarray(np.ascontiguousarray(c)) for c in np.moveaxis(below, -1, 0))
    smooth = [np.asarray(channel.resize((width, height), 2)) for channel in channels]
    share = known[..., None]
    return (picture * share + np.stack(smooth, axis=-1) * (1 - share)).astype(np.float32)


def _halved(field: Field) -> Field:
    even = np.pad(field, ((0, field.shape[0] % 2), (0, field.shape[1] % 2), (0, 0)), mode="edge")
    height, width, channels = even.shape
    halved: Field = even.reshape(height // 2, 2, width // 2, 2, channels).mean(axis=(1, 3))
    return halved


def mirrored(picture: Image.Image, hole: Mask) -> Image.Image:
    """`picture` with its hole (height × width, of the same size) filled row by row by what lies to
    the left and to the right of it, turned inwards, one going over into the other in the middle."""
    pixels = np.asarray(picture).copy()
    height, width = hole.shape
    columns = np.broadcast_to(np.arange(width), hole.shape)
    left = np.maximum.accumulate(np.where(hole, -1, columns), axis=1)
    right = np.minimum.accumulate(np.where(hole, width, columns)[:, ::-1], axis=1)[:, ::-1]
    rows, at = np.nonzero(hole)
    left, right = left[rows, at], right[rows, at]
    reach = max(1, round(_REACH * width))
    from_left = _turned(left - _to_and_fro(at - left, reach), left, rows, hole)
    from_right = _turned(right + _to_and_fro(right - at, reach), right, rows, hole)
    along = (at - left) / np.maximum(right - left, 1)
    share = np.clip((along - 0.5) / _SEAM + 0.5, 0, 1)
    share = np.where(left < 0, 1.0, np.where(right >= width, 0.0, share))[:, None]
    pixels[rows, at] = pixels[rows, from_left] * (1 - share) + pixels[rows, from_right] * share
    return Image.fromarray(pixels)


def _to_and_fro(away: Index, reach: int) -> Index:
    """How far outside to look: as far as inside, but never further than `reach`, where there may be
    something else altogether."""
    return reach - np.abs(away % (2 * reach) - reach)


def _turned(source: Index, edge: Index, rows: Index, hole: Mask) -> Index:
    """Where a pixel of the hole is copied from; the hole's own edge where that would be the hole or
    past the picture."""
    last = hole.shape[1] - 1
    inside = np.clip(source, 0, last)
    is_known = (source == inside) & ~hole[rows, inside]
    return np.where(is_known, inside, np.clip(edge, 0, last))
