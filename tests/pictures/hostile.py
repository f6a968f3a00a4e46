"""Forty-odd files that nobody should have to open, each with what the answer must speak of."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from PIL import Image

from studio.pictures.animatic import render_mp4
from studio.pictures.gifs.blocks import LOOP_FOREVER, TRAILER
from tests.pictures.films import film, pillow_gif

Build = Callable[[Path], bytes]


def gif(count: int = 3, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    shades = [Image.new("RGB", size, (60 * n % 250, 90, 120)) for n in range(count)]
    return pillow_gif(shades, **options)


def header(width: int, height: int, colours: int = 2) -> bytes:
    flags = 0x80 | ((colours - 1).bit_length() - 1)
    return b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0) + bytes(3 * colours)


def frame(
    width: int,
    height: int,
    *,
    left: int = 0,
    delay: int = 5,
    code_size: int = 2,
    data: bytes = b"\x02\x44\x01\x00",
) -> bytes:
    """`data` is one pixel of LZW with a code size of 2: far too little for most frames."""
    control = b"!\xf9\x04" + struct.pack("<BHBB", 4, delay, 0, 0)
    return (
        control
        + struct.pack("<cHHHHB", b",", left, 0, width, height, 0)
        + bytes((code_size,))
        + data
    )


def the_37_bytes() -> bytes:
    """Asks for 65,535 × 65,535 pixels in 37 bytes."""
    return header(65535, 65535) + struct.pack("<cHHHHB", b",", 0, 0, 65535, 65535, 0) + b"\x02\x00;"


def zipped() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.gif", gif())
    return buffer.getvalue()


def image_as(kind: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (20, 20)).save(buffer, kind)
    return buffer.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NOISE = b"\x20" + bytes(range(200, 232)) + b"\0"
BOMB_FRAME = frame(4000, 4000)

GIFS: dict[str, tuple[Build, str]] = {
    "empty": (lambda _: b"", "empty"),
    "one byte": (lambda _: b"G", "no GIF"),
    "magic alone": (lambda _: b"GIF89a", "cut short"),
    "wrong version": (lambda _: b"GIF90a" + gif()[6:], "no GIF"),
    "37 bytes for 4 gigapixels": (lambda _: the_37_bytes(), "65535 × 65535"),
    "zip named gif": (lambda _: zipped(), "no GIF"),
    "html": (lambda _: b"<!doctype html><title>404</title>", "no GIF"),
    "svg with a script": (lambda _: SVG, "no GIF"),
    "png": (lambda _: image_as("PNG"), "no GIF"),
    "jpeg": (lambda _: image_as("JPEG"), "no GIF"),
    "json error page": (lambda _: b'{"error": "expired"}', "no GIF"),
    "zero bytes": (lambda _: bytes(4096), "no GIF"),
    "cut in the header": (lambda _: gif()[:11], "cut short"),
    "cut in a frame": (lambda _: gif()[: len(gif()) // 2], "cut short"),
    "no trailer": (lambda _: gif()[:-1], "cut short"),
    "no frames": (lambda _: header(10, 10) + LOOP_FOREVER + TRAILER, "no frames"),
    "no area": (lambda _: header(0, 10) + frame(1, 1) + TRAILER, "no area"),
    "frame without area": (lambda _: header(9, 9) + frame(0, 9) + TRAILER, "no area"),
    "frame off the screen": (lambda _: header(9, 9) + frame(9, 9, left=5) + TRAILER, "outside"),
    "too wide": (lambda _: header(5000, 10) + frame(5000, 10) + TRAILER, "5000 × 10"),
    "many huge frames": (
        lambda _: header(4000, 4000) + BOMB_FRAME * 200 + TRAILER, "more pixels",
    ),
    "huge screen, many dots": (
        lambda _: header(4000, 4000) + frame(1, 1) * 200 + TRAILER, "more pixels",
    ),
    "thousands of frames": (
        lambda _: header(1, 1) + frame(1, 1, delay=2) * 5000 + TRAILER, "3,600 frames",
    ),
    "runs for hours": (lambda _: header(2, 2) + frame(1, 1, delay=65535) + TRAILER, "longer"),
    "no delays": (lambda _: gif(duration=0), "no timing"),
    "no colours at all": (
        lambda _: b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0) + frame(9, 9) + TRAILER,
        "no colours",
    ),
    "too little picture": (lambda _: header(30, 30) + frame(30, 30) + TRAILER, "damaged"),
    "noise for picture": (
        lambda _: header(30, 30) + frame(30, 30, data=NOISE) + TRAILER,
        "damaged",
    ),
    "impossible code size": (
        lambda _: header(9, 9) + frame(9, 9, code_size=15) + TRAILER,
        "code size",
    ),
    "unknown block": (lambda _: header(9, 9) + b"\x99" + TRAILER, "does not know"),
    "timing of wrong length": (
        lambda _: header(9, 9) + b"!\xf9\x01\x00\x00" + frame(9, 9) + TRAILER, "timing is damaged",
    ),
    "two gifs in one": (lambda _: gif() + gif(), "appended"),
    "gif with a script behind": (lambda _: gif() + b"<script>alert(1)</script>", "appended"),
    "gif with a zip behind": (lambda _: gif() + zipped(), "appended"),
    "endless comment": (lambda _: header(9, 9) + b"!\xfe" + (b"\xff" + bytes(255)) * 999, "cut"),
}  # fmt: skip


def mp4(tmp: Path, duration_ms: int = 1000) -> bytes:
    out = tmp / "sound.mp4"
    render_mp4(film(duration_ms), out, size=(64, 36), fps=12)
    return out.read_bytes()


def encoded(tmp: Path, codec: str, form: str, *, pixels: str = "yuv420p") -> bytes:
    out = tmp / "odd.bin"
    with av.open(str(out), "w", format=form) as container:
        stream = container.add_stream(codec, rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 36, pixels
        for _ in range(6):
            picture = av.VideoFrame.from_ndarray(np.zeros((36, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(picture.reformat(format=pixels)))
        container.mux(stream.encode(None))
    return out.read_bytes()


def sound_only(tmp: Path) -> bytes:
    out = tmp / "sound.m4a"
    with av.open(str(out), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        silence = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
        )
        silence.sample_rate = 44100
        container.mux(stream.encode(silence))
        container.mux(stream.encode(None))
    return out.read_bytes()


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def without(data: bytes, kind: bytes) -> bytes:
    """The file with a top-level box made `free`."""
    at = data.index(kind)
    return data[:at] + b"free" + data[at + 4 :]


FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2")
NOISY_INDEX = box(b"moov", bytes(range(256)))
PLAYLIST = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile:///etc/passwd\n"

MP4S: dict[str, tuple[Build, str]] = {
    "empty": (lambda _: b"", "empty"),
    "text": (lambda _: b"hello, this is no video at all", "no MP4"),
    "html": (lambda _: b"<!doctype html><title>403</title>", "no MP4"),
    "gif named mp4": (lambda _: gif(), "no MP4"),
    "playlist that reads files": (lambda _: PLAYLIST, "no MP4"),
    "concat script": (lambda _: b"ffconcat version 1.0\nfile /etc/passwd\n", "no MP4"),
    "matroska": (lambda tmp: encoded(tmp, "libx264", "matroska"), "no MP4"),
    "avi": (lambda tmp: encoded(tmp, "mpeg4", "avi"), "no MP4"),
    "ftyp alone": (lambda _: FTYP, "damaged"),
    "playlist behind ftyp": (lambda _: FTYP + PLAYLIST, "damaged"),
    "empty boxes": (lambda _: FTYP + box(b"moov") + box(b"mdat"), "damaged|no video"),
    "noise for index": (lambda _: FTYP + NOISY_INDEX + box(b"mdat"), "damaged|no video"),
    "cut in the data": (lambda tmp: mp4(tmp)[:-300], "cut short"),
    "cut in the index": (lambda tmp: mp4(tmp)[:400], "cut short"),
    "no index": (lambda tmp: without(mp4(tmp), b"moov"), "damaged"),
    "no data": (lambda tmp: without(mp4(tmp), b"mdat"), "damaged"),
    "two indexes": (lambda tmp: mp4(tmp) + box(b"moov"), "damaged"),
    "a box of 4 GB": (lambda tmp: mp4(tmp) + struct.pack(">I4s", 2**32 - 1, b"free"), "damaged"),
    "boxes without end": (lambda _: FTYP + box(b"free") * 20_000, "damaged"),
    "data of zeros": (lambda tmp: zeroed(mp4(tmp)), "damaged"),
    "sound only": (sound_only, "no video"),
    "a codec browsers do not play": (
        lambda tmp: encoded(tmp, "mjpeg", "mp4", pixels="yuvj420p"), "format",
    ),
}  # fmt: skip


def zeroed(data: bytes) -> bytes:
    at = data.index(b"mdat") + 4
    return data[:at] + bytes(len(data) - at)
