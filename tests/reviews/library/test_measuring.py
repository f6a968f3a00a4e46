"""Technical facts: measured when collected or asked for later, shown in words, once for all."""

import pytest
from django_q.models import OrmQ

from studio.pictures.errors import Unacceptable
from studio.renders.collecting import measuring as collecting
from studio.reviews import tasks
from studio.reviews.deciding.decisions import decide
from studio.reviews.deciding.history import Verdict
from studio.reviews.library.facts import facts_of
from studio.reviews.library.measuring import order_missing
from studio.vault import storing
from studio.vault.models import Asset


@pytest.fixture
def film(real_take, asset_of):
    return asset_of(real_take, "video")


def test_facts_say_what_is_still_to_come(film):
    assert "Not measured yet" in dict(facts_of(film))["Sound"]
    assert "Loudness" not in dict(facts_of(film))


def test_a_film_of_before_is_measured_by_the_queue_once(film):
    order_missing([film])
    order_missing([Asset.objects.get(pk=film.pk)])
    assert OrmQ.objects.count() == 1
    tasks.measure_film(film.pk)
    film.refresh_from_db()
    facts = dict(facts_of(film))
    assert facts["Sound"] == "AAC, stereo, 48 kHz"
    lufs = float(facts["Loudness"].split()[0].replace("\N{MINUS SIGN}", "-"))
    assert lufs == pytest.approx(-23, abs=1)
    assert facts["Codec"] == "H.264, High, yuv420p"
    assert facts["Frame rate"] == "12 a second, 12 frames"
    assert facts["Picture"] == "64 × 36 pixels"
    assert "measuring_since" not in film.facts
    order_missing([film])
    assert OrmQ.objects.count() == 1


def test_the_library_orders_what_is_missing(real_take, film, viewer, producer):
    decide(real_take, Verdict.APPROVED, producer.user)
    before = OrmQ.objects.filter().count()
    for _ in range(2):
        assert "Not measured yet" in viewer.get("/w/kitchen/releases/").content.decode()
    assert OrmQ.objects.count() == before + 1


def test_a_changed_film_is_not_described(film):
    storing.path_of(film).write_bytes(b"x" * film.size_bytes)
    tasks.measure_film(film.pk)
    film.refresh_from_db()
    assert "measured" not in film.facts


def test_a_film_that_cannot_be_measured_says_so_and_stays_collected(film, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    with pytest.raises(Unacceptable):
        collecting.measure_film(broken)
    film.facts |= collecting.measured(broken)
    assert dict(facts_of(film))["Sound"].endswith("could not be measured.")


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (None, "None"),
        ({"is_silent": True}, "Silent"),
        (
            {"integrated_lufs": -16.2, "true_peak_dbtp": -1.0},
            "−16.2 LUFS integrated, true peak −1.0 dBTP",
        ),
        ({"problem": "There is too little sound."}, "There is too little sound."),
    ],
)
def test_sound_in_words(film, sound, says):
    usual = {"codec": "aac", "channels": 2, "layout": "stereo", "sample_rate": 48_000}
    rest = {"integrated_lufs": None, "true_peak_dbtp": None, "is_silent": False, "problem": ""}
    film.facts["measured"] = {
        "profile": "High",
        "pixel_format": "yuv420p",
        "fps": [24_000, 1001],
        "colour": ["bt709", "bt709", "bt709", "tv"],
        "sound": sound and usual | rest | sound,
    }
    facts = dict(facts_of(film))
    assert facts["Loudness" if sound else "Sound"] == says
    assert facts["Frame rate"] == "23.976 a second (24000/1001), 12 frames"
    assert facts["Colour"] == "BT.709, limited range"
