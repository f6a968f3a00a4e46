"""A film's sound: heard from its first frame to its last, and no longer."""

import wave
from pathlib import Path

import av
import numpy as np
import pytest

from studio.pictures.animatic import render_mp4
from studio.pictures.probe import probe_mp4
from tests.pictures.films import film

SIZE = (64, 36)
RATE_HZ = 44_100


def tone(path: Path, seconds: float, *, silent_s: float = 0.0) -> Path:
    """A stereo WAV of 440 Hz, after some silence."""
    at = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    samples = (np.sin(at * 440 * 2 * np.pi) * 12_000 * (at >= silent_s)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.repeat(samples, 2).tobytes())
    return path


def as_aac(source: Path, out: Path) -> Path:
    with av.open(str(source)) as heard, av.open(str(out), "w", format="mp4") as written:
        stream = written.add_stream("aac", rate=RATE_HZ, layout="stereo")
        for frame in heard.decode(audio=0):
            written.mux(stream.encode(frame))
        written.mux(stream.encode(None))
    return out


def heard(path: Path) -> tuple[float, float, np.ndarray]:
    """When the sound begins and how long it is, in seconds, and its left channel."""
    with av.open(str(path)) as opened:
        stream = opened.streams.audio[0]
        assert stream.codec_context.name == "aac"
        times = (
            float(stream.start_time * stream.time_base),
            float(stream.duration * stream.time_base),
        )
        samples = [frame.to_ndarray()[0] for frame in opened.decode(stream)]
    return *times, np.concatenate(samples)


@pytest.mark.parametrize("kind", ["m4a", "wav"])
@pytest.mark.parametrize(("seconds", "hears"), [(1.0, 1.0), (2.0, 2.0), (7.3, 2.0)])
def test_sound_is_cut_to_the_film_and_may_be_shorter(tmp_path, kind, seconds, hears):
    sound = tone(tmp_path / "a.wav", seconds)
    if kind == "m4a":
        sound = as_aac(sound, tmp_path / "a.m4a")
    out = tmp_path / "a.mp4"
    render_mp4(film(1300, 700), out, size=SIZE, soundtrack=sound)
    begins_s, lasts_s, samples = heard(out)
    assert begins_s == 0
    assert lasts_s == pytest.approx(hears, abs=0.025)
    assert np.abs(samples[2000:30_000]).max() > 0.2, "silence"
    facts = probe_mp4(out)
    assert (facts.frames, facts.has_audio) == (48, True)
    assert facts.duration_ms == 2000
    with av.open(str(out)) as opened:
        assert opened.streams.video[0].start_time == 0
        assert opened.duration == 2_000_000


def test_sound_is_in_step_with_the_picture(tmp_path):
    """Half a second of silence is still half a second of silence."""
    sound = as_aac(tone(tmp_path / "a.wav", 2, silent_s=0.5), tmp_path / "a.m4a")
    out = tmp_path / "a.mp4"
    render_mp4(film(2000), out, size=SIZE, soundtrack=sound)
    _, _, samples = heard(out)
    began_s = np.flatnonzero(np.abs(samples) > 0.1)[0] / RATE_HZ
    assert began_s == pytest.approx(0.5, abs=0.03)


def test_without_a_soundtrack_there_is_no_silent_one(tmp_path):
    render_mp4(film(900), tmp_path / "a.mp4", size=SIZE)
    assert not probe_mp4(tmp_path / "a.mp4").has_audio


def test_the_index_is_in_front_with_sound_too(tmp_path):
    sound = as_aac(tone(tmp_path / "a.wav", 2), tmp_path / "a.m4a")
    render_mp4(film(900), tmp_path / "a.mp4", size=SIZE, soundtrack=sound)
    data = (tmp_path / "a.mp4").read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("sound", ["missing", "text", "pictures"])
def test_what_is_no_sound_is_refused_in_a_sentence(tmp_path, sound):
    path = tmp_path / "sound"
    if sound == "text":
        path.write_bytes(b"This is no sound." * 100)
    elif sound == "pictures":
        render_mp4(film(500), path, size=SIZE)
    out, seen = tmp_path / "a.mp4", []
    with pytest.raises(ValueError, match="soundtrack cannot be read. Choose another"):
        render_mp4(film(500), out, size=SIZE, soundtrack=path, on_progress=seen.append)
    assert not out.exists()
    assert not seen, "it was found out before anything was drawn"
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_new_sound_redraws_nothing(tmp_path):
    shelf, sound = tmp_path / "shelf", as_aac(tone(tmp_path / "a.wav", 1), tmp_path / "a.m4a")
    render_mp4(film(900, 600), tmp_path / "a.mp4", size=SIZE, segments=shelf)
    before = set(shelf.iterdir())
    render_mp4(film(900, 600), tmp_path / "b.mp4", size=SIZE, segments=shelf, soundtrack=sound)
    assert set(shelf.iterdir()) == before
