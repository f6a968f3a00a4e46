"""The colours of an hour: sky, distance, shade and the lights that burn in it."""

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Mood:
    """`sky` from zenith over middle to horizon; `haze` is what distance fades to, `shade` what
    stands right before the lens; `lamp` the sun, moon or glow; `accents` signs and windows."""

    sky: tuple[Colour, Colour, Colour]
    haze: Colour
    shade: Colour
    lamp: Colour
    accents: tuple[Colour, ...]
    is_dark: bool = False

    def at(self, depth: float) -> Colour:
        """The colour of an unlit thing at `depth`."""
        return mix(self.haze, self.shade, depth)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` for a share of 0, `second` for 1."""
    red, green, blue = (
        round(a + (b - a) * min(max(share, 0.0), 1.0)) for a, b in zip(first, second, strict=True)
    )
    return red, green, blue


_WARM_WINDOWS = ((255, 214, 140), (255, 186, 104), (214, 226, 255))

MOODS = {
    "neon": Mood(
        ((9, 10, 36), (40, 22, 88), (168, 52, 132)), (84, 44, 122), (9, 8, 22), (255, 92, 190),
        ((255, 64, 160), (64, 220, 255), (255, 190, 84), (150, 110, 255)), True,
    ),
    "night": Mood(
        ((5, 9, 28), (15, 30, 66), (52, 78, 122)), (38, 56, 96), (5, 8, 18), (226, 234, 255),
        _WARM_WINDOWS, True,
    ),
    "noir": Mood(
        ((14, 14, 16), (52, 52, 56), (138, 138, 140)), (92, 92, 96), (8, 8, 9), (240, 240, 236),
        ((230, 230, 224), (190, 190, 188)), True,
    ),
    "dusk": Mood(
        ((50, 44, 104), (196, 88, 102), (255, 184, 108)), (164, 92, 108), (26, 15, 32),
        (255, 226, 158), _WARM_WINDOWS,
    ),
    "dawn": Mood(
        ((92, 124, 186), (216, 168, 184), (255, 222, 182)), (158, 150, 182), (38, 42, 68),
        (255, 242, 206), _WARM_WINDOWS,
    ),
    "overcast": Mood(
        ((86, 100, 116), (136, 150, 162), (190, 200, 206)), (140, 154, 166), (34, 42, 50),
        (226, 232, 236), ((255, 226, 170), (210, 226, 240)),
    ),
    "day": Mood(
        ((52, 118, 200), (128, 182, 228), (218, 234, 238)), (146, 178, 200), (30, 48, 62),
        (255, 250, 228), ((236, 244, 250), (190, 214, 232)),
    ),
}  # fmt: skip
