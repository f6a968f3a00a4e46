"""What can be chosen for an animatic: format, size, captions, mark and sound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.storyboards.models import Animatic

Size = tuple[int, int]

GIF, MP4 = "image/gif", "video/mp4"
MEDIA_TYPES: Mapping[str, str] = {"gif": GIF, "mp4": MP4}
# The first of each is what is taken where nobody chose.
SIZES: Mapping[str, Sequence[Size]] = {
    GIF: ((480, 270), (320, 180), (640, 360)),
    MP4: ((1280, 720), (640, 360), (854, 480), (1920, 1080)),
}
FPS: Mapping[str, int] = {GIF: 10, MP4: 24}


class NotOffered(ValueError):
    """There is no such format or size; the message names those there are."""


@dataclass(frozen=True)
class Options:
    """How an animatic is drawn. `watermark`: the mark's lines; none, no mark."""

    media_type: str
    size: Size
    has_captions: bool = True
    watermark: tuple[str, ...] = ()
    has_sound: bool = True

    @property
    def fps(self) -> int:
        """Frames a second."""
        return FPS[self.media_type]


def read_options(posted: Mapping[str, str], mark: tuple[str, ...]) -> Options:
    """The options of a form: `format`, `size` (such as 640x360), and whether `captions`,
    `watermark` and `sound` are there. `mark` is the mark's lines, if one is wanted.

    Raises `NotOffered`.
    """
    media_type = MEDIA_TYPES.get(posted.get("format", "gif"))
    if media_type is None:
        raise NotOffered("An animatic is a GIF or an MP4. Choose one of them.")
    offered = {name_of(size): size for size in SIZES[media_type]}
    size = offered.get(posted.get("size") or next(iter(offered)))
    if size is None:
        known = ", ".join(f"{width} × {height}" for width, height in sorted(offered.values()))
        raise NotOffered(f"This size is not offered. Choose one of {known}.")
    return Options(
        media_type,
        size,
        has_captions="captions" in posted,
        watermark=mark if "watermark" in posted else (),
        # A GIF is silent: with sound or without, it is one and the same drawing.
        has_sound="sound" in posted and media_type == MP4,
    )


def options_of(animatic: Animatic) -> Options:
    """As they were chosen for it."""
    return Options(
        animatic.media_type,
        (animatic.width, animatic.height),
        has_captions=animatic.has_captions,
        watermark=tuple(animatic.watermark),
        has_sound=animatic.has_sound,
    )


def name_of(size: Size) -> str:
    """Such as `640x360`."""
    return f"{size[0]}x{size[1]}"
