"""Named lighting styles as looks that any picture can be graded in."""

import re
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from studio.pictures.light import gains, lens_shade
from studio.pictures.plan import Light

Tint = tuple[float, float, float]
Size = tuple[int, int]

_LUMINANCE = (0.299, 0.587, 0.114)
_NONE: Tint = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Look:
    """`words` are those that a style is known by. `gamma` above 1 lifts the middle tones,
    `contrast` above 0 steepens them, `lift` is what black rises to; `shadows` and `highlights` are
    added to red, green and blue there. All of it in shares of white; `vignette` is how much of the
    light the corners lose. `balance` is what red, green and blue are multiplied by first, where no
    colour temperature says it."""

    words: str
    gamma: float = 1.0
    contrast: float = 0.0
    lift: float = 0.0
    saturation: float = 1.0
    shadows: Tint = _NONE
    highlights: Tint = _NONE
    vignette: float = 0.0
    balance: Tint = (1.0, 1.0, 1.0)

    def curve(self, channel: int) -> list[int]:
        """What each level of a channel (0 red, 1 green, 2 blue) becomes; never falls."""
        levels = [self._shown(value / 255, channel) for value in range(256)]
        return [round(255 * min(max(level, 0.0), 1.0)) for level in levels]

    def _shown(self, level: float, channel: int) -> float:
        level = level ** (1 / self.gamma)
        level += 4 * self.contrast * (level - 0.5) * level * (1 - level)
        level += self.shadows[channel] * (1 - level) ** 2 + self.highlights[channel] * level**2
        return self.lift + (1 - self.lift) * level


LOOKS = {
    "rainy-night": Look(
        "rainy-night rainy rain drizzle storm stormy wet", 0.84, 0.22, 0.0, 0.95,
        (-0.03, 0.02, 0.06), (0.05, -0.01, -0.05), 0.32,
    ),
    "neon": Look(
        "neon cyberpunk synthwave", 0.86, 0.26, 0.0, 1.12, (0.06, -0.02, 0.12), (0.06, -0.06, 0.05),
        0.34, (1.08, 0.92, 1.04),
    ),
    "noir": Look(
        "noir film-noir black-and-white monochrome bw", 0.88, 0.6, saturation=0.0, vignette=0.44
    ),
    "moonlight": Look(
        "moonlight moonlit night midnight winter-night starlight day-for-night", 0.66, 0.1, 0.0,
        0.45, (-0.02, 0.0, 0.06), (-0.12, -0.05, 0.0), 0.36, (0.88, 0.99, 1.12),
    ),
    "blue-hour": Look(
        "blue-hour twilight", 0.86, 0.05, 0.0, 0.8, (-0.02, 0.0, 0.08), (-0.06, -0.03, 0.03), 0.22,
        (0.9, 0.97, 1.06),
    ),
    "golden-hour": Look(
        "golden-hour golden sunset dusk evening warm warm-interior", 1.0, 0.14, 0.01, 1.1,
        (0.03, -0.005, -0.02), (0.05, 0.0, -0.12), 0.22, (1.14, 1.0, 0.78),
    ),
    "sunrise": Look(
        "sunrise dawn morning pastel", 1.12, -0.06, 0.03, 1.02, (0.0, 0.01, 0.06),
        (0.04, 0.0, -0.04), 0.1, (1.07, 0.99, 0.92),
    ),
    "candlelight": Look(
        "candlelight candle candlelit firelight fireplace fire", 0.78, 0.16, 0.0, 0.95,
        (0.04, 0.0, -0.02), (0.04, -0.06, -0.16), 0.5, (1.26, 0.98, 0.6),
    ),
    "tungsten": Look(
        "tungsten sodium streetlight lamplight incandescent", 0.9, 0.1, 0.0, 0.85,
        (0.02, 0.0, -0.02), (0.03, -0.02, -0.12), 0.26, (1.16, 1.0, 0.7),
    ),
    "fluorescent": Look(
        "fluorescent hospital clinical", 1.02, 0.06, 0.02, 0.82, (-0.01, 0.03, 0.02),
        (-0.05, 0.02, -0.05), 0.1,
    ),
    "overcast": Look(
        "overcast cloudy gloomy bleak cold winter grey gray", 0.98, -0.2, 0.03, 0.68,
        (0.0, 0.0, 0.02), (-0.05, -0.02, 0.0), 0.12,
    ),
    "mist": Look(
        "mist misty fog foggy haze hazy smoke volumetric", 1.06, -0.3, 0.12, 0.7,
        highlights=(-0.03, -0.01, 0.0),
    ),
    "daylight": Look(
        "daylight day noon midday sunny summer sunlight clear bright", 1.04, 0.16, saturation=1.1
    ),
    "high-key": Look("high-key highkey airy", 1.45, -0.08, 0.06, 0.9),
    "low-key": Look("low-key lowkey chiaroscuro moody", 0.74, 0.34, 0.0, 0.75, vignette=0.46),
    "soft light": Look(
        "soft-light soft softbox window-light diffused studio", 1.08, -0.14, 0.035, 0.96,
        highlights=(0.01, 0.0, -0.02), vignette=0.08,
    ),
    "backlit": Look(
        "backlit backlight rim-light contre-jour flare", 0.92, 0.04, 0.06, 0.9, (0.02, 0.0, -0.01),
        (0.06, 0.02, -0.08), 0.2,
    ),
    "silhouette": Look(
        "silhouette silhouetted", 0.62, 0.5, 0.0, 0.7, highlights=(0.03, -0.01, -0.04),
        vignette=0.3, balance=(1.06, 1.0, 0.92),
    ),
    "sepia": Look(
        "sepia vintage nostalgic", 1.0, -0.08, 0.04, 0.25, (0.05, 0.02, -0.02),
        (0.02, -0.02, -0.1), 0.26, (1.12, 1.0, 0.8),
    ),
}  # fmt: skip

