"""Still pictures as they come: sound, odd and hostile, each made here byte by byte or by Pillow.

A value of `STILLS` builds the bytes; what must become of them is a size in pixels, or a word of the
sentence that refuses them.
"""

import gzip
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

from tests.pictures.hostile import SVG, gif, the_37_bytes

Size = tuple[int, int]
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def picture(size: Size = (320, 180), mode: str = "RGB") -> Image.Image:
    """A gradient, so that it has many colours and each corner another."""
    across = np.linspace(0, 255, size[0], dtype=np.uint8)[None, :].repeat(size[1], 0)
    down = np.linspace(0, 255, size[1], dtype=np.uint8)[:, None].repeat(size[0], 1)
    return Image.fromarray(np.dstack([across, down, 255 - across])).convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png(size: Size = (320, 180), **options: Any) -> bytes:
    return saved(picture(size), "PNG", **options)


def jpeg(size: Size = (320, 180), **options: Any) -> bytes:
    return saved(picture(size), "JPEG", **options)


def chunk(kind: bytes, body: bytes) -> bytes:
    checked = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checked)


def raw_png(width: int, height: int, rows: bytes, *more: bytes, depth: int = 8, kind: int = 2):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return PNG_MAGIC + head + b"".join(more) + body + chunk(b"IEND", b"")


def after_head(data: bytes, *more: bytes) -> bytes:
    """A PNG with chunks put behind its IHDR."""
    return data[:33] + b"".join(more) + data[33:]


def exif(orientation: int = 1, *, is_placed: bool = False) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    if is_placed:
        found[0x010F] = "SecretCam"
        found.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.5), 3: "E", 4: (2.0, 17.0, 40.0)})
    return found


def deep_png() -> bytes:
    """Grey, 16 bits: dark on the left, bright on the right."""
    row = np.linspace(0, 65535, 320).astype(">u2").tobytes()
    return raw_png(320, 180, (b"\0" + row) * 180, depth=16, kind=0)


def many_framed_gif() -> bytes:
    frames = [Image.new("P", (64, 36), n % 2) for n in range(2)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=20)
    block = data[data.rindex(b"!\xf9") : -1]
    return data[:-1] + block * 10_000 + b";"


def described_png(length: int) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "a" * length, zip=True)
    return png(pnginfo=words)


def palette_png() -> bytes:
    image = picture().convert("P", palette=Image.Palette.ADAPTIVE, colors=64)
    return saved(image, "PNG", transparency=3)


def tiff_of(width: int, height: int) -> bytes:
    entries = struct.pack("<HHIIHHIIHHIHH", 256, 4, 1, width, 257, 4, 1, height, 258, 3, 1, 1, 0)
    return b"II*\0" + struct.pack("<IH", 8, 3) + entries + bytes(4)


