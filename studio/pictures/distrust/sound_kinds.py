"""What kind of sound a file holds, by its first bytes alone: no name and no sender is believed.

The kind names the one demuxer that may open the file. FFmpeg's own guess would let a text be a
playlist, which opens other files and addresses.
"""

from pathlib import Path

from studio.pictures.errors import Unacceptable

_HEAD_BYTES = 4_096
_UNKNOWN_SIZE = 0x7FFF0000
_SAVE_AS = "Save it as WAV, MP3, M4A, Ogg or FLAC, then add it."
_NOT_SOUND = (
    (b"PK\x03\x04", "This is a packed folder. Unpack it, then add the sound that is in it."),
    (b"MThd", f"This file holds notes, not sound. {_SAVE_AS}"),
    (b"%PDF", f"This is a document, not sound. {_SAVE_AS}"),
)
_LISTS = (b"#extm3u", b"ffconcat", b"[playlist]", b"<?xml", b"<asx", b"#!", b"file ", b"http")


def kind_of(path: Path) -> str:
    """FFmpeg's name of the demuxer for the file. Raises Unacceptable."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if head.startswith(b"ID3") and len(head) > 10:
            file.seek(10 + _syncsafe(head[6:10]))
            return _behind_tags(file.read(4))
    if kind := _by_magic(head):
        return kind
    raise Unacceptable(_what_else(head))


def says_its_length(path: Path, kind: str) -> bool:
    """Whether the file's head says how long it is, rather than its size and bit rate."""
    if kind != "mp3":
        return kind in ("wav", "flac", "mp4", "aiff", "matroska")
    with path.open("rb") as file:
        head = file.read(10)
        file.seek(10 + _syncsafe(head[6:10]) if head.startswith(b"ID3") else 0)
        first_frame = file.read(256)
    return any(mark in first_frame for mark in (b"Xing", b"Info", b"VBRI"))


def is_cut_short(path: Path, kind: str) -> bool:
    """Whether a WAV or AIFF lacks some of the bytes that its head counts; FFmpeg does not mind."""
    if kind not in ("wav", "aiff"):
        return False
    with path.open("rb") as file:
        counted = int.from_bytes(file.read(8)[4:], "little" if kind == "wav" else "big")
    # Who writes into a pipe cannot know the size, and puts the largest there.
    return counted < _UNKNOWN_SIZE and counted + 8 > path.stat().st_size


def _by_magic(head: bytes) -> str | None:
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mp4"
    if head[:4] == b"\x1aE\xdf\xa3":
        return "matroska"
    return {b"fLaC": "flac", b"OggS": "ogg"}.get(head[:4]) or _by_sync(head)


def _behind_tags(head: bytes) -> str:
    return {b"fLaC": "flac"}.get(head) or _by_sync(head) or "mp3"


def _by_sync(head: bytes) -> str | None:
    """MPEG audio begins with eleven set bits; its layer is 0 in ADTS alone."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0x06:
        return "mp3"
    return "aac" if head[1] & 0xF0 == 0xF0 else None


def _syncsafe(size: bytes) -> int:
    """A size of an ID3 tag: seven bits a byte."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=False))


def _what_else(head: bytes) -> str:
    for magic, says in _NOT_SOUND:
        if head.startswith(magic):
            return says
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_LISTS):
        return "This is a list of files, not sound. Add the sound itself."
    return f"This file is no sound that we know. {_SAVE_AS}"
