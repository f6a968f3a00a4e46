"""The way of imageio's documentation: frames appended to an opened writer."""

import sys
from pathlib import Path

import imageio.v3 as iio
import numpy as np
from moves import frames


def main(out: str, seconds: str, *stills: str) -> None:
    """Write a GIF of 480 × 270 at 10 fps."""
    with iio.imopen(out, "w", plugin="pillow") as writer:
        for frame in frames([Path(still) for still in stills], float(seconds), (480, 270), 10):
            writer.write(np.asarray(frame), duration=100, loop=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
