"""Reads back the text of the PDFs that we write: by page, each string with its place in mm."""

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.S)
_SHOWN = re.compile(
    rb"BT /(F\d+) ([\d.]+) Tf ET|BT ([\d.-]+) ([\d.-]+) Td \(((?:\\.|[^\\)])*)\) Tj", re.S
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Shown:
    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class PdfPage:
    shown: list[Shown]
    pictures: int

    @property
    def text(self) -> str:
        """All of it without spaces: a line break is no sign in a PDF."""
        return "".join("".join(part.text.split()) for part in self.shown)


class Pdf:
    def __init__(self, data: bytes) -> None:
        assert data.startswith(b"%PDF-")
        self._objects = {int(number): body for number, body in _OBJECT.findall(data)}
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
        self.size_mm = tuple(round(float(side) * 25.4 / 72, 1) for side in box.groups())
        bodies = self._objects.values()
        self.pages = [self._page(body) for body in bodies if b"/Type /Page\n" in body]

    def _stream(self, number: int) -> bytes:
        content = _STREAM.search(self._objects[number])[1]
        return zlib.decompress(content) if b"/FlateDecode" in self._objects[number] else content

    def _reference(self, body: bytes, name: bytes) -> int:
        return int(re.search(name + rb" (\d+) 0 R", body)[1])

    def _page(self, body: bytes) -> PdfPage:
        resources = self._objects[self._reference(body, rb"/Resources")]
        fonts = {
            name: self._letters(int(n)) for name, n in re.findall(rb"/(F\d+) (\d+) 0 R", resources)
        }
        content = self._stream(self._reference(body, rb"/Contents"))
        shown, letters, size = [], {}, 0.0
        for font, points, x, y, raw in _SHOWN.findall(content):
            if font:
                letters, size = fonts[font], float(points)
                continue
            codes = re.sub(rb"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), raw, flags=re.S)
            text = "".join(
                letters[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2)
            )
            shown.append(Shown(text, float(x) * 25.4 / 72, float(y) * 25.4 / 72, size))
        return PdfPage(shown, len(re.findall(rb"/I\d+ Do", content)))

    def _letters(self, font: int) -> dict[int, str]:
        cmap = self._stream(self._reference(self._objects[font], rb"/ToUnicode")).decode()
        pairs = re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", cmap)
        return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
