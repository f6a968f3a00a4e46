"""Hostile pictures and films that arrive as whole and honest downloads."""

import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from tests.pictures.hostile import FTYP, GIFS, MP4S, box, frame, header, mp4
from tests.renders.hostile.answers import Case
from tests.transend.rude import Manners, answering

_GIFS = (
    "37 bytes for 4 gigapixels", "many huge frames", "huge screen, many dots", "runs for hours",
    "no delays", "no trailer", "cut in a frame", "zip named gif", "gif with a zip behind",
    "gif with a script behind", "svg with a script", "html", "noise for picture",
    "frame off the screen", "no frames",
)  # fmt: skip
_MP4S = (
    "text", "html", "gif named mp4", "playlist that reads files", "concat script", "sound only",
    "no index", "no data", "cut in the data", "noise for index", "matroska",
    "a codec browsers do not play", "a box of 4 GB",
)  # fmt: skip


def sent(data: bytes, media_type: str) -> Manners:
    return answering(200, data, media_type=media_type)


def million_frames() -> bytes:
    return header(1, 1) + frame(1, 1, delay=1) * 1_000_000 + b";"


def nested(depth: int) -> bytes:
    inner = b""
    for _ in range(depth):
        inner = box(b"moov", inner)
    return inner


def fragments(data: bytes) -> bytes:
    """An index, then pieces of films that are only announced."""
    at = data.index(b"moov") - 4
    (size,) = struct.unpack_from(">I", data, at)
    return FTYP + data[at : at + size] + box(b"moof", box(b"mfhd", bytes(8))) * 5_000


def film(folder: Path, width: int, height: int, *, apart_s: int = 0) -> bytes:
    out = folder / f"{width}.mp4"
    with av.open(str(out), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        picture = np.zeros((height, width, 3), np.uint8)
        for number in range(12):
            shown = av.VideoFrame.from_ndarray(picture, format="rgb24")
            shown.pts = number * max(apart_s * 12, 1)
            container.mux(stream.encode(shown))
        container.mux(stream.encode(None))
    return out.read_bytes()


_LIES: dict[str, Callable[[Path], bytes]] = {
    "MP4: a frame a minute": lambda folder: film(folder, 64, 36, apart_s=60),
    "MP4: 100,000 boxes": lambda _: FTYP + box(b"free") * 100_000,
    "MP4: boxes within boxes": lambda _: FTYP + nested(2_000) + box(b"mdat"),
    "MP4: fragments without end": lambda folder: fragments(mp4(folder)),
    "MP4: 16,384 pixels wide": lambda folder: film(folder, 16_384, 16),
    "MP4: 2 × 2 pixels": lambda folder: film(folder, 2, 2),
    "GIF: a million frames": lambda _: million_frames(),
}

FILES: dict[str, Callable[[Path], bytes]] = {
    **{f"GIF: {name}": GIFS[name][0] for name in _GIFS},
    **{f"MP4: {name}": MP4S[name][0] for name in _MP4S},
    **_LIES,
}


def hostile_files(folder: Path) -> dict[str, Case]:
    """Each of `FILES`, built and sent as what it claims to be."""
    cases = {}
    for name, build in FILES.items():
        part, media_type = (
            ("gif", "image/gif") if name.startswith("GIF") else ("video", "video/mp4")
        )
        cases[name] = Case("refused", sent(build(folder), media_type), part=part)
    return cases
