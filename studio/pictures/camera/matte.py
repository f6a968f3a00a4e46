"""Which part of a still is its subject: found by what sets it off from the picture's borders.

The measure is the minimum barrier distance: how much colour, or line, must be crossed to reach a
place from the border. Sky, paper, walls and grass are reached freely, however they shade off; what
is drawn in an outline, or of another colour, is not.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.camera.layers import Field, Size

Mask = npt.NDArray[np.bool_]

_CELLS, _FINER = 144 * 81, 3
_PASSES = 2
_THRESHOLDS = (0.45, 0.32, 0.23, 0.16, 0.11)
_PALER = (0.32, 0.23, 0.16)
_NEAR = (0.1, 0.2, 0.32)
_FOOTING = 0.22
_SMALLEST, _LARGEST = 0.006, 0.5
_THINNEST = 0.15
_WIDEST, _SOLID = 0.6, 0.5
_MOSTLY = 0.4
_THING = 0.25
_LINES, _JOINTS = (2, 1), (2, 3, 4, 5, 6, 1)
_LOOSE_ENDS, _BESIDE = 4, 7
_LEAST_JUMP = 0.07


def subject_mask(sheet: Image.Image, subject: tuple[float, float]) -> Mask | None:
    """Where the subject at this point (fractions of the picture) is, height × width of about
    12,000 cells; None where nothing there can be told from its ground."""
    small = _small(sheet)
    height, width = small.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    aside, above = (x + 0.5) / width - subject[0], (y + 0.5) / height - subject[1]
    away = np.hypot(aside, above * 0.8)
    barrier = _barrier(
        small, is_border=(away > _NEAR[0]) & ((np.abs(aside) > _FOOTING) | (y < height - 1))
    )
    best, best_score = None, 0.0
    for threshold in _THRESHOLDS:
        found = _around(away, _bridged(barrier > threshold, 2))
        score = 0.0 if found is None else _standing_out(found, barrier)
        if score > best_score:
            best, best_score = found, score
    return None if best is None else _with_paler_parts(best, barrier)


def _around(away: Field, set_off: Mask) -> Mask | None:
    """The thing nearest to the subject's point, without what merely touches it, such as the
    horizon behind a person."""
    for reach in _NEAR:
        seeds = set_off & (away < reach)
        if seeds.sum() < _SMALLEST * seeds.size / 4:
            continue
        found = _grown(seeds, set_off)
        # What spans the picture is several things that touch, such as hills, a house and a person.
        is_joined = _width(found) > _WIDEST
        core = _core(seeds, set_off, _JOINTS if is_joined else _LINES)
        if is_joined or core.sum() > _MOSTLY * found.sum():
            found = core
        return _filled(_bridged(found, 4)) if found.any() else None
    return None


def _core(seeds: Mask, set_off: Mask, thicknesses: Sequence[int]) -> Mask:
    """What is thicker than a line, the lines above and below it, and what lies there apart from it:
    a head above a scarf. The first of the `thicknesses`, in cells, at which it is no wider than a
    thing is; else the narrowest."""
    core, narrowest = np.zeros_like(set_off), _WIDEST
    for cells in thicknesses:
        solid = _narrowed(set_off, cells)
        thicker = _grown(seeds & solid, solid)
        if not thicker.any():
            continue
        found = _with_its_columns(thicker, seeds, set_off, max(cells, _LOOSE_ENDS))
        width = _width(found)
        if not core.any() or width < narrowest:
            core, narrowest = found, width
        if width <= _THING:
            break
    return core


def _with_its_columns(core: Mask, seeds: Mask, set_off: Mask, aside: int) -> Mask:
    columns = np.flatnonzero(core.any(axis=0))
    narrow = set_off.copy()
    narrow[:, : max(0, columns[0] - aside)] = False
    narrow[:, columns[-1] + 1 + aside :] = False
    return _grown(core | (seeds & narrow), narrow)


def _width(found: Mask) -> float:
    """Of its columns, as a share of the picture's."""
    columns = np.flatnonzero(found.any(axis=0))
    span: int = columns[-1] - columns[0] + 1
    return span / int(found.shape[1])


def _with_paler_parts(mask: Mask, barrier: Field) -> Mask:
    """With what is less set off right beside it, above its foot and within its width, such as a
    face over a coat; but nothing that goes on to either side, such as hills behind it."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    first, last = max(0, columns[0] - _LOOSE_ENDS), columns[-1] + _LOOSE_ENDS
    for threshold in _PALER:
        paler = barrier > threshold
        paler[:, :first] = paler[:, last + 1 :] = paler[rows[-1] :] = False
        goes_on = np.zeros_like(paler)
        goes_on[:, [first, min(last, paler.shape[1] - 1)]] = True
        paler &= ~_grown(goes_on, paler & ~mask)
        near = _widened(mask, _BESIDE) & _narrowed(paler, 1)
        mask = mask | _grown(near, paler)
    return _filled(_bridged(mask, 4))


def _standing_out(mask: Mask, barrier: Field) -> float:
    """How much of a subject this is: 0 for a speck, the whole picture, a frame, or a place that is
    parted from its ground by no edge."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    around = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
    share = float(mask.mean())
    if not _SMALLEST <= share <= _LARGEST or mask.sum() < _THINNEST * around:
        return 0.0
    if np.ptp(columns) > 0.9 * mask.shape[1]:
        return 0.0
    if _width(mask) > _WIDEST and mask.sum() < _SOLID * around:
        return 0.0  # several things that could not be parted
    inner, outer = mask & ~_narrowed(mask, 2), _widened(mask, 2) & ~mask
    jump = float(barrier[inner].mean() - barrier[outer].mean()) if outer.any() else 0.0
    return jump * share**0.5 if jump >= _LEAST_JUMP else 0.0


