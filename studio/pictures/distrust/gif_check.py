"""Whether a GIF from outside is sound: its structure first, then every frame decoded."""

from pathlib import Path
from typing import BinaryIO

from studio.pictures.distrust.limits import GifFacts, Limits
from studio.pictures.errors import Unacceptable
from studio.pictures.gifs.blocks import (
    Extension,
    Frame,
    MalformedGif,
    Screen,
    decode_indices,
    read_blocks,
    read_screen,
)


def check_gif(path: Path, limits: Limits) -> GifFacts:
    """The facts of a sound GIF. Raises Unacceptable."""
    try:
        with path.open("rb") as file:
            facts = _walk(file, limits)
            file.seek(0)
            _decode(file)
    except MalformedGif as error:
        raise Unacceptable(f"The file cannot be used as a GIF: {error}.") from error
    return facts


def _walk(file: BinaryIO, limits: Limits) -> GifFacts:
    """Everything that can be known without decoding a pixel."""
    screen = read_screen(file)
    check_canvas(screen, limits)
    frames, pixels, duration_cs, loop = 0, 0, 0, None
    for block in read_blocks(file):
        if isinstance(block, Extension):
            loop = block.loop if block.loop is not None else loop
            continue
        frames, duration_cs = frames + 1, duration_cs + block.delay_cs
        pixels += max(block.width * block.height, screen.width * screen.height)
        check_frame(block, screen)
        _check_totals(frames, pixels, duration_cs, limits)
    if file.read().strip(b"\x00"):
        raise MalformedGif("something else is appended to it")
    if frames == 0:
        raise MalformedGif("it has no frames")
    if duration_cs == 0:
        raise MalformedGif("its frames have no timing")
    return GifFacts(screen.width, screen.height, frames, duration_cs * 10, loop)


def check_canvas(screen: Screen, limits: Limits) -> None:
    if screen.width == 0 or screen.height == 0:
        raise MalformedGif("its picture has no area")
    if screen.width > limits.max_width or screen.height > limits.max_height:
        raise Unacceptable(
            f"The GIF is {screen.width} × {screen.height} pixels; "
            f"we accept up to {limits.max_width} × {limits.max_height}."
        )


def check_frame(frame: Frame, screen: Screen) -> None:
    if frame.width == 0 or frame.height == 0:
        raise MalformedGif("a frame has no area")
    if frame.left + frame.width > screen.width or frame.top + frame.height > screen.height:
        raise MalformedGif("a frame lies outside the picture")
    if not (frame.palette or screen.palette):
        raise MalformedGif("a frame has no colours")
    if frame.code_size > 8:
        raise MalformedGif("a frame's code size is damaged")


def _check_totals(frames: int, pixels: int, duration_cs: int, limits: Limits) -> None:
    if frames > limits.max_frames:
        raise Unacceptable(f"The GIF has more than the {limits.max_frames:,} frames we accept.")
    if pixels > limits.max_total_pixels:
        raise Unacceptable("The GIF holds more pixels in all its frames than we accept.")
    if duration_cs * 10 > limits.max_duration_ms:
        raise Unacceptable(
            f"The GIF runs longer than the {limits.max_duration_ms / 1000:g} s that we accept."
        )


def _decode(file: BinaryIO) -> None:
    screen = read_screen(file)
    for block in read_blocks(file):
        if isinstance(block, Frame):
            colours = len(block.palette or screen.palette) // 3
            if int(decode_indices(block).max()) >= colours:
                raise MalformedGif("a frame uses colours that it does not have")
