"""What a delivery sheet says of a film that was found sound before. For the child."""

from pathlib import Path
from typing import Final

import av
from av.video.stream import VideoStream

from studio.pictures.distrust.limits import FilmFacts, Limits
from studio.pictures.distrust.loudness import sound_of
from studio.pictures.distrust.mp4_check import open_mp4, video_of
from studio.pictures.errors import Unacceptable

# Code points of ITU-T H.273 that films are tagged with, by FFmpeg's names; others by their number.
_PRIMARIES: Final = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "smpte432"}
_TRANSFERS: Final = {
    **{1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 8: "linear"},
    **{13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084", 18: "arib-std-b67"},
}
_MATRICES: Final = {0: "gbr", 1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020nc"}
_RANGES: Final = {1: "tv", 2: "pc"}
_NOT_TAGGED = 2


def film_facts(path: Path, limits: Limits) -> FilmFacts:
    """The technical facts of the MP4 at `path`; of a sound that cannot be read, why. Raises
    Unacceptable where there is no picture to describe."""
    try:
        with open_mp4(path) as container:
            stream = video_of(container, limits)
            codec = stream.codec_context
            rate = stream.average_rate
            return FilmFacts(
                profile=str(codec.profile or "")[:40],
                pixel_format=str(codec.pix_fmt or ""),
                fps=[rate.numerator, rate.denominator] if rate else [0, 1],
                bit_rate=int(stream.bit_rate or 0),
                colour=_colour_of(stream),
                sound=sound_of(path, limits),
            )
    except (av.FFmpegError, OverflowError, ValueError) as error:
        if isinstance(error, Unacceptable):
            raise
        raise Unacceptable("The video is damaged or cut short.") from error


def _colour_of(stream: VideoStream) -> list[str]:
    codec = stream.codec_context
    tagged = [
        _named(_PRIMARIES, int(codec.color_primaries)),
        _named(_TRANSFERS, int(codec.color_trc)),
        _named(_MATRICES, int(codec.colorspace)),
    ]
    return [*tagged, _RANGES.get(int(codec.color_range), "")]


def _named(names: dict[int, str], code: int) -> str:
    return "" if code == _NOT_TAGGED else names.get(code, str(code))