_BREAK = re.compile(r"[\s_\-]+")
_PHRASES = sorted(
    (
        (_BREAK.sub(" ", phrase), name)
        for name, look in LOOKS.items()
        for phrase in look.words.split()
    ),
    key=lambda pair: -len(pair[0]),
)


@lru_cache(maxsize=256)
def look_named(style: str | None) -> str | None:
    """The name of the look that a style's words ask for, the longest known ones before others;
    None when none of them is known."""
    said = _BREAK.sub(" ", (style or "").casefold())
    for phrase, name in _PHRASES:
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said):
            return name
    return None


def graded(image: Image.Image, light: Light) -> Image.Image:
    """`image` (RGB or RGBa) in this light and, where its style is known, in its look."""
    if image.mode == "RGBa":
        # Curves are of colours, which a premultiplied picture holds only with their opacity.
        plain = image.convert("RGBA")
        opacity = plain.getchannel("A")
        lit = graded(plain.convert("RGB"), light)
        lit.putalpha(opacity)
        return lit.convert("RGBa")
    matrix, curves = _grade(light)
    if matrix is not None:
        image = image.convert("RGB", matrix)
    return image.point(curves) if curves else image


@lru_cache(maxsize=64)
def _grade(light: Light) -> tuple[tuple[float, ...] | None, list[int] | None]:
    """The colour matrix of the light and the look, and the look's curves; None where they would
    change nothing."""
    name, level = look_named(light.style), gains(light)
    look = LOOKS[name] if name else None
    kept, balance = (look.saturation, look.balance) if look else (1.0, (1.0, 1.0, 1.0))
    if light.temperature_k is not None:
        balance = (1.0, 1.0, 1.0)
    rows = [
        [
            ((1 - kept) * _LUMINANCE[i] + kept * (i == channel)) * level[i] * balance[channel]
            for i in range(3)
        ]
        for channel in range(3)
    ]
    curves = [shown for channel in range(3) for shown in look.curve(channel)] if look else None
    if rows == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]:
        return None, curves
    return tuple(share for row in rows for share in (*row, 0.0)), curves


def vignette(light: Light, size: Size) -> Image.Image | None:
    """What a frame of `size` is multiplied by for its look: darker corners, fixed to the lens."""
    name = look_named(light.style)
    return lens_shade(size, LOOKS[name].vignette) if name and LOOKS[name].vignette else None
