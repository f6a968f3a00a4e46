"""The way of moviepy's documentation: clips that are resized or moved over time, concatenated.

Each still is scaled to its working size once, not in each frame, as a careful user would.
"""

import sys

from moves import REACH
from moviepy import CompositeVideoClip, ImageClip, VideoClip, concatenate_videoclips

SIZE = (480, 270)


def shot(number: int, still: str, seconds: float) -> VideoClip:
    """A push or a pan over one still, in turn."""
    across, down = SIZE
    picture = ImageClip(still).with_duration(seconds)
    if number % 2 == 0:
        picture = picture.resized(height=down)
        moved = picture.resized(lambda t: 1 + (REACH - 1) * t / seconds).with_position("center")
    else:
        picture = picture.resized(height=round(down * REACH))
        room = (REACH - 1) * across
        moved = picture.with_position(lambda t: (-room * t / seconds, "center"))
    return CompositeVideoClip([moved], size=SIZE).with_duration(seconds)


def main(out: str, seconds: str, *stills: str) -> None:
    """Write a GIF of 480 × 270 at 10 fps."""
    each = float(seconds) / len(stills)
    film = concatenate_videoclips([shot(n, still, each) for n, still in enumerate(stills)])
    film.write_gif(out, fps=10, logger=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
