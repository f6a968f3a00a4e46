"""Sounds from outside: taken in as ours, or refused in a sentence; never anything else opened."""

import socket
from contextlib import suppress
from io import BytesIO

import av
import numpy as np
import pytest

from studio.pictures.distrust.limits import AUDIO_LIMITS, Limits
from studio.pictures.probe import AudioFacts, Unacceptable, redraw_audio
from tests.pictures.odd_sounds import REFUSED, TAKEN, encoded, pointing, wav


@pytest.fixture
def redrawn(tmp_path):
    """Facts and bytes of what becomes of a file."""

    def draw(data: bytes, name: str = "sent.wav", limits: Limits = AUDIO_LIMITS):
        (tmp_path / name).write_bytes(data)
        out = tmp_path / "out.m4a"
        return redraw_audio(tmp_path / name, out, limits), out.read_bytes()

    return draw


def heard(data: bytes) -> np.ndarray:
    with av.open(BytesIO(data)) as file:
        return np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)


def hertz(samples: np.ndarray) -> float:
    """The loudest tone of the first channel at 48 kHz."""
    middle = samples[0, 4_800:28_800]
    return float(np.argmax(np.abs(np.fft.rfft(middle)))) * 48_000 / len(middle)


@pytest.mark.parametrize("name", TAKEN)
def test_a_sound_is_taken_in(redrawn, name):
    facts, data = redrawn(TAKEN[name](), "sent.bin")
    assert facts.sample_rate == 48_000
    assert facts.channels in (1, 2)
    with av.open(BytesIO(data)) as file:
        [stream] = file.streams
        assert (stream.type, stream.codec_context.name) == ("audio", "aac")
        assert abs(file.duration / 1000 - facts.duration_ms) < 50


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_sound_ends_in_a_sentence(redrawn, tmp_path, name):
    build, speaks_of = REFUSED[name]
    with pytest.raises(Unacceptable, match=speaks_of) as refused:
        redrawn(build())
    says = str(refused.value)
    assert says[0].isupper()
    assert says.endswith(".")
    assert not any(word in says for word in ("Error", "Traceback", "/", "errno"))
    assert [path.name for path in tmp_path.iterdir()] == ["sent.wav"], "something was left behind"


@pytest.mark.parametrize(("codec", "form"), [("pcm_s16le", "wav"), ("mp3", "mp3"), ("aac", "ipod")])
def test_the_same_tone_is_heard(redrawn, codec, form):
    facts, data = redrawn(encoded(codec, form))
    assert facts.channels == 2
    samples = heard(data)
    assert hertz(samples) == pytest.approx(440, abs=3)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.08)


def test_what_no_film_can_use_is_cut_off(redrawn):
    facts, data = redrawn(wav(75, rate=16_000))
    assert facts == AudioFacts(60_000, 1, 48_000)
    assert heard(data).shape[1] / 48_000 == pytest.approx(60, abs=0.1)
    assert len(data) < 1_100_000


def test_nothing_of_the_sender_stays(redrawn):
    buffer = BytesIO()
    with av.open(buffer, "w", format="mp3") as file:
        file.metadata.update({"title": "Secret demo", "artist": "Ann Onymous", "comment": "Leaked"})
        stream = file.add_stream("mp3", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 48_000), np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate, frame.pts = 48_000, 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    assert b"Secret demo" in buffer.getvalue()
    _, data = redrawn(buffer.getvalue())
    assert not any(word in data for word in (b"Secret", b"Onymous", b"Leaked", b"Lav"))


def test_one_sound_is_always_one_file(redrawn):
    data = wav(3)
    assert redrawn(data)[1] == redrawn(data)[1]


def test_the_limits_hold(redrawn):
    with pytest.raises(Unacceptable, match="larger than the 0 MB"):
        redrawn(wav(2), limits=Limits(max_bytes=1_000))
    with pytest.raises(Unacceptable, match="plays for 2 minutes and we take up to 1"):
        redrawn(wav(95, rate=8_000), limits=Limits(max_duration_ms=60_000))


@pytest.mark.parametrize("kind", ["hls", "concat", "pls", "mp4"])
def test_a_file_that_points_elsewhere_opens_nothing(tmp_path, kind):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/a.ts".encode()
        data = {
            "hls": b"#EXTM3U\n#EXTINF:9,\n" + address,
            "concat": b"ffconcat version 1.0\nfile " + address,
            "pls": b"[playlist]\nFile1=" + address,
            "mp4": pointing(encoded("aac", "ipod"), address),
        }[kind]
        (tmp_path / "sent.m4a").write_bytes(data)
        with suppress(Unacceptable):
            redraw_audio(tmp_path / "sent.m4a", tmp_path / "out.m4a")
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_wav_out_of_a_pipe_has_no_size(redrawn):
    data = wav(2)
    piped = data[:4] + b"\xff" * 4 + data[8:40] + b"\xff" * 4 + data[44:]
    assert redrawn(piped)[0].duration_ms == 2_000
