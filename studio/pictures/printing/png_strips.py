"""A PNG written from the top down in strips, so that a tall picture is never held whole."""

import struct
import zlib
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

_Rows = npt.NDArray[np.uint8]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = 3
_ROWS_AT_ONCE = 32  # a few hundred kB, which stay in the processor's cache


class PngStrips:
    """Takes RGB pictures of one width, one below the other, `height` rows in all."""

    def __init__(self, out: BinaryIO, width: int, height: int):
        self._out, self._width, self._missing = out, width, height
        self._above = np.zeros((1, width * _CHANNELS), dtype=np.uint8)
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS, 8, zlib.Z_FILTERED)
        out.write(_SIGNATURE)
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))

    def add(self, strip: Image.Image) -> None:
        """Append an RGB picture. Raises ValueError when it is no strip of this PNG."""
        if strip.mode != "RGB" or strip.width != self._width or strip.height > self._missing:
            raise ValueError("The strip does not fit the picture that was begun.")
        self._missing -= strip.height
        for top in range(0, strip.height, _ROWS_AT_ONCE):
            low = min(strip.height, top + _ROWS_AT_ONCE)
            part = strip.crop((0, top, self._width, low))
            self._add_rows(np.asarray(part).reshape(low - top, -1))

    def close(self) -> None:
        """Write what waits and the end. The stream stays open. Raises ValueError when rows are
        missing."""
        if self._missing:
            raise ValueError(f"The picture lacks {self._missing} rows.")
        self._chunk(b"IDAT", self._deflate.flush())
        self._chunk(b"IEND", b"")

    def _add_rows(self, rows: _Rows) -> None:
        above = np.vstack((self._above, rows[:-1]))
        if data := self._deflate.compress(_filtered(rows, above).tobytes()):
            self._chunk(b"IDAT", data)
        self._above = rows[-1:].copy()

    def _chunk(self, kind: bytes, data: bytes) -> None:
        checksum = zlib.crc32(data, zlib.crc32(kind))
        self._out.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum))


def _filtered(rows: _Rows, above: _Rows) -> _Rows:
    """Each row behind the number of its filter: the one that leaves the least, as the PNG standard
    advises (section 12.7)."""
    left = _shifted(rows)
    # Differences wrap around within a byte, as the standard wants.
    choices = np.stack((rows - left, rows - above, rows - _paeth(left, above, _shifted(above))))
    left_over = np.abs(choices.view(np.int8).astype(np.int16)).sum(axis=2, dtype=np.int32)
    best = left_over.argmin(axis=0)
    numbers = np.array([1, 2, 4], dtype=np.uint8)[best]
    return np.column_stack((numbers, choices[best, np.arange(len(rows))]))


def _shifted(rows: _Rows) -> _Rows:
    """What stands one pixel further left."""
    shifted = np.zeros_like(rows)
    shifted[:, _CHANNELS:] = rows[:, :-_CHANNELS]
    return shifted


def _paeth(left: _Rows, above: _Rows, corner: _Rows) -> _Rows:
    """Whichever neighbour is nearest to left + above - corner (PNG standard, section 9.4)."""
    a, b, c = (part.astype(np.int16) for part in (left, above, corner))
    to_a, to_b = np.abs(b - c), np.abs(a - c)
    to_c = np.abs(a + b - 2 * c)
    above_or_corner = np.where(to_b <= to_c, above, corner)
    return np.where((to_a <= to_b) & (to_a <= to_c), left, above_or_corner)