def _small(sheet: Image.Image) -> Field:
    """Colour in three opponent channels and, as the fourth, how much goes on within a cell: thin
    lines close an outline only there. Height × width × 4, 0 to 1."""
    across = max(8, round((_CELLS * sheet.width / sheet.height) ** 0.5))
    size = across, max(8, round(_CELLS / across))
    colours = np.asarray(sheet.resize(size, Image.Resampling.BOX), dtype=np.float32)
    red, green, blue = np.moveaxis(colours, -1, 0)
    grey = 0.3 * red + 0.59 * green + 0.11 * blue
    lines = 0.6 * _stir(sheet, size)
    channels = (grey, (red - green) * 0.7, (0.5 * (red + green) - blue) * 0.5, lines)
    return (np.stack(channels, axis=-1) / 255).astype(np.float32)


def _stir(sheet: Image.Image, size: Size) -> Field:
    """How far apart the greys in and right around each of `size` cells are, 0 to 255."""
    fine_size = size[0] * _FINER, size[1] * _FINER
    fine = np.asarray(sheet.convert("L").resize(fine_size, Image.Resampling.BOX))
    most, least = _extreme(fine, np.maximum), _extreme(fine, np.minimum)
    return (most - least).astype(np.float32)


def _extreme(fine: npt.NDArray[np.uint8], pick: np.ufunc) -> npt.NDArray[np.uint8]:
    for axis in (0, 1):
        edge = np.moveaxis(
            np.pad(fine, [(1, 1) if i == axis else (0, 0) for i in (0, 1)], "edge"), axis, 0
        )
        cells = [edge[i : i + len(edge) - 2 : _FINER] for i in range(_FINER + 2)]
        cells = [cell[: (len(edge) - 2) // _FINER] for cell in cells]
        fine = np.moveaxis(pick.reduce(cells), 0, axis)
    return fine


def _barrier(picture: Field, *, is_border: Mask) -> Field:
    """The least span of values, in any channel, on a way from the border: swept over the picture
    from all four sides."""
    low, high = picture.copy(), picture.copy()
    distance = np.full(picture.shape[:2], np.inf, dtype=np.float32)
    for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        distance[edge] = np.where(is_border[edge], 0, np.inf)
    flat = (picture, low, high, distance)
    turned = tuple(np.swapaxes(field, 0, 1) for field in flat)
    for _ in range(_PASSES):
        for fields in (flat, turned):
            _sweep(*fields)
            _sweep(*(field[::-1] for field in fields))
    distance[~np.isfinite(distance)] = 0
    return distance


def _sweep(picture: Field, low: Field, high: Field, distance: Field) -> None:
    for row in range(1, len(picture)):
        least = np.minimum(low[row - 1], picture[row])
        most = np.maximum(high[row - 1], picture[row])
        span = (most - least).max(axis=-1)
        span[~np.isfinite(distance[row - 1])] = np.inf
        better = span < distance[row]
        low[row][better], high[row][better] = least[better], most[better]
        distance[row][better] = span[better]


def _widened(mask: Mask, cells: int) -> Mask:
    """The mask and all within so many cells of it, across and down."""
    wide = np.pad(mask, cells)
    for axis in (0, 1):
        length = mask.shape[axis]
        shifts = (np.take(wide, range(i, i + length), axis) for i in range(2 * cells + 1))
        wide = np.logical_or.reduce(list(shifts))
    return wide


def _narrowed(mask: Mask, cells: int) -> Mask:
    return ~_widened(~mask, cells)


def _bridged(mask: Mask, cells: int) -> Mask:
    """With gaps closed that a hand leaves between strokes."""
    return _narrowed(_widened(mask, cells), cells)


def _grown(seeds: Mask, within: Mask) -> Mask:
    """All that hangs together with the seeds: along rows, along columns, until nothing is new."""
    found, before = seeds & within, -1
    while before != (before := int(found.sum())):
        found = _along_rows(_along_rows(found, within).T, within.T).T
    return found


def _along_rows(found: Mask, within: Mask) -> Mask:
    is_gap = np.pad(~within, ((0, 0), (1, 0)), constant_values=True)
    runs = np.cumsum(is_gap).reshape(is_gap.shape)[:, 1:]
    is_reached = np.zeros(int(runs[-1, -1]) + 1, dtype=np.bool_)
    is_reached[runs[found]] = True
    return is_reached[runs] & within


def _filled(mask: Mask) -> Mask:
    """With what it encloses."""
    padded = np.pad(mask, 1)
    outside = np.zeros_like(padded)
    outside[0] = outside[-1] = outside[:, 0] = outside[:, -1] = True
    return ~_grown(outside, ~padded)[1:-1, 1:-1]
