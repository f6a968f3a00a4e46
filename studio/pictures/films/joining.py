"""Segments of a GIF made one, without drawing or encoding anything again."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from studio.pictures.films.order import Size
from studio.pictures.gifs.blocks import TRAILER, write_screen


def join_gif(segments: Iterable[Path], out: Path, size: Size) -> None:
    """Each file holds the blocks of one segment, its first one over the whole screen."""
    with out.open("wb") as film:
        write_screen(film, *size)
        for path in segments:
            with path.open("rb") as blocks:
                shutil.copyfileobj(blocks, film)
        film.write(TRAILER)
