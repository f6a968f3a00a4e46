"""Sounds to be taken in, and files that only pretend to be, each with what is said of it."""

import struct
import wave
import zipfile
from collections.abc import Callable
from io import BytesIO

import av
import numpy as np


def wav(seconds: float = 1.0, rate: int = 48_000, channels: int = 1, hertz: float = 440) -> bytes:
    """A tone as 16-bit WAV."""
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        times = np.arange(int(seconds * rate)) / rate
        tone = (np.sin(2 * np.pi * hertz * times) * 16_000).astype("<i2")
        file.writeframes(np.repeat(tone, channels).tobytes())
    return buffer.getvalue()


def float_wav(samples: np.ndarray, rate: int = 48_000) -> bytes:
    data = samples.astype("<f4").tobytes()
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, rate, rate * 4, 4, 32)
    body = b"WAVE" + head + struct.pack("<4sI", b"data", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def encoded(codec: str, form: str, *, seconds: float = 2.0, layout: str = "stereo") -> bytes:
    """A tone as that codec, in that container."""
    buffer = BytesIO()
    with av.open(buffer, "w", format=form) as file:
        stream = file.add_stream(codec, rate=48_000, layout=layout)
        count = stream.codec_context.channels
        for second in np.array_split(np.arange(int(seconds * 48_000)), max(1, int(seconds))):
            tone = (np.sin(second * 440 / 48_000 * 2 * np.pi) / 2).astype(np.float32)
            planes = np.ascontiguousarray(np.repeat(tone[None], count, axis=0))
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = 48_000, int(second[0])
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return buffer.getvalue()


def video(*, with_sound: bool) -> bytes:
    """A second of MP4, black, with a tone or without."""
    buffer = BytesIO()
    with av.open(buffer, "w", format="mp4") as file:
        film = file.add_stream("libx264", rate=10)
        film.width, film.height, film.pix_fmt = 64, 36, "yuv420p"
        sound = file.add_stream("aac", rate=48_000, layout="mono") if with_sound else None
        for _ in range(10):
            black = np.zeros((36, 64, 3), np.uint8)
            file.mux(film.encode(av.VideoFrame.from_ndarray(black, format="rgb24")))
        file.mux(film.encode(None))
        if sound:
            tone = np.sin(np.arange(48_000) / 20)[None].astype(np.float32)
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, 0
            file.mux(sound.encode(frame))
            file.mux(sound.encode(None))
    return buffer.getvalue()


def silent_hours(hours: int) -> bytes:
    """Opus that says it plays for hours, in a few kilobytes: the last page's clock is set ahead."""
    data = bytearray(encoded("libopus", "ogg", seconds=1))
    last = data.rindex(b"OggS")
    struct.pack_into("<q", data, last + 6, hours * 3600 * 48_000)
    struct.pack_into("<I", data, last + 22, 0)
    struct.pack_into("<I", data, last + 22, _ogg_checksum(bytes(data[last:])))
    return bytes(data)


def _ogg_checksum(page: bytes) -> int:
    remainder = 0
    for byte in page:
        remainder ^= byte << 24
        for _ in range(8):
            remainder = (remainder << 1) ^ (0x04C11DB7 if remainder & 0x80000000 else 0)
            remainder &= 0xFFFFFFFF
    return remainder


def retold(data: bytes, at: int, layout: str, value: int) -> bytes:
    """The file with one number of its head written over."""
    changed = bytearray(data)
    struct.pack_into(layout, changed, at, value)
    return bytes(changed)


def pointing(data: bytes, address: bytes) -> bytes:
    """An M4A whose samples lie, it says, at an address: QuickTime's external data reference."""
    here = b"\x00\x00\x00\x0curl \x00\x00\x00\x01"
    there = struct.pack(">I4sI", 12 + len(address) + 1, b"url ", 0) + address + b"\x00"
    changed, at = bytearray(data), data.rindex(b"moov")
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = data.index(box, at)
        (size,) = struct.unpack_from(">I", data, at - 4)
        struct.pack_into(">I", changed, at - 4, size + len(there) - len(here))
    assert changed.count(here) == 1
    return bytes(changed).replace(here, there)


def zipped() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.wav", wav())
    return buffer.getvalue()


def _numbers(value: float) -> bytes:
    samples = np.sin(np.arange(48_000) / 20)
    samples[24_000] = value
    return float_wav(samples)


TAKEN: dict[str, Callable[[], bytes]] = {
    "wav": wav,
    "wav of 5.1": lambda: encoded("pcm_s16le", "wav", layout="5.1"),
    "wav at 8 kHz": lambda: wav(rate=8_000),
    "wav at 192 kHz": lambda: wav(rate=192_000),
    "floats beyond one": lambda: float_wav(np.full(48_000, 7.0)),
    "aiff": lambda: encoded("pcm_s16be", "aiff"),
    "mp3": lambda: encoded("mp3", "mp3"),
    "mp3 with a large tag": lambda: (
        b"ID3\x04\x00\x00" + bytes((0, 2, 0, 0)) + bytes(32_768) + encoded("mp3", "mp3")
    ),
    "m4a": lambda: encoded("aac", "ipod"),
    "aac": lambda: encoded("aac", "adts"),
    "opus": lambda: encoded("libopus", "ogg"),
    "flac": lambda: encoded("flac", "flac"),
    "webm": lambda: encoded("libopus", "webm"),
    "a video's": lambda: video(with_sound=True),
}

# The channels stand at byte 22 of such a WAV, the rate at 24.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "text named .wav": (lambda: b"This is my song.\n" * 50, "no sound that we know"),
    "zip": (zipped, "Unpack it"),
    "a page": (lambda: b"<!doctype html><p>404", "no sound that we know"),
    "pdf": (lambda: b"%PDF-1.7\n", "document"),
    "midi": (lambda: b"MThd\x00\x00\x00\x06", "notes"),
    "hls": (lambda: b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n", "list of files"),
    "concat": (lambda: b"ffconcat version 1.0\nfile '/etc/passwd'\n", "list of files"),
    "pls": (lambda: b"[playlist]\nFile1=http://127.0.0.1/a.mp3\n", "list of files"),
    "hls behind a mark": (lambda: b"\xef\xbb\xbf\n#EXTM3U\n", "list of files"),
    "hls behind a tag": (
        lambda: b"ID3\x04\x00\x00\x00\x00\x00\x00#EXTM3U\nfile:///etc/passwd\n",
        "damaged|no length",
    ),
    "gif": (lambda: b"GIF89a" + bytes(40), "no sound that we know"),
    "a silent video": (lambda: video(with_sound=False), "holds no sound"),
    "wav, cut short": (lambda: wav(4)[:90_000], "cut short"),
    "mp3, cut short": (lambda: encoded("mp3", "mp3", seconds=8)[:20_000], "cut short"),
    "m4a, cut short": (lambda: encoded("aac", "ipod", seconds=8)[:20_000], "cut short"),
    "flac, cut short": (lambda: encoded("flac", "flac", seconds=8)[:60_000], "cut short"),
    "wav without samples": (lambda: wav(0), "no length|damaged"),
    "a head alone": (lambda: wav()[:20], "damaged|no length"),
    "the marks alone": (lambda: b"RIFF\xff\xff\xff\xffWAVE", "damaged|no length"),
    "a mark of ogg alone": (lambda: b"OggS" + bytes(60), "damaged"),
    "255 channels": (lambda: wav(channels=255), "255 channels"),
    "65,535 channels": (lambda: retold(wav(), 22, "<H", 65_535), "channels|damaged"),
    "no channels": (lambda: retold(wav(), 22, "<H", 0), "channels|damaged"),
    "1 Hz": (lambda: retold(wav(), 24, "<I", 1), "samples a second|minutes"),
    "384 kHz": (lambda: wav(rate=384_000), "384,000 samples a second"),
    "4 GHz": (lambda: retold(wav(), 24, "<I", 0xFFFFFFFF), "samples a second|damaged"),
    "an unknown codec": (lambda: retold(wav(), 20, "<H", 0x7777), "format|damaged"),
    "NaN": (lambda: _numbers(np.nan), "no numbers"),
    "infinity": (lambda: _numbers(-np.inf), "no numbers"),
    "10 hours in a few kB": (lambda: silent_hours(10), "600 minutes and we take up to 10"),
    "11 minutes": (lambda: wav(660, rate=8_000), "11 minutes"),
    "noise behind a sync": (
        lambda: b"\xff\xfb\x90\x00" + np.random.default_rng(1).bytes(50_000),
        "damaged|no length",
    ),
}
