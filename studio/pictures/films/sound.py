"""A film's sound: AAC as it is, anything else made AAC, and no longer than the film."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

_RATE_HZ = 48_000
_BITS_A_SECOND = 160_000


def check_sound(path: Path) -> None:
    """Raises ValueError when there is no sound to be read: better before a film is drawn."""
    _opened(path).close()


class Soundtrack:
    """The sound in `path`, as a stream of `film`, until `until_s`. A context manager."""

    def __init__(self, path: Path, film: OutputContainer, until_s: Fraction):
        self._source = _opened(path)
        self._heard: AudioStream = self._source.streams.audio[0]
        self._until_s = until_s
        self._is_ready = self._heard.codec_context.name == "aac"
        self._written: AudioStream = (
            film.add_stream_from_template(self._heard)
            if self._is_ready
            else film.add_stream(
                "aac",
                rate=_RATE_HZ,
                layout="mono" if self._heard.channels == 1 else "stereo",
                bit_rate=_BITS_A_SECOND,
            )
        )

    def __enter__(self) -> "Soundtrack":
        return self

    def __exit__(self, *_: object) -> None:
        self._source.close()

    def packets(self) -> Iterator["Packet[AudioStream]"]:
        """In order, the last one shortened to the film's end. Raises ValueError when the sound is
        damaged."""
        try:
            for packet in self._source.demux(self._heard) if self._is_ready else self._made():
                if packet.pts is None or packet.time_base is None:
                    continue
                left = self._until_s / packet.time_base - packet.pts
                if left <= 0:
                    return
                packet.duration = min(packet.duration or 0, int(left))
                packet.stream = self._written
                yield packet
        except (av.FFmpegError, OSError) as error:
            raise _unreadable() from error

    def _made(self) -> Iterator["Packet[AudioStream]"]:
        encoder = self._written.codec_context
        resampler = av.AudioResampler("fltp", encoder.layout, encoder.sample_rate, 1024)
        samples = 0
        for frame in self._levelled(resampler):
            frame.pts, frame.time_base = samples, Fraction(1, encoder.sample_rate)
            samples += frame.samples
            yield from self._written.encode(frame)
            if samples > self._until_s * encoder.sample_rate:
                break
        yield from self._written.encode(None)

    def _levelled(self, resampler: av.AudioResampler) -> Iterator[AudioFrame]:
        for frame in self._source.decode(self._heard):
            yield from resampler.resample(frame)
        yield from resampler.resample(None)


def _opened(path: Path) -> InputContainer:
    try:
        source: InputContainer = av.open(str(path))
    except (av.FFmpegError, OSError) as error:
        raise _unreadable() from error
    if not source.streams.audio:
        source.close()
        raise _unreadable()
    return source


def _unreadable() -> ValueError:
    return ValueError("The soundtrack cannot be read. Choose another, or draw without sound.")
