"""Our mark, burned into every frame of a GIF.

The mark is a function of place and colour. Applied to each block's own pixels it shows in every
frame, whatever the blocks' disposal: what a viewer sees at a place always came from some block's
pixel at that place. So nothing is composited or re-encoded in full: inside the mark, indices are
mapped to the nearest entries of the block's own palette (marks/burning.py), and timing, order,
loop and disposal stay as they came. Only a GIF that lets its background through under the mark
(`_has_holes`) is composited, for there is no pixel there to map.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from studio.pictures.errors import Unacceptable
from studio.pictures.gifs.blocks import (
    DISPOSE_BACKGROUND,
    TRAILER,
    Extension,
    Frame,
    MalformedGif,
    decode_indices,
    read_blocks,
    read_screen,
)
from studio.pictures.marks.burning import Burner
from studio.pictures.marks.composite import composited
from studio.pictures.marks.stamp import stamp_for


@dataclass(frozen=True)
class Mark:
    """What is burned in, a line each: workspace, take, viewer or date."""

    lines: tuple[str, ...]


def watermark_gif(source: Path, out: Path, mark: Mark, *, deadline_s: float = 120.0) -> None:
    """Write `source`, which has passed `probe_gif`, with the mark to `out`.

    Frame count, delays and loop are those of the source. Raises Unacceptable when the source is no
    whole GIF or the work outlasts `deadline_s`; then `out` is left as it was.
    """
    if not any(line.strip() for line in mark.lines):
        raise ValueError("A watermark needs at least one line of text.")
    handle, name = tempfile.mkstemp(prefix=f".{out.stem}-", suffix=".gif", dir=out.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in _marked(source, mark, time.monotonic() + deadline_s):
                file.write(piece)
        os.replace(temporary, out)
    except MalformedGif as error:
        raise Unacceptable(f"The preview cannot be watermarked: {error}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _marked(source: Path, mark: Mark, deadline: float) -> Iterator[bytes]:
    needs_compositing = _has_holes(source, deadline)
    with source.open("rb") as file:
        screen = read_screen(file)
        stamp = stamp_for(mark.lines, (screen.width, screen.height))
        yield replace(screen, version=b"GIF89a").encode()
        if needs_compositing:
            blocks = composited(screen, read_blocks(file), stamp)
        else:
            burner = Burner(screen, stamp)
            blocks = (
                block if isinstance(block, Extension) else burner.burn(block)
                for block in read_blocks(file)
            )
        for block in blocks:
            _heed(deadline)
            yield block.encode()
        yield TRAILER


def _heed(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise Unacceptable("Watermarking the preview took too long. Ask for a shorter one.")


def _has_holes(source: Path, deadline: float) -> bool:
    """Whether a frame may show the page behind the picture, where no block has a pixel."""
    with source.open("rb") as file:
        screen = read_screen(file)
        cleared: Frame | None = Frame(
            0, 0, screen.width, screen.height, 0, 0, None, False, b"", 8, b""
        )
        for block in read_blocks(file):
            _heed(deadline)
            if isinstance(block, Extension):
                continue
            if cleared is not None and not (_covers(block, cleared) and _is_opaque(block)):
                return True
            cleared = block if block.disposal == DISPOSE_BACKGROUND else None
    return False


def _covers(block: Frame, other: Frame) -> bool:
    return (
        block.left <= other.left
        and block.top <= other.top
        and block.left + block.width >= other.left + other.width
        and block.top + block.height >= other.top + other.height
    )


def _is_opaque(block: Frame) -> bool:
    return block.transparent is None or not (decode_indices(block) == block.transparent).any()
