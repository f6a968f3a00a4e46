"""How loud a film sounds: integrated loudness by EBU R 128, and the true peak. For the child."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.filter.context import FilterContext

from studio.pictures.distrust.limits import Limits, SoundFacts
from studio.pictures.distrust.mp4_check import open_mp4
from studio.pictures.distrust.sound import frames_of, track_of
from studio.pictures.errors import Unacceptable

RATE = 48_000
# R 128 looks at blocks of 400 ms; less sound than one has no integrated loudness.
_LEAST_SAMPLES = RATE * 400 // 1000
# The absolute gate: where no block is louder, the filter answers this.
_GATE_LUFS = -70.0
# Decoders leave a little noise where there was silence; and the filter tells a peak in thousandths.
_SILENT_PEAK = 0.001
_NOT_READ = "The sound could not be read, so its loudness was not measured."
_TOO_LITTLE = "There is too little sound to measure its loudness."


def sound_of(path: Path, limits: Limits) -> SoundFacts | None:
    """The facts of the first sound track of the MP4 at `path`, None without one.

    Never refuses: `problem` says why a loudness is missing. The film is judged by its picture.
    """
    with open_mp4(path) as container:
        if not container.streams.audio:
            return None
        stream = container.streams.audio[0]
        facts = _stated(stream)
        try:
            return _measured(container, track_of(container), facts, limits)
        except (Unacceptable, av.FFmpegError, OverflowError, ValueError):
            return replace(facts, problem=_NOT_READ)


def _stated(stream: AudioStream) -> SoundFacts:
    codec = stream.codec_context
    if codec is None:
        return SoundFacts("unknown", 0, "", 0)
    name = codec.codec.canonical_name
    return SoundFacts(name, codec.channels, codec.layout.name[:40], codec.sample_rate)


def _measured(
    container: InputContainer, stream: AudioStream, facts: SoundFacts, limits: Limits
) -> SoundFacts:
    meter, samples, most = _Meter(facts.layout), 0, limits.max_duration_ms * RATE // 1000
    for block in _levelled(container, stream, facts.layout):
        samples += block.samples
        if samples > most:
            return replace(facts, problem="The sound is longer than any film, so it was not heard.")
        meter.hear(block)
    loudness, peak = meter.reading()
    if not samples or peak < _SILENT_PEAK:
        return replace(facts, is_silent=True)
    if samples < _LEAST_SAMPLES or loudness <= _GATE_LUFS:
        return replace(facts, problem=_TOO_LITTLE, true_peak_dbtp=_decibels(peak))
    return replace(facts, integrated_lufs=round(loudness, 1), true_peak_dbtp=_decibels(peak))


def _levelled(container: InputContainer, stream: AudioStream, layout: str) -> Iterator[AudioFrame]:
    """The samples at `RATE` as 64-bit numbers, whatever the stream changes to on its way."""
    resampler = AudioResampler(format="dbl", layout=layout, rate=RATE)
    for frame in frames_of(container, stream):
        yield from resampler.resample(frame)


class _Meter:
    """FFmpeg's ebur128 filter; it writes what it has heard so far into its frames' metadata."""

    def __init__(self, layout: str) -> None:
        self._graph = av.filter.Graph()
        source = f"sample_rate={RATE}:sample_fmt=dbl:channel_layout={layout}:time_base=1/{RATE}"
        self._source = self._graph.add("abuffer", source)
        meter = self._graph.add("ebur128", "metadata=1:peak=true:framelog=quiet")
        self._sink: FilterContext = self._graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        self._graph.configure()
        self._said: dict[str, str] = {}

    def hear(self, block: AudioFrame | None) -> None:
        self._source.push(block)
        while True:
            try:
                heard = self._sink.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            self._said = dict(heard.metadata) or self._said

    def reading(self) -> tuple[float, float]:
        """Integrated loudness in LUFS and the true peak, 1.0 at full scale. Raises ValueError
        where the samples were no numbers."""
        self.hear(None)
        loudness = float(self._said.get("lavfi.r128.I", _GATE_LUFS))
        peak = float(self._said.get("lavfi.r128.true_peak", 0))
        if not (math.isfinite(loudness) and math.isfinite(peak)):
            raise ValueError("The samples are no numbers.")
        return loudness, peak


def _decibels(peak: float) -> float | None:
    return round(20 * math.log10(peak), 1) if peak > 0 else None
