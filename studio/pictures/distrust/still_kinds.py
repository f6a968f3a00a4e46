"""What a file from outside is by its first bytes, whatever its name says."""

from studio.pictures.errors import Unacceptable

HEAD_BYTES = 512

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)
# What people take for a picture, by the name they know it under.
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"8BPS", "a Photoshop file"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"\0\0\1\0", "an icon file"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000"),
    (b"%PDF", "a PDF"),
    (b"%!PS", "a PostScript file"),
    (b"PK\3\4", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x1aE\xdf\xa3", "a video"),
)
_BRANDS = {
    b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC",
    b"heim": "HEIC", b"heis": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC",
}  # fmt: skip
WHAT_TO_DO = "Save it as PNG or JPEG, then add that file."


def kind_of(head: bytes) -> str:
    """`PNG`, `JPEG`, `GIF`, `WEBP`, `AVIF` or `BMP`, as Pillow calls it. Raises Unacceptable."""
    for magic, kind in _KINDS:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _boxed(head)
    named = next((name for magic, name in _REFUSED if head.startswith(magic)), _text(head))
    if named:
        raise Unacceptable(f"This is {named}, which is no picture that we read. {WHAT_TO_DO}")
    raise Unacceptable(f"This is no picture that we read. {WHAT_TO_DO}")


def _boxed(head: bytes) -> str:
    """The kind of an ISO file, whose brand and compatible brands stand in its first box."""
    end = min(int.from_bytes(head[:4]), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
    kinds = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    if "AVIF" in kinds:
        return "AVIF"
    named = "a HEIC picture" if "HEIC" in kinds else "a video"
    raise Unacceptable(f"This is {named}, which we do not read. {WHAT_TO_DO}")


def _text(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start.startswith(b"<"):
        return ""
    return "an SVG drawing" if b"<svg" in start else "a web page"
