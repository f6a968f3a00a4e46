"""A PNG cut down to what makes its picture: texts, animations and appendages stay unread."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

_MAGIC = b"\x89PNG\r\n\x1a\n"
_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"eXIf", b"IEND"})
_PROFILE_BYTES = 4_000_000


def bare_png(path: Path) -> BytesIO:
    """The file with those chunks alone that Pillow needs, each with the right checksum.

    Raises ValueError for what is no whole PNG.
    """
    data, bare = path.read_bytes(), BytesIO(_MAGIC)
    bare.seek(0, 2)
    at, kind = len(_MAGIC), b""
    while kind != b"IEND":
        head = data[at : at + 8]
        if len(head) < 8:
            raise ValueError("cut short")
        length, kind = struct.unpack(">I4s", head)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("cut short")
        if kind in _NEEDED or (kind == b"iCCP" and _is_small(data[at + 8 : end - 4])):
            if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
                raise ValueError("wrong checksum")
            bare.write(data[at:end])
        at = end
    bare.seek(0)
    return bare


def _is_small(profile: bytes) -> bool:
    """Whether a colour profile unpacks to a size that profiles have."""
    packed = profile.partition(b"\0")[2][1:]
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(packed, _PROFILE_BYTES)
    except zlib.error:
        return False
    return unpacking.eof
