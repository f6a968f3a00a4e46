"""Small films with a sound of which it is known how loud it is."""

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO

import av
import numpy as np
import numpy.typing as npt

RATE = 48_000
Samples = npt.NDArray[np.float32]


def tone(level_dbfs: float, seconds: float = 3.0, hertz: float = 1000.0) -> Samples:
    """A sine whose peaks reach `level_dbfs`. Both channels of it at 1 kHz are as many LUFS."""
    times = np.arange(int(seconds * RATE)) / RATE
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def silence(seconds: float = 2.0) -> Samples:
    return np.zeros(int(seconds * RATE), np.float32)


def sounding(
    samples: Samples | None,
    *,
    layout: str = "stereo",
    codec: str = "aac",
    rate: int | Fraction = 12,
    seconds: float = 1.0,
) -> bytes:
    """An MP4, black, with `samples` in each channel, or without sound where there are none."""
    buffer = BytesIO()
    with av.open(buffer, "w", format="mp4") as file:
        film = file.add_stream("libx264", rate=rate)
        film.width, film.height, film.pix_fmt = 64, 36, "yuv420p"
        sound = file.add_stream(codec, rate=RATE, layout=layout) if samples is not None else None
        for _ in range(round(seconds * float(film.codec_context.framerate))):
            black = np.zeros((36, 64, 3), np.uint8)
            file.mux(film.encode(av.VideoFrame.from_ndarray(black, format="rgb24")))
        file.mux(film.encode(None))
        if sound is not None and samples is not None:
            sound.codec_context.bit_rate = 192_000
            planes = np.ascontiguousarray(
                np.repeat(samples[None], sound.codec_context.channels, axis=0)
            )
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = RATE, 0
            file.mux(sound.encode(frame))
            file.mux(sound.encode(None))
    return buffer.getvalue()


def noise_for_sound(film: bytes) -> bytes:
    """The film with the second half of its data, where the sound is, drowned in noise."""
    data, start = bytearray(film), film.index(b"mdat") + 4
    end = start - 8 + int.from_bytes(film[start - 8 : start - 4], "big")
    middle = (start + end) // 2
    noise = np.random.default_rng(1).integers(0, 256, end - middle, np.uint8)
    data[middle:end] = noise.tobytes()
    return bytes(data)


def of_no_format(film: bytes) -> bytes:
    """The film whose sound names a format that nobody knows, in both places that tell it."""
    data = bytearray(film.replace(b"mp4a", b"zzzz", 1))
    object_type = data.index(b"\x04\x80\x80\x80", data.index(b"esds")) + 5
    data[object_type] = 0xFF
    return bytes(data)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "noise for sound": lambda: noise_for_sound(sounding(tone(-20))),
    "a format nobody knows": lambda: of_no_format(sounding(tone(-20))),
}
