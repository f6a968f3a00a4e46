"""The naive way: Pillow draws the frames and `save_all` writes them."""

import sys
from pathlib import Path

from moves import frames


def main(out: str, seconds: str, *stills: str) -> None:
    """Write a GIF of 480 × 270 at 10 fps."""
    film = frames([Path(still) for still in stills], float(seconds), (480, 270), 10)
    first = next(film)
    first.save(out, save_all=True, append_images=film, duration=100, loop=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
