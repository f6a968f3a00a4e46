"""How loud a film is said to be, against sounds of known loudness, and sounds that are none."""

from fractions import Fraction

import numpy as np
import pytest

from studio.pictures.distrust.limits import Limits, SoundFacts
from studio.pictures.distrust.measuring import film_facts
from studio.pictures.probe import Unacceptable, measure_film
from tests.pictures.hostile import MP4S
from tests.pictures.sounding_films import HOSTILE, silence, sounding, tone


@pytest.fixture
def kept(tmp_path):
    def keep(data: bytes):
        path = tmp_path / "film.mp4"
        path.write_bytes(data)
        return path

    return keep


@pytest.fixture
def measured(kept):
    """What the child does, done here: a process for each tone would only take longer."""
    return lambda data, **limits: film_facts(kept(data), Limits(**limits))


@pytest.mark.parametrize("level", [-30.0, -23.0, -14.0, -3.0])
def test_a_stereo_tone_is_as_loud_as_it_was_made(measured, level):
    sound = measured(sounding(tone(level))).sound
    assert sound.integrated_lufs == pytest.approx(level, abs=1)
    assert sound.true_peak_dbtp == pytest.approx(level, abs=1)
    assert (sound.codec, sound.channels, sound.sample_rate) == ("aac", 2, 48_000)
    assert (sound.is_silent, sound.problem) == (False, "")


def test_one_channel_alone_is_three_units_softer(measured):
    sound = measured(sounding(tone(-20), layout="mono")).sound
    assert sound.integrated_lufs == pytest.approx(-23, abs=1)
    assert (sound.channels, sound.layout) == (1, "mono")


def test_a_long_pause_does_not_make_it_softer(measured):
    """The gates of R 128: what is 10 units below the rest does not count."""
    samples = np.concatenate([tone(-20, 4), silence(8)])
    assert measured(sounding(samples)).sound.integrated_lufs == pytest.approx(-20, abs=1)


def test_silence_is_called_silence(measured):
    sound = measured(sounding(silence())).sound
    assert sound.is_silent
    assert (sound.integrated_lufs, sound.true_peak_dbtp, sound.problem) == (None, None, "")


def test_a_whisper_that_nobody_hears_is_silence(measured):
    assert measured(sounding(tone(-80), codec="alac")).sound.is_silent


def test_too_little_sound_is_said_and_no_figure_made_up(measured):
    sound = measured(sounding(tone(-20, 0.15))).sound
    assert sound.integrated_lufs is None
    assert "too little sound" in sound.problem


def test_a_film_without_sound(measured):
    assert measured(sounding(None)).sound is None


def test_six_channels_are_heard(measured):
    sound = measured(sounding(tone(-30), layout="5.1")).sound
    assert (sound.channels, sound.layout) == (6, "5.1")
    assert -30 < sound.integrated_lufs < -20


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sound_is_called_unreadable(kept, name):
    """Its picture is sound, so the film is not given up for it."""
    facts = measure_film(kept(HOSTILE[name]()))
    assert facts.pixel_format == "yuv420p"
    assert facts.sound.integrated_lufs is None
    assert "could not be read" in facts.sound.problem


def test_sound_without_end_is_not_heard_to_the_end(measured):
    sound = measured(sounding(tone(-20, 4.0)), max_duration_ms=2_000).sound
    assert sound.integrated_lufs is None
    assert "longer than any film" in sound.problem


def test_the_work_is_bounded(kept):
    film = kept(sounding(tone(-20)))
    with pytest.raises(Unacceptable, match=r"too much work|more memory|damaged"):
        measure_film(film, Limits(memory_bytes=40 * 1024 * 1024))


@pytest.mark.parametrize(
    "name", ["playlist that reads files", "noise for index", "sound only", "matroska"]
)
def test_hostile_films_are_refused_by_measuring_too(kept, tmp_path, name):
    film = kept(MP4S[name][0](tmp_path))
    with pytest.raises(Unacceptable, match=r"\.$"):
        measure_film(film)


def test_the_facts_of_the_picture(measured):
    facts = measured(sounding(None, rate=Fraction(30_000, 1001)))
    assert facts.fps == [30_000, 1001]
    assert (facts.profile, facts.pixel_format) == ("High", "yuv420p")
    assert facts.bit_rate > 0
    assert facts.colour == ["", "", "", ""]


def test_the_child_tells_what_is_measured_here(kept, measured):
    film = sounding(tone(-20))
    told = measure_film(kept(film))
    assert isinstance(told.sound, SoundFacts)
    assert told == measured(film)
