"""What a picture or a sound from outside may ask of us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes and pixels, times in milliseconds and seconds. `max_total_pixels` is width ×
    height × frames of a GIF; `memory_bytes` and `cpu_s` bind the child process that looks."""

    max_bytes: int = 512 * 1024 * 1024
    max_width: int = 4096
    max_height: int = 4096
    max_frames: int = 3_600
    max_total_pixels: int = 1_500_000_000
    max_duration_ms: int = 120_000
    memory_bytes: int = 1024 * 1024 * 1024
    cpu_s: int = 30

    @property
    def wall_s(self) -> float:
        """How long we wait for the child at most: disks and busy machines are slow."""
        return self.cpu_s * 2 + 5.0


@dataclass(frozen=True)
class GifFacts:
    """`loop` is the count the file asks for, 0 for ever, None when it plays once."""

    width: int
    height: int
    frames: int
    duration_ms: int
    loop: int | None


MARKING_LIMITS = Limits(cpu_s=120)
"""Of burning a mark into a GIF that was looked at before: every frame is drawn anew."""


@dataclass(frozen=True)
class FilmstripFacts:
    """Of a row of frames, in pixels; `times_ms` are the moments of the film that they show."""

    width: int
    height: int
    frames: int
    frame_width: int
    times_ms: list[int]


STILL_LIMITS = Limits(
    max_bytes=20_000_000,
    max_width=12_000,
    max_height=12_000,
    max_total_pixels=50_000_000,
    cpu_s=20,
)
"""Of a still picture that a person adds: what cameras and drawing programs make."""


@dataclass(frozen=True)
class StillFacts:
    """Of a still as we drew it anew, in pixels."""

    width: int
    height: int
    media_type: str


@dataclass(frozen=True)
class VideoFacts:
    """Of the video stream; `codec` is FFmpeg's name for it."""

    width: int
    height: int
    duration_ms: int
    fps: float
    codec: str
    frames: int
    has_audio: bool


@dataclass(frozen=True)
class SoundFacts:
    """Of a film's first sound track. Loudness is integrated (EBU R 128) in LUFS, the peak is true
    (oversampled) in dBTP; both None where it `is_silent`, which is without a peak above -60 dB, or
    where `problem` says why they were not measured."""

    codec: str
    channels: int
    layout: str
    sample_rate: int
    integrated_lufs: float | None = None
    true_peak_dbtp: float | None = None
    is_silent: bool = False
    problem: str = ""


@dataclass(frozen=True)
class FilmFacts:
    """What a delivery sheet says of a film beyond `VideoFacts`. `fps` is a fraction: [30000, 1001];
    `bit_rate` of the picture in bits a second, 0 where the file does not tell; `colour` are
    FFmpeg's names of primaries, transfer, matrix and range, empty where not tagged."""

    profile: str
    pixel_format: str
    fps: list[int]
    bit_rate: int
    colour: list[str]
    sound: SoundFacts | None


AUDIO_LIMITS = Limits(max_bytes=30_000_000, max_duration_ms=600_000, cpu_s=20)
"""Of a sound that a person adds: a song, or a track spoken at a desk."""


@dataclass(frozen=True)
class AudioFacts:
    """Of a sound as we wrote it anew."""

    duration_ms: int
    channels: int
    sample_rate: int
