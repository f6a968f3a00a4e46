"""A picture for a shot that has none: drawn from the prompt's words, its light and a hash.

It is a promise of a shot, not a shot: legible at the size of a card, in the colours of the hour,
and in depth, so that each camera move shows what it does.
"""

from dataclasses import replace

from PIL import Image, ImageChops

from studio.pictures import looks
from studio.pictures.camera.layers import Layer, Size
from studio.pictures.camera.motion import View
from studio.pictures.camera.projection import fall_over, lay
from studio.pictures.light import graded, lens_shade
from studio.pictures.plan import Light
from studio.pictures.scenery.cityscape import cityscape
from studio.pictures.scenery.indoors import interior
from studio.pictures.scenery.landscape import desert, forest, mountains, sea
from studio.pictures.scenery.mood import MOODS, Colour, Mood
from studio.pictures.scenery.reading import Reading, read, reads
from studio.pictures.scenery.sky import bokeh, sky
from studio.pictures.scenery.subjects import subject_layer
from studio.pictures.scenery.weather import weather_layer


def scene_layers(prompt: str, light: Light, size: Size) -> tuple[Layer, ...]:
    """The picture in layers from far to near, each larger than the frame by `OVERSCAN`. The same
    arguments always give the same pixels."""
    reading = read(prompt, light)
    mood = MOODS[reading.time]
    if reading.time != "noir":
        mood = _in_colour(mood, reading.colour)
    layers = _close(reading, mood, size) if reading.is_close else _wide(reading, mood, size, prompt)
    falling = weather_layer(reading.weather, mood, size, reading.seed)
    if falling is not None:
        layers.append(falling)
    ordered = sorted(layers, key=lambda layer: layer.depth)
    # A style that the scene is drawn in is not laid over it once more.
    grade = graded if reads(light.style) else looks.graded
    return tuple(replace(layer, image=grade(layer.image, light)) for layer in ordered)


def still_for(prompt: str, light: Light, size: Size) -> Image.Image:
    """The same picture, flat, as an RGB image of `size`: what a card shows."""
    frame = Image.new("RGB", size)
    for layer in scene_layers(prompt, light, size):
        if layer.fall:
            fall_over(frame, layer, 0.0)
        else:
            lay(frame, layer, View())
    return ImageChops.multiply(frame, lens_shade(size))


_NAMED: dict[str, Colour] = {
    "red": (226, 44, 48), "orange": (250, 134, 38), "yellow": (252, 206, 60),
    "green": (52, 164, 92), "blue": (48, 110, 226), "violet": (142, 82, 214),
    "pink": (250, 104, 172), "white": (240, 240, 236), "black": (40, 40, 46),
}  # fmt: skip


def _in_colour(mood: Mood, name: str | None) -> Mood:
    """The mood with a colour that the prompt names first, for whatever the shot is about."""
    return replace(mood, accents=(_NAMED[name],) * 3 + mood.accents[:1]) if name else mood


def _wide(reading: Reading, mood: Mood, size: Size, prompt: str) -> list[Layer]:
    seed = reading.seed
    layers = [sky(mood, size, seed, lamp=reading.weather not in {"rain", "mist"})]
    if reading.setting == "city":
        towers = any(word in prompt.casefold() for word in ("tokyo", "paris", "tower", "東京"))
        layers += cityscape(mood, size, seed, has_tower=towers)
    else:
        draw = {"mountains": mountains, "sea": sea, "forest": forest, "desert": desert}
        layers += draw.get(reading.setting, interior)(mood, size, seed)
    subject = subject_layer(reading.subjects, mood, size, seed, is_close=False)
    return [*layers, subject] if subject else layers


def _close(reading: Reading, mood: Mood, size: Size) -> list[Layer]:
    lights = 34 if mood.is_dark else 20
    layers = [bokeh(mood, size, reading.seed, depth=0.1, count=lights, wide=0.07)]
    subject = subject_layer(reading.subjects, mood, size, reading.seed, is_close=True)
    return [*layers, subject] if subject else layers
