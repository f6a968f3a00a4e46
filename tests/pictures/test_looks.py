"""Looks: each does to a picture what its name says; without a style a picture stays as it is."""

import numpy as np
import pytest
from PIL import Image

from studio.pictures import light as lights
from studio.pictures.looks import LOOKS, graded, look_named, vignette
from studio.pictures.plan import Camera, Light, ShotPlan
from studio.pictures.scenery.scene import scene_layers, still_for

SIZE = (160, 90)


@pytest.fixture(scope="module")
def still() -> Image.Image:
    """All hues in all lightnesses, and a grey scale."""
    hue, value = np.meshgrid(np.arange(160) * 255 // 159, np.arange(60) * 255 // 59)
    colours = np.stack([hue, np.full_like(hue, 150), value], axis=-1).astype(np.uint8)
    top = np.asarray(Image.fromarray(colours, "HSV").convert("RGB"))
    grey = np.repeat(np.repeat(np.linspace(0, 255, 160)[None, :, None], 30, 0), 3, 2)
    return Image.fromarray(np.concatenate([top, grey.astype(np.uint8)]))


def means(image: Image.Image) -> np.ndarray:
    return np.asarray(image, dtype=np.float32).reshape(-1, 3).mean(axis=0)


def warmth(image: Image.Image) -> float:
    """Red for each blue."""
    red, _, blue = means(image)
    return float(red / blue)


def spread(image: Image.Image) -> float:
    """How far the channels of a pixel stand apart on average."""
    pixels = np.asarray(image, dtype=np.float32)
    return float((pixels.max(axis=-1) - pixels.min(axis=-1)).mean())


def test_without_a_light_not_a_pixel_changes(still):
    assert graded(still, Light()).tobytes() == still.tobytes()
    assert graded(still, Light(intensity=1.0, style="something else")).tobytes() == still.tobytes()
    assert vignette(Light(style="something else"), SIZE) is None


@pytest.mark.parametrize("name", LOOKS)
def test_every_look_is_seen_and_leaves_a_picture(still, name):
    shown = np.asarray(graded(still, Light(style=name)), dtype=np.float32)
    assert np.abs(shown - np.asarray(still, dtype=np.float32)).mean() > 4
    assert shown.std() > 30
    assert 30 < shown.mean() < 215


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("channel", range(3))
def test_no_look_turns_brighter_into_darker(name, channel):
    curve = LOOKS[name].curve(channel)
    assert len(curve) == 256
    assert all(one <= other for one, other in zip(curve, curve[1:], strict=False))


@pytest.mark.parametrize("name", ["golden-hour", "candlelight", "tungsten", "sunrise", "sepia"])
def test_warm_styles_warm(still, name):
    assert warmth(graded(still, Light(style=name))) > 1.08 * warmth(still)


@pytest.mark.parametrize("name", ["moonlight", "blue-hour"])
def test_cold_styles_cool(still, name):
    assert warmth(graded(still, Light(style=name))) < 0.92 * warmth(still)


def test_the_temperature_warms_and_cools_under_a_style_too(still):
    for style in (None, "overcast"):
        ratios = [warmth(graded(still, Light(k, None, style))) for k in (2000, 3200, 5600, 9000)]
        assert ratios == sorted(ratios, reverse=True)
        assert ratios[0] > 1.5 * ratios[-1]


def test_noir_has_no_colour_at_all(still):
    assert spread(graded(still, Light(style="noir"))) == 0
    assert spread(still) > 40


def test_intensity_brightens_step_by_step(still):
    for style in (None, "noir", "golden-hour"):
        levels = [0.2, 0.5, 0.8, 1.0, 1.3, 1.7]
        shown = [means(graded(still, Light(None, level, style))).mean() for level in levels]
        assert shown[1:] == sorted(shown[1:])
        assert shown[0] < shown[-1]


def test_high_key_lifts_and_low_key_deepens(still):
    high, low = (
        means(graded(still, Light(style=style))).mean() for style in ("high-key", "low-key")
    )
    assert high > means(still).mean() + 15 > means(still).mean() - 15 > low


def test_corners_lose_light_where_the_look_says_so():
    shade = np.asarray(vignette(Light(style="noir"), SIZE))
    assert shade[45, 80, 0] == 255
    assert shade[0, 0, 0] < 170


@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("rainy-night", "rainy-night"),
        ("Rainy night, wet asphalt", "rainy-night"),
        ("golden_hour", "golden-hour"),
        ("GOLDEN HOUR", "golden-hour"),
        ("soft window light", "soft light"),
        ("a film noir of the forties", "noir"),
        ("winter-night", "moonlight"),
        ("day for night", "moonlight"),
        ("firelight", "candlelight"),
        ("warm-interior", "golden-hour"),
        ("brainy knights", None),
        ("instrument-glow", None),
        ("", None),
        (None, None),
    ],
)
def test_a_style_is_known_by_its_words(style, name):
    assert look_named(style) == name


def test_every_look_is_known_by_its_own_name():
    assert {look_named(name) for name in LOOKS} == set(LOOKS)


def test_opacity_is_kept_and_never_exceeded():
    layer = scene_layers("Snow falls on a city street", Light(), SIZE)[-1].image
    shown = graded(layer, Light(9500, 1.7, "neon"))
    assert shown.getchannel("a").tobytes() == layer.getchannel("a").tobytes()
    pixels = np.asarray(shown)
    assert (pixels[..., :3].max(axis=-1) <= pixels[..., 3]).all()


def test_an_own_still_is_seen_in_the_look_of_its_style(tmp_path, still):
    from studio.pictures.camera.footage import Footage

    path = tmp_path / "still.png"
    still.resize((640, 360)).save(path)

    def filmed(style):
        shot = ShotPlan("a", 1, "", 2000, Camera("static"), Light(style=style), path)
        return Footage(shot, SIZE).frame(0.5)

    assert spread(filmed("noir")) == 0
    assert spread(filmed(None)) > 20
    middle = [means(filmed(style).crop((0, 0, 12, 8))).mean() for style in (None, "candlelight")]
    assert middle[1] < middle[0]


def test_a_style_that_a_scene_is_drawn_in_is_not_laid_over_it_again():
    drawn = still_for("A street", Light(style="golden-hour"), SIZE)
    assert drawn.tobytes() != still_for("A street", Light(), SIZE).tobytes()
    plain = Light(style="golden-hour")
    by_balance = [layer.image.tobytes() for layer in scene_layers("A street", plain, SIZE)]
    again = [lights.graded(layer.image, Light()) for layer in scene_layers("A street", plain, SIZE)]
    assert by_balance == [image.tobytes() for image in again]


def test_a_style_that_no_scene_is_drawn_in_is_laid_over_it():
    plain = still_for("A street at noon", Light(), SIZE)
    assert spread(plain) > 20
    sepia = still_for("A street at noon", Light(style="sepia"), SIZE)
    assert warmth(sepia) > 1.3 * warmth(plain)


def test_a_noir_scene_has_no_colour_whatever_its_prompt_names():
    drawn = still_for("A woman in a red coat under yellow lamps", Light(style="noir"), SIZE)
    assert spread(drawn) < 6 < spread(still_for("A woman in a red coat", Light(), SIZE))


def test_a_warm_style_does_not_warm_a_warm_temperature_twice(still):
    by_both = warmth(graded(still, Light(1900, None, "firelight")))
    by_temperature = warmth(graded(still, Light(1900)))
    by_style = warmth(graded(still, Light(style="firelight")))
    assert by_temperature < by_both < 0.8 * by_temperature * by_style