def ftyp(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + brand + b"mif1" + bytes(2000)


def bmp_of(width: int, height: int) -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info + bytes(64)


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def swapped_srgb() -> bytes:
    """sRGB whose tags for the red and the blue primary stand for each other."""
    return SRGB.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


SCRIPT = b"/*<script>alert(1)</script>*/"

SOUND: dict[str, tuple[Callable[[], bytes], Size]] = {
    "png": (png, (320, 180)),
    "jpeg": (jpeg, (320, 180)),
    "progressive jpeg": (lambda: jpeg(progressive=True), (320, 180)),
    "webp": (lambda: saved(picture(), "WEBP"), (320, 180)),
    "lossless webp with alpha": (
        lambda: saved(picture(mode="RGBA"), "WEBP", lossless=True), (320, 180),
    ),
    "avif": (lambda: saved(picture(), "AVIF", speed=10), (320, 180)),
    "bmp": (lambda: saved(picture(), "BMP"), (320, 180)),
    "one-bit bmp": (lambda: saved(picture(mode="1"), "BMP"), (320, 180)),
    "gif": (lambda: gif(size=(320, 180)), (320, 180)),
    "gif of 10,000 frames": (many_framed_gif, (64, 36)),
    "animated webp": (
        lambda: saved(picture(), "WEBP", save_all=True, append_images=[picture()] * 5), (320, 180),
    ),
    "animated png": (
        lambda: saved(picture(), "PNG", save_all=True, append_images=[picture()] * 5), (320, 180),
    ),
    "16-bit grey png": (deep_png, (320, 180)),
    "16-bit colour png": (
        lambda: raw_png(64, 36, (b"\0" + bytes(range(192)) * 2) * 36, depth=16), (64, 36),
    ),
    "grey jpeg": (lambda: saved(picture(mode="L"), "JPEG"), (320, 180)),
    "cmyk jpeg": (lambda: saved(picture(mode="CMYK"), "JPEG"), (320, 180)),
    "palette with alpha": (palette_png, (320, 180)),
    "grey with alpha": (lambda: saved(picture(mode="LA"), "PNG"), (320, 180)),
    "wholly transparent": (lambda: saved(Image.new("RGBA", (64, 36)), "PNG"), (64, 36)),
    "on its side by exif": (lambda: jpeg((320, 180), exif=exif(6)), (180, 320)),
    "impossible orientation": (lambda: jpeg(exif=exif(4711)), (320, 180)),
    "where it was taken": (lambda: jpeg(exif=exif(is_placed=True)), (320, 180)),
    "garbage for exif": (lambda: jpeg(exif=b"Exif\0\0MM" + bytes(range(200, 255))), (320, 180)),
    "srgb profile": (lambda: jpeg(icc_profile=SRGB), (320, 180)),
    "garbage for a profile": (lambda: jpeg(icc_profile=b"acsp" * 999), (320, 180)),
    "a profile of another kind": (lambda: jpeg(icc_profile=LAB), (320, 180)),
    "mpo of two pictures": (
        lambda: saved(picture(), "MPO", save_all=True, append_images=[picture()]), (320, 180),
    ),
    "jpeg named png": (jpeg, (320, 180)),
    "jpeg with a zip behind": (lambda: jpeg() + b"PK\3\4" + bytes(99), (320, 180)),
    "text bomb in a png": (lambda: described_png(90_000_000), (320, 180)),
    "2 MB of text in a png": (
        lambda: after_head(png(), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2_000_000)))),
        (320, 180),
    ),
    "profile bomb in a png": (
        lambda: after_head(png(), chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(90_000_000)))),
        (320, 180),
    ),
    "jpeg that is a script too": (lambda: jpeg(comment=SCRIPT), (320, 180)),
    "gif that is a script too": (
        lambda: gif(size=(64, 36))[:-1] + b"!\xfe\x1d" + SCRIPT + b"\0;", (64, 36),
    ),
    "png that is a page too": (lambda: png() + b"<script>alert(1)</script>", (320, 180)),
    "large": (lambda: jpeg((4000, 3000)), (1440, 1080)),
    "very wide": (lambda: saved(Image.new("L", (12_000, 10)), "PNG"), (1920, 2)),
    "large on its side": (lambda: jpeg((4000, 3000), exif=exif(8)), (810, 1080)),
}  # fmt: skip

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty"),
    "one byte": (lambda: b"\x89", "no picture"),
    "text": (lambda: b"Umbrellas in the rain\n", "no picture"),
    "zeros": (lambda: bytes(4096), "no picture"),
    "png magic alone": (lambda: PNG_MAGIC, "damaged"),
    "png without pixels": (lambda: PNG_MAGIC + chunk(b"IEND", b""), "damaged"),
    "png cut short": (lambda: png()[: len(png()) // 2], "damaged"),
    "png without its end": (lambda: png()[:-12], "damaged"),
    "png with a wrong checksum": (lambda: png()[:60] + b"\0\0\0" + png()[63:], "damaged"),
    "jpeg cut short": (lambda: jpeg()[:-1500], "damaged"),
    "jpeg cut in its header": (lambda: jpeg()[:120], "damaged"),
    "webp cut short": (lambda: saved(picture(), "WEBP")[:-300], "damaged"),
    "avif cut short": (lambda: saved(picture(), "AVIF", speed=10)[:-300], "damaged"),
    "gif cut short": (lambda: saved(picture(mode="P"), "GIF")[:400], "damaged"),
    "bmp cut short": (lambda: saved(picture(), "BMP")[:-9000], "damaged"),
    "png bomb": (
        lambda: raw_png(50_000, 50_000, bytes(6_251 * 900), depth=1, kind=0), "12,000 × 12,000",
    ),
    "png of too many pixels": (
        lambda: raw_png(11_000, 11_000, bytes(999), depth=1, kind=0), "50 megapixels",
    ),
    "gif bomb of 37 bytes": (the_37_bytes, "12,000 × 12,000"),
    "bmp bomb": (lambda: bmp_of(60_000, 60_000), "12,000 × 12,000"),
    "1 × 1": (lambda: png((1, 1)), "too small"),
    "1 × 20000": (lambda: saved(Image.new("L", (1, 20_000)), "PNG"), "1 × 20,000"),
    "svg": (lambda: SVG, "SVG"),
    "svg behind a prolog": (lambda: b'<?xml version="1.0"?>\n<!-- a -->' + SVG, "SVG"),
    "html": (lambda: b"\xef\xbb\xbf <!doctype html><title>hello</title>", "web page"),
    "heic": (lambda: ftyp(b"heic"), "HEIC"),
    "tiff": (lambda: saved(picture(), "TIFF"), "TIFF"),
    "tiff of huge sides": (lambda: tiff_of(4_000_000, 4_000_000), "TIFF"),
    "ico": (lambda: saved(picture(), "ICO"), "icon"),
    "jpeg 2000": (lambda: saved(picture(), "JPEG2000"), "JPEG 2000"),
    "psd": (lambda: b"8BPS\0\1" + bytes(2000), "Photoshop"),
    "pdf": (lambda: b"%PDF-1.7\n" + bytes(2000), "PDF"),
    "postscript": (lambda: b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file", "PostScript"),
    "gzip": (lambda: gzip.compress(png()), "gzip"),
    "zip": (lambda: b"PK\3\4" + bytes(2000), "ZIP"),
    "video": (lambda: ftyp(b"isom").replace(b"mif1", b"mp42"), "video"),
}  # fmt: skip
