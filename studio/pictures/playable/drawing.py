"""From the frames of a GIF to the film, its poster and its strip, in one pass. Runs in a child."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import accumulate
from pathlib import Path
from typing import Any

from PIL import Image

from studio.pictures.distrust.limits import Limits
from studio.pictures.distrust.timing import shown_at, timing_of
from studio.pictures.errors import Unacceptable
from studio.pictures.gifs.blocks import MalformedGif
from studio.pictures.playable import FILM, POSTER, STRIP
from studio.pictures.playable.encoding import Encoder
from studio.pictures.playable.label import Label
from studio.pictures.playable.strip import Strip, Tile, tiles_of

_KEY_EVERY_MS = 1000
_MOST_SIDE = 1920


def draw(
    gif: Path,
    folder: Path,
    cuts_ms: Sequence[int],
    lines: Sequence[str],
    limits: Limits,
    on_frame: Callable[[int, int], None],
) -> dict[str, Any]:
    """Write the three files into `folder` and return the facts of each. `on_frame` is told how
    many frames of how many are done. Raises Unacceptable."""
    try:
        screen, delays_ms = timing_of(gif, limits)
        _check(screen, delays_ms, limits)
        size = _even(screen)
        lasts_ms = sum(delays_ms)
        cuts_ms = [ms for ms in cuts_ms if 0 < ms < lasts_ms]
        plan = _Plan(delays_ms, [0, *cuts_ms], tiles_of([0, *cuts_ms], lasts_ms, size))
        strip, label = Strip(plan.tiles), Label(lines, size, plan.cuts_ms)
        with Encoder(folder / FILM, size) as film:
            for number, frame in enumerate(_frames(gif, size, len(delays_ms))):
                begins_ms = plan.begins_ms[number]
                label.burn(frame, begins_ms)
                if number == plan.first:
                    frame.save(folder / POSTER, "JPEG", quality=88, optimize=True)
                if delays_ms[number]:  # what is shown for no time is not seen
                    film.add(frame, begins_ms, delays_ms[number], is_key=number in plan.keys)
                for tile in plan.tiles_at[number]:
                    strip.add(tile, frame)
                on_frame(number + 1, len(delays_ms))
    except (MalformedGif, OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, Unacceptable) or (isinstance(error, OSError) and error.errno):
            raise
        raise Unacceptable("The preview cannot be used as a GIF.") from error
    strip.image.save(folder / STRIP, "JPEG", quality=80, optimize=True)
    size_facts = {"width": size[0], "height": size[1]}
    return {
        "film": {**size_facts, "duration_ms": lasts_ms, "runs": runs_of(delays_ms)},
        "poster": size_facts,
        "strip": {
            "width": strip.image.width,
            "height": strip.image.height,
            "tiles": [asdict(tile) for tile in plan.tiles],
        },
    }


def runs_of(delays_ms: Sequence[int]) -> list[list[int]]:
    """The frames that are seen, as runs of equal length: `[[100, 600]]` are 600 of 100 ms."""
    runs: list[list[int]] = []
    for delay in filter(None, delays_ms):
        if runs and runs[-1][0] == delay:
            runs[-1][1] += 1
        else:
            runs.append([delay, 1])
    return runs


class _Plan:
    """What is done with which frame, counted from 0."""

    def __init__(self, delays_ms: list[int], cuts_ms: list[int], tiles: list[Tile]) -> None:
        self.cuts_ms, self.tiles = cuts_ms, tiles
        ends_ms = list(accumulate(delays_ms))
        self.begins_ms = [0, *ends_ms[:-1]]
        self.first = next(number for number, delay in enumerate(delays_ms) if delay)
        # A cut within a frame shows at the next one; that frame begins the shot, too.
        cuts = {bisect_left(self.begins_ms, ms) for ms in cuts_ms}
        every = shown_at(range(0, ends_ms[-1], _KEY_EVERY_MS), delays_ms)
        self.keys = {self.first, *shown_at(cuts_ms, delays_ms), *cuts, *every}
        self.tiles_at: dict[int, list[Tile]] = defaultdict(list)
        shown = shown_at([tile.ms for tile in tiles], delays_ms)
        for tile, number in zip(tiles, shown, strict=True):
            self.tiles_at[number].append(tile)


def _check(screen: tuple[int, int], delays_ms: list[int], limits: Limits) -> None:
    frames = len(delays_ms)
    if frames > limits.max_frames or sum(delays_ms) > limits.max_duration_ms:
        raise Unacceptable("The preview is longer than the films we play.")
    if frames * screen[0] * screen[1] > limits.max_total_pixels:
        raise Unacceptable("The preview holds more pixels in all its frames than we accept.")


def _even(screen: tuple[int, int]) -> tuple[int, int]:
    """The size of the film: H.264 wants even sides, and a preview needs no larger ones."""
    scale = min(1.0, _MOST_SIDE / max(screen))
    width, height = (max(1, round(side * scale)) for side in screen)
    return width + width % 2, height + height % 2


def _frames(gif: Path, size: tuple[int, int], count: int) -> Iterator[Image.Image]:
    """Each frame as a viewer sees it, where nothing is painted black."""
    with Image.open(gif, formats=["GIF"]) as opened:
        for number in range(count):
            opened.seek(number)
            frame = Image.new("RGB", opened.size)
            whole = opened.convert("RGBA")
            frame.paste(whole, mask=whole)
            yield _sized(frame, size)


def _sized(frame: Image.Image, size: tuple[int, int]) -> Image.Image:
    if frame.size == size:
        return frame
    if size[0] - frame.width in (0, 1) and size[1] - frame.height in (0, 1):
        # The last column and row once more, rather than a picture that is a little blurred.
        whole = Image.new("RGB", size)
        right, below = size[0] - frame.width, size[1] - frame.height
        for place in ((right, below), (right, 0), (0, below), (0, 0)):
            whole.paste(frame, place)
        return whole
    return frame.resize(size, Image.Resampling.LANCZOS)
