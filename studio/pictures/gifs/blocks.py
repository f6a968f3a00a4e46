"""GIF as a stream of blocks: read without decoding, and written one frame at a time."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image

from studio.pictures.gifs.cells import Pixels

LOOP_FOREVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
TRAILER = b"\x3b"
DISPOSE_BACKGROUND = 2
DISPOSE_PREVIOUS = 3


class MalformedGif(ValueError):
    """The bytes are no whole GIF; the message says in a few words what is wrong."""


@dataclass(frozen=True)
class Screen:
    """The logical screen: its size in pixels, the raw descriptor, the global colours (n × 3)."""

    width: int
    height: int
    version: bytes
    rest: bytes
    palette: bytes

    def encode(self) -> bytes:
        return self.version + struct.pack("<HH", self.width, self.height) + self.rest + self.palette


@dataclass(frozen=True)
class Extension:
    """Any extension but a graphic control, kept as it came. `loop` is set by NETSCAPE2.0."""

    raw: bytes
    loop: int | None = None

    def encode(self) -> bytes:
        return self.raw


@dataclass(frozen=True)
class Frame:
    """One image block with the graphic control before it. `delay_cs` is in hundredths of a
    second; `palette` is empty where the global one serves; `data` is still compressed."""

    left: int
    top: int
    width: int
    height: int
    delay_cs: int
    disposal: int
    transparent: int | None
    is_interlaced: bool
    palette: bytes
    code_size: int
    data: bytes
    control_flags: int | None = None

    def encode(self) -> bytes:
        flags = (0x40 if self.is_interlaced else 0) | _table_flags(self.palette)
        return (
            self._control()
            + struct.pack("<cHHHHB", b",", self.left, self.top, self.width, self.height, flags)
            + self.palette
            + bytes((self.code_size,))
            + self.data
        )

    def _control(self) -> bytes:
        if self.control_flags is None:
            return b""
        return struct.pack(
            "<BBBBHBB", 0x21, 0xF9, 4, self.control_flags, self.delay_cs, self.transparent or 0, 0
        )


def _table_flags(palette: bytes) -> int:
    return 0x80 | ((len(palette) // 3 - 1).bit_length() - 1) if palette else 0


def _take(source: BinaryIO, count: int) -> bytes:
    taken = source.read(count)
    if len(taken) < count:
        raise MalformedGif("it is cut short")
    return taken


def _take_chunks(source: BinaryIO) -> bytes:
    """Data sub-blocks up to and with the empty one that ends them, raw."""
    chunk = _take(source, 1)
    parts = [chunk]
    while chunk[-1]:  # each is read with the length of the next
        chunk = _take(source, chunk[-1] + 1)
        parts.append(chunk)
    return b"".join(parts)


def _take_table(source: BinaryIO, flags: int) -> bytes:
    return _take(source, 3 << ((flags & 7) + 1)) if flags & 0x80 else b""


def read_screen(source: BinaryIO) -> Screen:
    """The header. Raises MalformedGif."""
    version = source.read(6)
    if version not in (b"GIF87a", b"GIF89a"):
        raise MalformedGif("it is no GIF")
    width, height = struct.unpack("<HH", _take(source, 4))
    rest = _take(source, 3)
    return Screen(width, height, version, rest, _take_table(source, rest[0]))


def read_blocks(source: BinaryIO) -> Iterator[Extension | Frame]:
    """Every block after the header, until the trailer; the source stands right behind it then.
    Raises MalformedGif."""
    control: bytes | None = None
    while True:
        kind = _take(source, 1)
        if kind == TRAILER:
            return
        if kind == b",":
            yield _read_frame(source, control)
            control = None
        elif kind == b"!":
            label = _take(source, 1)
            body = _take_chunks(source)
            if label == b"\xf9":
                if len(body) < 6 or body[0] != 4:
                    raise MalformedGif("a frame's timing is damaged")
                control = body
            else:
                yield Extension(kind + label + body, _loop_of(label, body))
        else:
            raise MalformedGif("it holds a block that GIF does not know")


def _loop_of(label: bytes, body: bytes) -> int | None:
    if label == b"\xff" and body[1:12] == b"NETSCAPE2.0" and body[12:14] == b"\x03\x01":
        return int(struct.unpack("<H", body[14:16])[0])
    return None


def _read_frame(source: BinaryIO, control: bytes | None) -> Frame:
    left, top, width, height, flags = struct.unpack("<HHHHB", _take(source, 9))
    palette = _take_table(source, flags)
    code_size = _take(source, 1)[0]
    if not 1 <= code_size <= 11:
        raise MalformedGif("a frame's code size is damaged")
    control_flags, delay_cs, transparent = None, 0, None
    if control is not None:
        control_flags, delay_cs, index = struct.unpack("<BHB", control[1:5])
        transparent = index if control_flags & 1 else None
    return Frame(
        left, top, width, height, delay_cs, ((control_flags or 0) >> 2) & 7, transparent,
        bool(flags & 0x40), palette, code_size, _take_chunks(source), control_flags,
    )  # fmt: skip


_INDEX_PALETTE = bytes(channel for i in range(256) for channel in (i, 0, 255 - i))


def decode_indices(frame: Frame) -> Pixels:
    """The frame's palette indices, height × width, decoded by Pillow alone and apart from the
    rest of its file. Raises MalformedGif when the data ends early or is damaged."""
    alone = replace(
        frame, left=0, top=0, delay_cs=0, transparent=None, palette=b"", control_flags=None
    )
    screen = Screen(frame.width, frame.height, b"GIF89a", b"\xf7\x00\x00", _INDEX_PALETTE)
    try:
        with Image.open(BytesIO(screen.encode() + alone.encode() + TRAILER), formats=["GIF"]) as im:
            im.load()
            return np.array(im)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise MalformedGif("a frame's picture is damaged") from error


def compress(indices: Pixels, code_size: int, *, is_interlaced: bool = False) -> bytes:
    """LZW sub-blocks with their end mark, as `Frame.data`."""
    return Image.fromarray(indices).tobytes("gif", "L", code_size, int(is_interlaced)) + b"\x00"


def write_screen(out: BinaryIO, width: int, height: int) -> None:
    """A header without global colours that makes the animation loop for ever."""
    out.write(Screen(width, height, b"GIF89a", b"\x70\x00\x00", b"").encode())
    out.write(LOOP_FOREVER)
