"""The card of a shot without a picture: composed, legible, in the colours of its light."""

import numpy as np
import pytest
from PIL import ImageChops

from studio.pictures import placeholder
from studio.pictures.lettering.lines import wrap
from studio.pictures.placeholder import card
from studio.pictures.plan import Light

SIZES = [(240, 135), (480, 270), (1280, 720)]
LONG = (
    "Desert dunes at noon under a white sky, a car drives by and leaves nothing but dust behind it"
)
LIGHTS = [
    Light(),
    Light(5600, 1.7, "high-key"),
    Light(9000, 1.7, "daylight"),
    Light(2000, 1.0, "candlelight"),
    Light(None, 0.2, "noir"),
]


def luminance(pixels: np.ndarray) -> np.ndarray:
    """WCAG's relative luminance of sRGB pixels."""
    share = pixels.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


@pytest.fixture
def wordless(monkeypatch):
    """Draws a card all but its letters: the very ground that they would stand on."""

    def drawn(*args):
        with monkeypatch.context() as patch:
            for draw in ("_say", "_invite"):
                patch.setattr(placeholder, draw, lambda *_: None)
            return card(*args)

    return drawn


@pytest.mark.parametrize(
    ("light", "size"), [*((light, SIZES[0]) for light in LIGHTS), (LIGHTS[1], SIZES[2])]
)
@pytest.mark.parametrize("prompt", [LONG, ""], ids=["words", "invitation"])
def test_letters_stand_out_from_what_is_beneath_them(prompt, light, size, wordless):
    said, beneath = np.asarray(card(prompt, light, size)), np.asarray(wordless(prompt, light, size))
    changed = np.abs(said.astype(int) - beneath).max(axis=-1)
    letters = changed > 0.9 * changed.max()
    assert letters.sum() > 60 * (size[0] / 240)
    ink, ground = luminance(said[letters]), luminance(beneath[letters])
    assert ((ink + 0.05) / (ground + 0.05)).min() >= 4.5


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_letters_are_large_enough_on_a_card_of_240_px(size, wordless):
    said, beneath = card("H", Light(), size), wordless("H", Light(), size)
    box = ImageChops.difference(said, beneath).getbbox()
    assert box is not None
    assert (box[3] - box[1]) * 240 / size[0] >= 7


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "  \n ",
        LONG,
        "東京の夜、雨の中の傘。",
        "مدينة في الليل",
        "x" * 4000,
        "a\ud800\x00b",
        "🏙️",
    ],
    ids=range(8),
)
@pytest.mark.parametrize("size", [(160, 90), (480, 270)], ids=str)
def test_no_card_is_an_empty_grey_box(prompt, size):
    shown = np.asarray(card(prompt, Light(), size), dtype=np.float32)
    assert shown.shape == (size[1], size[0], 3)
    assert shown.std() > 10
    assert (shown.max(axis=-1) - shown.min(axis=-1)).mean() > 8


def test_the_light_colours_the_card_of_no_prompt_too():
    warm, cold = (
        np.asarray(card("", Light(kelvin), (160, 90)), dtype=np.float32).reshape(-1, 3).mean(axis=0)
        for kelvin in (2200, 11_000)
    )
    assert warm[0] / warm[2] > 1.5 * cold[0] / cold[2]


def test_number_and_words_are_drawn_only_when_asked_for():
    plain = card(LONG, Light(), (480, 270), words=False)
    numbered = card(LONG, Light(), (480, 270), words=False, number=12)
    box = ImageChops.difference(plain, numbered).getbbox()
    assert box is not None
    assert box[2] < 240
    assert box[3] < 90
    assert card(LONG, Light(), (480, 270)).tobytes() != plain.tobytes()


def test_the_safe_area_is_outlined_faintly():
    dark = Light(None, 0.2, "noir")
    shown = np.asarray(card("A hill", dark, (480, 270), words=False).convert("L")).astype(int)
    line = shown[14, 24:456]
    assert (line > shown[12, 24:456] + 25).all(), "it can be seen all along"
    assert line.max() < 190, "and keeps in the background"


def test_the_same_shot_always_has_the_same_card():
    one, other = (card(LONG, LIGHTS[1], (240, 135), number=3) for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_text_is_wrapped_at_words_and_ends_in_an_ellipsis():
    lines = wrap(LONG, 20, 300, most=2)
    assert len(lines) == 2
    assert lines[0] in LONG
    assert lines[1].endswith("…")
    assert (wrap("Two words", 20, 300, most=2), wrap(" ", 20, 300, most=2)) == (("Two words",), ())
    assert wrap("東京の夜、雨の中の傘。" * 3, 20, 200, most=3)[0].startswith("東京")
