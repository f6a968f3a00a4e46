"""A still picture from outside, drawn anew as ours. Runs in the probe's child process.

Only pixels get through: the picture is decoded, turned upright, brought to sRGB and to a size for
the screen, and encoded again. Places, names, scripts and whatever else the sender's file carries
stay behind with it.
"""

import struct
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageStat

from studio.pictures.distrust.limits import Limits, StillFacts
from studio.pictures.distrust.still_kinds import HEAD_BYTES, kind_of
from studio.pictures.distrust.still_png import bare_png
from studio.pictures.errors import Unacceptable

WITHIN = (1920, 1080)
_SMALLEST = 8
_DARK_GROUND = (20, 23, 29)
_LIGHT_GROUND = (236, 236, 232)
_INK_BELOW = 90  # mean luminance
_FLAT_COLOURS = 256
_LARGEST_PNG_BYTES = 500_000
_DAMAGED = "The picture is damaged or cut short. Save or download it again, then add it."
# What Pillow raises over files that are not what they say.
_TROUBLES = (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, struct.error)
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


def draw_still(path: Path, out: Path, limits: Limits) -> StillFacts:
    """Write the picture at `path` (of an animation its first frame) to `out`, within `WITHIN`, as
    JPEG, or as PNG where it has few colours. Raises Unacceptable."""
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD_BYTES))
    Image.MAX_IMAGE_PIXELS = None  # our own limits are lower, and have words of their own
    try:
        source = bare_png(path) if kind == "PNG" else path
        with Image.open(source, formats=[kind]) as opened:
            _check_canvas(opened.size, limits)
            image = _seen(opened, limits)
    except Unacceptable:
        raise
    except _TROUBLES as error:
        raise Unacceptable(_DAMAGED) from error
    return _written(image, out)


def _check_canvas(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    named = f"The picture is {width:,} × {height:,} pixels"
    if width > limits.max_width or height > limits.max_height:
        most = f"{limits.max_width:,} × {limits.max_height:,}"
        raise Unacceptable(f"{named}; we take up to {most}. Save it smaller, then add it.")
    if width * height > limits.max_total_pixels:
        most = f"{limits.max_total_pixels / 1_000_000:g} megapixels"
        raise Unacceptable(f"{named}; we take up to {most}. Save it smaller, then add it.")
    if width < _SMALLEST or height < _SMALLEST:
        least = f"{_SMALLEST} × {_SMALLEST}"
        raise Unacceptable(f"{named}, too small to be seen. Choose one of at least {least}.")


def _seen(opened: Image.Image, limits: Limits) -> Image.Image:
    """What a viewer of the file sees, as RGB within `WITHIN`."""
    turns = _TURNS.get(_orientation(opened), ())
    is_lying = turns and turns[0] in (
        Image.Transpose.TRANSPOSE,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_270,
    )
    within = WITHIN[::-1] if is_lying else WITHIN
    profile = opened.info.get("icc_profile")
    if opened.format == "JPEG":
        opened.draft(None, (within[0] * 2, within[1] * 2))
    opened.load()
    _check_canvas(opened.size, limits)  # a GIF's first frame may be larger than its screen
    image = _plain(opened)
    image.thumbnail(within, Image.Resampling.LANCZOS)
    for turn in turns:
        image = image.transpose(turn)
    return _flat(_in_srgb(image, profile))


def _orientation(opened: Image.Image) -> int:
    """1 to 8 as EXIF counts; 1 where the file does not say, or babbles."""
    try:
        found = opened.getexif().get(0x0112, 1)
    except _TROUBLES:
        return 1
    return found if isinstance(found, int) else 1


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be scaled: L, RGB, RGBA or CMYK, 8 bits each."""
    if image.mode.startswith("I"):
        # Pillow would cut 16 bits off at 255 instead of scaling them.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image.copy()
    return image.convert("L" if image.mode == "1" else "RGB")


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """The same colours in sRGB; a profile that makes no sense is left aside."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            wanted = ImageCms.createProfile("sRGB")
            colours = (
                ImageCms.profileToProfile(colours, source, wanted, outputMode="RGB") or colours
            )
        except (ImageCms.PyCMSError, *_TROUBLES):
            pass
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _flat(image: Image.Image) -> Image.Image:
    """Laid on the dark of the board; dark ink on nothing is laid on paper, or it would vanish."""
    if image.mode != "RGBA":
        return image
    alpha = image.getchannel("A")
    painted = ImageStat.Stat(image.convert("L"), mask=alpha.point(lambda value: 255 * (value > 63)))
    is_ink = bool(painted.count[0]) and painted.mean[0] < _INK_BELOW
    ground = Image.new("RGB", image.size, _LIGHT_GROUND if is_ink else _DARK_GROUND)
    ground.paste(image, mask=alpha)
    return ground


def _written(image: Image.Image, out: Path) -> StillFacts:
    # Pasted onto a picture of our own, which carries no comment, profile or text of the sender's.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    if clean.getcolors(_FLAT_COLOURS) is not None:
        clean.save(out, "PNG", optimize=True)
        if out.stat().st_size <= _LARGEST_PNG_BYTES:  # a grey photograph is none the better for it
            return StillFacts(clean.width, clean.height, "image/png")
    clean.save(out, "JPEG", quality=90, subsampling=0, optimize=True)
    return StillFacts(clean.width, clean.height, "image/jpeg")
