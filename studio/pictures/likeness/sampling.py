"""A few moments of each shot of a GIF, each as a small grid of mean colours.

One pass through the file, one frame in memory at a time. Pixels under the watermark do not count:
it says another number and date on each take.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.distrust.limits import Limits
from studio.pictures.distrust.timing import shown_at, timing_of
from studio.pictures.errors import Unacceptable
from studio.pictures.gifs.blocks import MalformedGif
from studio.pictures.likeness.films import Film
from studio.pictures.marks.stamp import stamp_for

Floats = npt.NDArray[np.float32]

PARTS = (0.15, 0.325, 0.5, 0.675, 0.85)
"""Where in a shot it is looked at, away from its cuts: transitions are no difference of its own."""
CELLS = 48 * 27
_FEWEST_A_SIDE = 12
# Where every pixel of a cell is marked, all count alike.
_UNDER_MARK = np.float32(0.001)


def grid_for(size: tuple[int, int]) -> tuple[int, int]:
    """Columns and rows of square cells, about `CELLS` of them, for a picture of this shape."""
    columns = round((CELLS * size[0] / size[1]) ** 0.5)
    columns = min(max(columns, _FEWEST_A_SIDE), CELLS // _FEWEST_A_SIDE)
    return columns, max(round(CELLS / columns), _FEWEST_A_SIDE)


def size_of(film: Film, limits: Limits) -> tuple[int, int]:
    """Width and height in pixels. Raises Unacceptable."""
    try:
        return timing_of(film.path, limits)[0]
    except MalformedGif as error:
        raise Unacceptable(_UNUSABLE) from error


def samples_of(
    film: Film, shots: Sequence[int], grid: tuple[int, int], weights: Floats, limits: Limits
) -> dict[int, Floats]:
    """Of each of these shots (by place, from 0) its moments as mean colours: moments × rows ×
    columns × (luma, blue, red), 0 to 255. Raises Unacceptable.

    Where the GIF is longer or shorter than planned, its shots are taken to be so, too.
    """
    try:
        _, delays_ms = timing_of(film.path, limits)
        moments = sorted(_moments(film, shots, sum(delays_ms)))
        shown = shown_at([moment for moment, _, _ in moments], delays_ms)
        means = partial(_means, weights=weights, grid=grid)
        found = {shot: np.zeros((len(PARTS), grid[1], grid[0], 3), np.float32) for shot in shots}
        with Image.open(film.path, formats=["GIF"]) as opened:
            for (_, shot, part), number in zip(moments, shown, strict=True):
                opened.seek(number)
                found[shot][part] = means(opened.convert("RGB").convert("YCbCr"))
    except (MalformedGif, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unacceptable(_UNUSABLE) from error
    return found


_UNUSABLE = "The file cannot be used as a GIF."


def _moments(film: Film, shots: Sequence[int], lasts_ms: int) -> Iterator[tuple[int, int, int]]:
    """Each moment in milliseconds, whose it is, and which of its `PARTS`."""
    planned_ms = sum(duration for _, duration in film.shots_ms)
    for shot in shots:
        begins_ms, duration_ms = film.shots_ms[shot]
        for part, share in enumerate(PARTS):
            moment = (begins_ms + duration_ms * share) * lasts_ms / planned_ms
            yield round(moment), shot, part


def weights_of(
    one: Film, size: tuple[int, int], other: Film, other_size: tuple[int, int]
) -> Floats:
    """How much each pixel of `one` counts: hardly at all where either film is marked. Both are
    looked at through the same holes, for the same picture must give the same means."""
    is_marked = Image.fromarray(_is_marked(one, size))
    elsewhere = Image.fromarray(_is_marked(other, other_size))
    if other_size != size:
        elsewhere = elsewhere.convert("L").resize(size, Image.Resampling.BILINEAR)
    under = np.asarray(is_marked, dtype=np.bool_) | (np.asarray(elsewhere) > 0)
    return np.where(under, _UNDER_MARK, np.float32(1))


def _is_marked(film: Film, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    lines = tuple(line for line in film.mark if line.strip())
    if not lines:
        return np.zeros((size[1], size[0]), dtype=np.bool_)
    is_marked: npt.NDArray[np.bool_] = stamp_for(lines, size).classes > 0
    return is_marked


def _means(picture: Image.Image, *, weights: Floats, grid: tuple[int, int]) -> Floats:
    """The mean of each cell and those around it: letters may hide one cell, hardly so many."""
    pixels = np.asarray(picture, dtype=np.float32)
    whole = _with_neighbours(_summed(weights[..., None], grid))
    means: Floats = _with_neighbours(_summed(pixels * weights[..., None], grid)) / whole
    return means


def _summed(values: Floats, grid: tuple[int, int]) -> Floats:
    """The sum in each cell, rows × columns × channels."""
    height, width = values.shape[:2]
    columns, rows = grid
    by_row = np.add.reduceat(values, np.arange(rows) * height // rows, axis=0)
    sums: Floats = np.add.reduceat(by_row, np.arange(columns) * width // columns, axis=1)
    return sums


def _with_neighbours(sums: Floats) -> Floats:
    """Each cell's sum and those of the eight around it; at an edge, those there are."""
    rows, columns = sums.shape[:2]
    padded = np.pad(sums, ((1, 1), (1, 1), (0, 0)))
    nine = [padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
    total: Floats = np.sum(nine, axis=0, dtype=np.float32)
    return total
