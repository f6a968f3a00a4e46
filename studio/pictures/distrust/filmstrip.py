"""Frames of a GIF side by side, at even spacing. Runs in the probe's child process."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from studio.pictures.distrust.limits import FilmstripFacts, Limits
from studio.pictures.distrust.timing import shown_at, timing_of
from studio.pictures.errors import Unacceptable
from studio.pictures.gifs.blocks import MalformedGif

# A film on its side is 9:16; what is taller than that is made narrower.
_TALLEST = 16 / 9


def draw_filmstrip(
    path: Path, out: Path, count: int, tile_width: int, limits: Limits
) -> FilmstripFacts:
    """Write up to `count` frames as one JPEG row to `out`. Raises Unacceptable."""
    try:
        size, delays_ms = timing_of(path, limits)
        moments_ms = _moments(sum(delays_ms), min(count, len(delays_ms)))
        tile = _tile(size, tile_width)
        strip = Image.new("RGB", (tile[0] * len(moments_ms), tile[1]))
        for place, frame in enumerate(_frames(path, shown_at(moments_ms, delays_ms))):
            strip.paste(frame.resize(tile, Image.Resampling.LANCZOS), (place * tile[0], 0))
    except (MalformedGif, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unacceptable("The file cannot be used as a GIF.") from error
    strip.save(out, quality=82, optimize=True)
    return FilmstripFacts(strip.width, strip.height, len(moments_ms), tile[0], moments_ms)


def _moments(lasts_ms: int, count: int) -> list[int]:
    """The middle of each of `count` equal stretches."""
    return [lasts_ms * (2 * place + 1) // (2 * count) for place in range(count)]


def _tile(size: tuple[int, int], width: int) -> tuple[int, int]:
    scale = min(width / size[0], width * _TALLEST / size[1])
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def _frames(path: Path, numbers: list[int]) -> Iterator[Image.Image]:
    with Image.open(path, formats=["GIF"]) as opened:
        for number in numbers:
            opened.seek(number)
            yield opened.convert("RGB")
