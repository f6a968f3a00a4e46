"""Whether an MP4 from outside is sound: boxes by hand first, then FFmpeg held to MP4 alone."""

import struct
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from studio.pictures.distrust.limits import Limits, VideoFacts
from studio.pictures.errors import Unacceptable

_CODECS = {"h264", "hevc", "av1", "vp9", "mpeg4"}
_NOT_MP4 = "The file is no MP4 video."
_DAMAGED = "The video is damaged or cut short."
_MOST_BOXES = 10_000
# Encoders take whole blocks of pixels; what is smaller than one shows nothing.
_SMALLEST = 16


def check_mp4(path: Path, limits: Limits) -> VideoFacts:
    """The facts of a sound MP4. Raises Unacceptable."""
    walk_boxes(path)
    try:
        with open_mp4(path) as container:
            stream = video_of(container, limits)
            facts = _facts(container, stream, limits)
            if next(container.decode(stream), None) is None:
                raise Unacceptable(_DAMAGED)
        with open_mp4(path) as container:
            return _counted(container, facts, limits)
    except (av.FFmpegError, OverflowError, ValueError) as error:
        if isinstance(error, Unacceptable):
            raise
        raise Unacceptable(_DAMAGED) from error


def open_mp4(path: Path) -> InputContainer:
    """Opened by the MP4 demuxer alone, which may open no other file and no address."""
    return av.open(
        f"file:{path}",
        format="mp4",
        options={"protocol_whitelist": "file", "enable_drefs": "0", "use_absolute_path": "0"},
        metadata_errors="replace",
    )


def walk_boxes(path: Path) -> None:
    """Refuse what does not start as MP4, has no index or data, or whose boxes do not add up."""
    length, at = path.stat().st_size, 0
    kinds: list[bytes] = []
    with path.open("rb") as file:
        while at < length and len(kinds) <= _MOST_BOXES:
            file.seek(at)
            head = file.read(16)
            if len(head) < 8:
                raise Unacceptable(_DAMAGED if kinds else _NOT_MP4)
            size, kind = struct.unpack(">I4s", head[:8])
            if size == 1 and len(head) == 16:
                (size,) = struct.unpack(">Q", head[8:])
            size = size or length - at
            if not kinds and kind != b"ftyp":
                raise Unacceptable(_NOT_MP4)
            if size < 8 or at + size > length:
                raise Unacceptable(_DAMAGED)
            kinds.append(kind)
            at += size
    if b"moov" not in kinds or kinds.count(b"moov") > 1 or not {b"mdat", b"moof"} & set(kinds):
        raise Unacceptable(_DAMAGED)


def video_of(container: InputContainer, limits: Limits) -> VideoStream:
    """The one video stream, of a codec and size that we accept, ready to decode on one thread."""
    if not container.streams.video:
        raise Unacceptable("The file holds no video.")
    stream = container.streams.video[0]
    if stream.codec_context is None or stream.codec_context.name not in _decoders():
        raise Unacceptable("The video is in a format that browsers do not play. Use H.264.")
    width, height = stream.width, stream.height
    if not (0 < width <= limits.max_width and 0 < height <= limits.max_height):
        raise Unacceptable(
            f"The video is {width} × {height} pixels; "
            f"we accept up to {limits.max_width} × {limits.max_height}."
        )
    if width < _SMALLEST or height < _SMALLEST:
        raise Unacceptable(f"The video is {width} × {height} pixels, which shows nothing.")
    stream.thread_type = "NONE"
    stream.codec_context.thread_count = 1
    return stream


def _decoders() -> set[str]:
    return _CODECS | {"libdav1d", "libvpx-vp9", "libaom-av1"}


def _facts(container: InputContainer, stream: VideoStream, limits: Limits) -> VideoFacts:
    if stream.duration is not None and stream.time_base is not None:
        duration_ms = round(stream.duration * stream.time_base * 1000)
    else:
        duration_ms = round((container.duration or 0) / 1000)
    if duration_ms <= 0:
        raise Unacceptable("The video has no length.")
    if duration_ms > limits.max_duration_ms:
        raise Unacceptable(
            f"The video runs longer than the {limits.max_duration_ms / 1000:g} s that we accept."
        )
    return VideoFacts(
        stream.width,
        stream.height,
        duration_ms,
        float(stream.average_rate or 0),
        stream.codec.canonical_name,
        stream.frames,
        bool(container.streams.audio),
    )


def _counted(container: InputContainer, facts: VideoFacts, limits: Limits) -> VideoFacts:
    """Read every packet: the index may promise more than the data holds."""
    frames = 0
    for packet in container.demux(container.streams.video[0]):
        if packet.is_corrupt:
            raise Unacceptable(_DAMAGED)
        frames += packet.size > 0
        if frames > limits.max_frames * 4:
            raise Unacceptable("The video has more frames than we accept.")
    if frames == 0 or (facts.frames and frames != facts.frames):
        raise Unacceptable(_DAMAGED)
    return VideoFacts(
        facts.width, facts.height, facts.duration_ms, facts.fps, facts.codec, frames,
        facts.has_audio,
    )  # fmt: skip
