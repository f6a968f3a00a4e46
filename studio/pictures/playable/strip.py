"""A strip in which each shot is as wide as it is long: it lies below a timeline as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageOps

WIDTH, HEIGHT = 1600, 54


@dataclass(frozen=True, slots=True)
class Tile:
    """A frame's place in the strip, in pixels; `ms`: the moment it shows; `shot` counts from 1."""

    left: int
    width: int
    ms: int
    shot: int


def tiles_of(
    cuts_ms: Sequence[int], lasts_ms: int, size: tuple[int, int], width: int = WIDTH
) -> list[Tile]:
    """How a film of frames of `size` is laid out: every shot that is long enough to be seen has a
    frame or more, in order and without gaps."""
    usual = max(1, round(HEIGHT * size[0] / size[1]))
    tiles: list[Tile] = []
    for shot, (from_ms, to_ms) in enumerate(pairwise([*cuts_ms, lasts_ms]), start=1):
        left, right = round(from_ms * width / lasts_ms), round(to_ms * width / lasts_ms)
        count = max(1, round((right - left) / usual))
        edges = [left + (right - left) * place // count for place in range(count + 1)]
        for begin, end in pairwise(edges):
            ms = (begin + end) * lasts_ms // (2 * width)
            if end > begin:
                tiles.append(Tile(begin, end - begin, min(max(ms, from_ms), to_ms - 1), shot))
    return tiles


class Strip:
    """Takes the frames that its tiles show as they come by."""

    def __init__(self, tiles: Sequence[Tile]) -> None:
        self.image = Image.new("RGB", (tiles[-1].left + tiles[-1].width, HEIGHT))

    def add(self, tile: Tile, frame: Image.Image) -> None:
        """The middle of the frame, as much as fits its tile."""
        cut = ImageOps.fit(frame, (tile.width, HEIGHT), Image.Resampling.LANCZOS)
        self.image.paste(cut, (tile.left, 0))
