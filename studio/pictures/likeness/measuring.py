"""How much two shots differ, from their samples: structure and colour apart."""

import numpy as np
import numpy.typing as npt

from studio.pictures.distrust.limits import Limits
from studio.pictures.likeness.films import Film, ShotDifference
from studio.pictures.likeness.sampling import Floats, grid_for, samples_of, size_of, weights_of

_WINDOW = 8
# As in the structural similarity index, for values up to 255.
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
# Grain and the dither of palettes, averaged over cells, stay below this; it is no difference.
_UNSEEN = 2.0
# Mean distance of colours, of 255, at which two pictures have no colour in common.
_ANOTHER_COLOUR = 80.0


def differences(
    former: Film, later: Film, pairs: list[tuple[int, int]], limits: Limits
) -> list[ShotDifference]:
    """For each pair (shot of the former film, shot of the later, by place from 0) how much they
    differ. Runs in the probe's child process. Raises Unacceptable."""
    size, later_size = size_of(former, limits), size_of(later, limits)
    grid = grid_for(size)
    weights = weights_of(former, size, later, later_size)
    before = samples_of(former, sorted({one for one, _ in pairs}), grid, weights, limits)
    weights = weights_of(later, later_size, former, size)
    after = samples_of(later, sorted({other for _, other in pairs}), grid, weights, limits)
    return [difference(before[one], after[other]) for one, other in pairs]


def difference(before: Floats, after: Floats) -> ShotDifference:
    """Of the same moments of two shots: moments × rows × columns × (luma, blue, red)."""
    structure = [_structure(a[..., 0], b[..., 0]) for a, b in zip(before, after, strict=True)]
    return ShotDifference(
        structure=round(float(np.mean(structure)), 4),
        colour=round(_colour(before, after), 4),
    )


def _structure(before: Floats, after: Floats) -> float:
    """What structural similarity leaves of 1, the brightness of each window taken out."""
    a, b = _windows(before), _windows(after)
    a, b = a - a.mean(axis=-1, keepdims=True), b - b.mean(axis=-1, keepdims=True)
    spread = (a * a).mean(axis=-1) + (b * b).mean(axis=-1)
    likeness = (2 * (a * b).mean(axis=-1) + _C2) / (spread + _C2)
    return float(np.clip(1 - likeness, 0, 1).mean())


def _colour(before: Floats, after: Floats) -> float:
    """How far apart colours and brightness are in the mean, what nobody sees left out."""
    apart = np.sqrt(((before - after) ** 2).sum(axis=-1))
    return float(np.clip((apart - _UNSEEN) / _ANOTHER_COLOUR, 0, 1).mean())


def _windows(luma: Floats) -> npt.NDArray[np.float64]:
    view = np.lib.stride_tricks.sliding_window_view(luma.astype(np.float64), (_WINDOW, _WINDOW))
    return view[::2, ::2].reshape(*view[::2, ::2].shape[:2], -1)
