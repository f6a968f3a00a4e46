"""A sound from outside, written anew as ours. Runs in the probe's child process.

Only what is heard gets through: it is decoded, brought to 48 kHz in mono or stereo, cut to what a
film can use and encoded again. Names, pictures, places and comments stay behind.
"""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from studio.pictures.distrust.limits import AudioFacts, Limits
from studio.pictures.distrust.sound_kinds import is_cut_short, kind_of, says_its_length
from studio.pictures.errors import Unacceptable

RATE = 48_000
BIT_RATE = 128_000
KEPT_MS = 60_000
"""As long as a film can last; what comes later is never heard."""

_MOST_CHANNELS = 8
_RATES = (8_000, 192_000)
_MOST_BAD_PACKETS = 50
_DAMAGED = "The sound is damaged or cut short. Save or download it again, then add it."
_NUMBERS = (
    "The sound holds samples that are no numbers. Export it again as 16-bit WAV, then add it."
)
_CODECS = frozenset(
    {"mp3", "mp3float", "mp2", "mp2float", "aac", "opus", "libopus", "vorbis", "libvorbis"}
    | {"flac", "alac", "ac3", "eac3", "adpcm_ms", "adpcm_ima_wav"}
)


def write_sound(path: Path, out: Path, limits: Limits) -> AudioFacts:
    """Write the sound at `path`, of a video its first track, to `out`. Raises Unacceptable."""
    kind = kind_of(path)
    if is_cut_short(path, kind):
        raise Unacceptable(_DAMAGED)
    try:
        with _opened(path, kind) as container:
            stream = track_of(container)
            stated_ms = _stated_ms(container, stream)
            _check_length(stated_ms, limits)
            channels = 1 if stream.codec_context.channels == 1 else 2
            samples = _written(out, _decoded(container, stream, channels), channels)
    except Unacceptable:
        raise
    except (av.FFmpegError, OverflowError, ValueError) as error:
        raise Unacceptable(_DAMAGED) from error
    duration_ms = round(samples * 1000 / RATE)
    if not duration_ms:
        raise Unacceptable("The sound has no length. Save it again, then add it.")
    if says_its_length(path, kind) and duration_ms < 0.95 * min(stated_ms, KEPT_MS) - 500:
        raise Unacceptable(_DAMAGED)
    return AudioFacts(duration_ms, channels, RATE)


def _opened(path: Path, kind: str) -> InputContainer:
    """By one demuxer, none of those that open other files or addresses."""
    links = {"enable_drefs": "0", "use_absolute_path": "0"} if kind == "mp4" else {}
    return av.open(
        f"file:{path}",
        format=kind,
        options={"protocol_whitelist": "file", **links},
        metadata_errors="replace",
    )


def track_of(container: InputContainer) -> AudioStream:
    """The first track, of a codec, a rate and channels that we take; decoded on one thread."""
    if not container.streams.audio:
        raise Unacceptable("The file holds no sound. Choose one that does.")
    stream = container.streams.audio[0]
    codec = stream.codec_context
    if codec is None or not (codec.name in _CODECS or codec.name.startswith("pcm_")):
        raise Unacceptable("The sound is in a format that we do not read. Save it as WAV or MP3.")
    if not 0 < codec.channels <= _MOST_CHANNELS:
        raise Unacceptable(
            f"The sound has {codec.channels} channels and we take up to {_MOST_CHANNELS}. "
            "Mix it down to stereo, then add it."
        )
    if not _RATES[0] <= codec.sample_rate <= _RATES[1]:
        raise Unacceptable(
            f"The sound has {codec.sample_rate:,} samples a second; we take {_RATES[0]:,} to "
            f"{_RATES[1]:,}. Export it at 48,000, then add it."
        )
    codec.thread_type, codec.thread_count = "NONE", 1
    return stream


def _stated_ms(container: InputContainer, stream: AudioStream) -> int:
    """How long the file says that it plays, 0 where it does not."""
    if stream.duration is not None and stream.time_base is not None:
        return round(stream.duration * stream.time_base * 1000)
    return round((container.duration or 0) / 1000)


def _check_length(stated_ms: int, limits: Limits) -> None:
    if stated_ms > limits.max_duration_ms:
        most = limits.max_duration_ms // 60_000
        raise Unacceptable(
            f"The sound plays for {stated_ms / 60_000:,.0f} minutes and we take up to {most}. "
            "A film lasts 60 s at most: cut the sound to its part, then add it."
        )


def _decoded(
    container: InputContainer, stream: AudioStream, channels: int
) -> Iterator[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """The samples at `RATE`, by channel, from -1 to 1."""
    resampler = AudioResampler(format="fltp", layout=_layout(channels), rate=RATE)
    for frame in frames_of(container, stream):
        for block in resampler.resample(frame):
            samples = block.to_ndarray()
            if not np.isfinite(samples).all():
                raise Unacceptable(_NUMBERS)
            yield samples.clip(-1, 1)


def frames_of(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame | None]:
    """The frames, and None at the end; a few packets that cannot be decoded are left out."""
    bad = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.FFmpegError:
            bad += 1
            if bad > _MOST_BAD_PACKETS:
                raise
    yield None


def _written(
    out: Path, blocks: Iterator[np.ndarray[tuple[int, int], np.dtype[np.float32]]], channels: int
) -> int:
    """Encode at most `KEPT_MS` of the blocks; returns how many samples a channel."""
    most, count = KEPT_MS * RATE // 1000, 0
    # Bit-exact: nothing of the library's in the file, so that one sound is always one file.
    exact = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(out), "w", format="ipod", options=exact) as film:
        track = film.add_stream("aac", rate=RATE, layout=_layout(channels))
        codec: AudioCodecContext = track.codec_context
        codec.bit_rate = BIT_RATE
        codec.options = {"flags": "+bitexact"}
        for block in blocks:
            kept = np.ascontiguousarray(block[:, : most - count])
            frame = AudioFrame.from_ndarray(kept, format="fltp", layout=_layout(channels))
            frame.sample_rate, frame.pts = RATE, count
            film.mux(track.encode(frame))
            count += kept.shape[1]
            if count >= most:
                break
        film.mux(track.encode(None))
    return count


def _layout(channels: int) -> str:
    return "mono" if channels == 1 else "stereo"
