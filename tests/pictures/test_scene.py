"""Pictures for shots that have none: full of picture, deterministic, whatever the prompt."""

from itertools import pairwise

import numpy as np
import pytest

from studio.pictures.light import gains, graded
from studio.pictures.plan import Light
from studio.pictures.scenery.reading import read
from studio.pictures.scenery.scene import scene_layers, still_for

SIZE = (160, 90)
PROMPTS = [
    "Wide aerial of neon Tokyo",
    "Close-up of umbrellas catching raindrops",
    "A sailboat crosses the bay at sunset, gulls",
    "Foggy pine forest",
    "Interior of a small office at night",
    "Desert dunes at noon, a car drives by",
    "Product close-up: a perfume bottle",
    "Snow falls on the street, a woman with an umbrella",
    "Close-up of a coffee cup",
    "Portrait of the detective, close-up",
    "Macro of a red rose",
    "Close-up of a phone screen",
    "Close-up of something nobody has a shape for",
    "A boat in the harbour, close-up",
    "Mountains",
    "",
    "   ",
    "東京の夜、雨の中の傘",
    "مدينة في الليل تحت المطر",
    "🏙️🌧️☂️",
    "\x00\x07 control \ud800 lone surrogate",
    "x" * 100_000,
]


@pytest.mark.parametrize("prompt", PROMPTS, ids=range(len(PROMPTS)))
def test_every_prompt_gets_a_picture_that_is_no_grey_box(prompt: str):
    picture = np.asarray(still_for(prompt, Light(), SIZE), dtype=np.float32)
    assert picture.shape == (90, 160, 3)
    assert picture.std() > 12, "flat"
    rows = picture.reshape(-1, 3)
    assert len(np.unique((rows // 16).astype(int), axis=0)) > 12, "too few colours"


@pytest.mark.parametrize("prompt", PROMPTS[:4])
def test_the_same_words_always_give_the_same_pixels(prompt: str):
    one, other = (still_for(prompt, Light(4200, 0.8, "dusk"), SIZE) for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_other_words_give_another_picture():
    one, other = (
        np.asarray(still_for(f"City street {name}", Light(), SIZE), dtype=np.float32)
        for name in "ab"
    )
    assert np.abs(one - other).mean() > 3


@pytest.mark.parametrize("who", ["man", "men", "woman", "women", "child", "children", "girls"])
def test_one_or_many_are_people(who: str):
    assert "person" in read(f"Two {who} wait by the sea", Light()).subjects


def test_the_composition_does_not_depend_on_the_size():
    small = still_for("Wide aerial of neon Tokyo", Light(), SIZE)
    large = still_for("Wide aerial of neon Tokyo", Light(), (480, 270)).resize(SIZE)
    apart = np.asarray(small, dtype=np.float32) - np.asarray(large, dtype=np.float32)
    assert np.abs(apart).mean() < 14


@pytest.mark.parametrize("prompt", PROMPTS[:12], ids=range(12))
def test_there_is_depth_for_a_camera_to_show(prompt: str):
    layers = scene_layers(prompt, Light(), SIZE)
    depths = [layer.depth for layer in layers]
    assert len(set(depths)) >= 2
    assert all(one <= other for one, other in pairwise(depths))
    assert layers[0].image.mode == "RGB"
    assert layers[0].box[0] < 0 < 1 < layers[0].box[2]


@pytest.mark.parametrize(
    ("prompt", "style", "expected"),
    [
        ("Wide aerial of neon Tokyo", None, ("city", "neon", None, False)),
        ("Close-up of umbrellas catching raindrops", "rainy-night", (None, "neon", "rain", True)),
        (
            "Aerial of Tokyo, then close-up umbrellas in the rain",
            None,
            ("city", None, "rain", False),
        ),
        ("Misty forest at dawn", None, ("forest", "dawn", "mist", False)),
        ("The sea", "golden-hour", ("sea", "dusk", None, False)),
        ("A quiet kitchen at midnight", None, ("interior", "night", None, False)),
        ("東京の夜", None, ("city", "night", None, False)),
        ("A barn in the snow", None, (None, "overcast", "snow", False)),
    ],
)
def test_the_words_decide_what_is_drawn(prompt, style, expected):
    reading = read(prompt, Light(style=style))
    setting, time, weather, is_close = expected
    assert setting is None or reading.setting == setting
    assert time is None or reading.time == time
    assert (reading.weather, reading.is_close) == (weather, is_close)


def test_a_word_inside_another_word_is_not_read():
    assert read("The carpet said: brain", Light()).weather is None
    assert "car" not in read("The carpet", Light()).subjects


def test_low_temperatures_warm_and_high_ones_cool():
    warm, cool = gains(Light(2700)), gains(Light(9000))
    assert warm[0] > warm[2]
    assert cool[2] > cool[0]
    assert gains(Light()) == (1.0, 1.0, 1.0)


def test_intensity_brightens_within_reason():
    dim, plain, bright = (
        np.asarray(still_for("Hills", Light(intensity=i), SIZE)).mean() for i in (0.4, 1.0, 1.6)
    )
    assert dim < plain < bright
    assert gains(Light(intensity=1e9)) == gains(Light(intensity=1.7))
    assert gains(Light(temperature_k=1)) == gains(Light(temperature_k=1500))


def test_grading_never_lifts_a_colour_over_its_opacity():
    layer = scene_layers("Snow falls on a city street", Light(9500, 1.7), SIZE)[-1]
    pixels = np.asarray(graded(layer.image, Light(9500, 1.7)))
    assert (pixels[..., :3].max(axis=-1) <= pixels[..., 3]).all()
