"""When each frame of a GIF is on screen, told by its blocks without decoding a pixel."""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from studio.pictures.distrust.gif_check import check_canvas, check_frame
from studio.pictures.distrust.limits import Limits
from studio.pictures.gifs.blocks import Frame, MalformedGif, read_blocks, read_screen


def timing_of(path: Path, limits: Limits) -> tuple[tuple[int, int], list[int]]:
    """The size of the picture in pixels, and for how many milliseconds each of its frames is
    shown. Raises MalformedGif and Unacceptable."""
    delays_ms: list[int] = []
    with path.open("rb") as file:
        screen = read_screen(file)
        check_canvas(screen, limits)
        for block in read_blocks(file):
            if isinstance(block, Frame):
                check_frame(block, screen)
                delays_ms.append(block.delay_cs * 10)
    if not sum(delays_ms):
        raise MalformedGif("its frames have no timing")
    return (screen.width, screen.height), delays_ms


def shown_at(moments_ms: Sequence[int], delays_ms: Sequence[int]) -> list[int]:
    """Which frame, counted from 0, is on screen at each moment; the moments ascend. After its end
    a film shows its last frame."""
    shown, ends_ms = [], list(accumulate(delays_ms))
    number, last = 0, len(ends_ms) - 1
    for moment in moments_ms:
        while number < last and ends_ms[number] <= moment:
            number += 1
        shown.append(number)
    return shown
