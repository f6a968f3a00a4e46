"""What a shot is about, at the depth where the camera keeps it: people, umbrellas, things."""

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np

from studio.pictures.camera.layers import Layer, Size
from studio.pictures.camera.motion import SUBJECT_DEPTH
from studio.pictures.scenery.brush import Chance, Point, Sheet
from studio.pictures.scenery.mood import Colour, Mood, mix


def umbrella(sheet: Sheet, at: Point, wide: float, colour: Colour, mood: Mood) -> None:
    """An open umbrella seen from the side, `wide` picture widths across, its rim at `at`."""
    x, y = at
    tall, half, ribs = wide * 0.5 * sheet.ratio, wide / 2, 7
    sheet.line([(x, y - tall), (x, y + tall * 0.95)], mood.shade, wide * 0.018)
    hook = [
        (x + wide * 0.035 * (1 - cos(a)), y + tall * 0.95 + wide * 0.06 * sin(a))
        for a in np.linspace(0, pi, 9)
    ]
    sheet.line(hook, mood.shade, wide * 0.022)
    feet = [half * sin((i / (ribs - 1) - 0.5) * pi) for i in range(ribs)]
    for number, (one, two) in enumerate(zip(feet[:-1], feet[1:], strict=True)):
        turn = number / (ribs - 2)
        tone = mix(
            mix(colour, mood.shade, 0.18 + 0.5 * turn), mood.lamp, 0.22 * max(0.0, 1 - 2.2 * turn)
        )
        arc = np.linspace(0, pi / 2, 14)
        down = [(x + one * sin(a), y - tall * cos(a)) for a in arc]
        rim = [
            (x + one + (two - one) * k, y - wide * 0.05 * sheet.ratio * sin(pi * k))
            for k in np.linspace(0, 1, 8)
        ]
        up = [(x + two * sin(a), y - tall * cos(a)) for a in arc[::-1]]
        sheet.polygon([*down, *rim, *up], tone)
        sheet.line(up, mix(tone, mood.shade, 0.45), wide * 0.006)
    sheet.line([(x, y - tall), (x, y - tall * 1.09)], mood.shade, wide * 0.015)


def _beads(sheet: Sheet, at: Point, wide: float, mood: Mood, seed: int) -> None:
    """Raindrops on and bouncing off a canopy."""
    generator = Chance(seed, "beads").generator()
    for _ in range(70):
        turn, along, grow = generator.random(3)
        angle, across = float(along) * pi / 2, (float(turn) - 0.5) * wide
        lift = 1.0 if grow < 0.75 else 1.08
        x, y = (
            at[0] + across * sin(angle) * lift,
            at[1] - wide * 0.5 * sheet.ratio * cos(angle) * lift,
        )
        sheet.ellipse(x, y, 0.003 + 0.005 * float(grow), mix(mood.lamp, (255, 255, 255), 0.6), 1.2)


def person(sheet: Sheet, at: Point, tall: float, colour: Colour) -> None:
    """Somebody walking, feet at `at`, `tall` picture heights high."""
    x, y = at
    w = tall / sheet.ratio
    sheet.ellipse(x, y - tall * 0.92, w * 0.15, colour, 1.12)
    coat = [(-0.05, 0.84), (-0.13, 0.76), (-0.17, 0.4), (0.17, 0.4), (0.12, 0.76), (0.05, 0.84)]
    sheet.polygon([(x + w * a, y - tall * b) for a, b in coat], colour)
    for leg in (
        [(-0.13, 0.42), (-0.01, 0.42), (-0.1, 0.0), (-0.19, 0.0)],
        [(0.0, 0.42), (0.14, 0.42), (0.19, 0.02), (0.1, 0.02)],
    ):
        sheet.polygon([(x + w * a, y - tall * b) for a, b in leg], colour)
    arm = [
        (x + w * 0.11, y - tall * 0.74),
        (x + w * 0.22, y - tall * 0.56),
        (x + w * 0.2, y - tall * 0.44),
    ]
    sheet.line(arm, colour, w * 0.06)


def _walker(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    if close:
        _standing(sheet, mood, 1.15, 0.95)
    else:
        _standing(sheet, mood, 0.95, 0.34)


def _standing(sheet: Sheet, mood: Mood, foot: float, tall: float) -> None:
    """With a rim of the hour's light, or a dark coat is lost in a dark street."""
    edge = 0.006 * tall / 0.34
    person(sheet, (0.5 - edge / 2, foot), tall, mix(mood.lamp, mood.haze, 0.35))
    person(sheet, (0.5, foot), tall, mix(mood.shade, mood.haze, 0.1))


def _sheltered(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    if not close:
        _standing(sheet, mood, 0.95, 0.32)
        umbrella(sheet, (0.512, 0.69), 0.15, mood.accents[seed % len(mood.accents)], mood)
        return
    colours = mood.accents
    umbrella(
        sheet, (0.24, 0.5), 0.3, mix(colours[(seed + 1) % len(colours)], mood.haze, 0.35), mood
    )
    umbrella(
        sheet, (0.83, 0.44), 0.26, mix(colours[(seed + 2) % len(colours)], mood.haze, 0.45), mood
    )
    umbrella(sheet, (0.53, 0.72), 0.52, colours[seed % len(colours)], mood)
    _beads(sheet, (0.53, 0.72), 0.52, mood, seed)


def _portrait(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    rim, body = mix(mood.lamp, mood.accents[0], 0.4), mix(mood.shade, mood.haze, 0.22)
    for shift, colour in ((-0.007, rim), (0.0, body)):
        x = 0.5 + shift
        sheet.polygon(
            [
                (x - 0.28, 1.2),
                (x - 0.22, 0.9),
                (x - 0.05, 0.8),
                (x + 0.05, 0.8),
                (x + 0.22, 0.9),
                (x + 0.28, 1.2),
            ],
            colour,
        )
        sheet.rectangle(x - 0.045, 0.66, x + 0.045, 0.86, colour)
        sheet.ellipse(x, 0.48, 0.2, colour, 1.3)


def _car(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    k, x, y = (1.9 if close else 1.0), 0.5, (0.92 if close else 0.93)
    body = mix(mood.accents[seed % len(mood.accents)], mood.shade, 0.5)
    hull = [
        (-0.15, 0.0),
        (-0.15, 0.05),
        (-0.08, 0.065),
        (-0.045, 0.12),
        (0.055, 0.12),
        (0.1, 0.065),
        (0.15, 0.05),
        (0.155, 0.0),
    ]
    sheet.polygon([(x + k * a, y - k * b) for a, b in hull], body)
    glass = [(-0.062, 0.068), (-0.036, 0.109), (0.046, 0.109), (0.078, 0.068)]
    sheet.polygon([(x + k * a, y - k * b) for a, b in glass], mix(mood.sky[2], mood.shade, 0.4))
    for wheel in (-0.09, 0.095):
        sheet.ellipse(x + k * wheel, y, 0.046 * k, mood.shade)
        sheet.ellipse(x + k * wheel, y, 0.02 * k, mix(mood.shade, mood.lamp, 0.4))
    sheet.shine(x + k * 0.143, y - k * 0.045, x + k * 0.154, y - k * 0.025, (255, 240, 200))


def _boat(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    k, x, y = (2.2 if close else 1.0), 0.52, (0.86 if close else 0.74)
    sheet.polygon(
        [
            (x - 0.1 * k, y - 0.03 * k),
            (x + 0.11 * k, y - 0.03 * k),
            (x + 0.07 * k, y + 0.03 * k),
            (x - 0.075 * k, y + 0.03 * k),
        ],
        mood.shade,
    )
    sheet.line([(x, y - 0.03 * k), (x, y - 0.3 * k)], mood.shade, 0.003 * k)
    sail = mix(mood.lamp, mood.haze, 0.25)
    sheet.polygon(
        [
            (x + 0.006 * k, y - 0.29 * k),
            (x + 0.006 * k, y - 0.06 * k),
            (x + 0.09 * k, y - 0.06 * k),
        ],
        sail,
    )
    sheet.polygon(
        [
            (x - 0.006 * k, y - 0.26 * k),
            (x - 0.006 * k, y - 0.06 * k),
            (x - 0.06 * k, y - 0.06 * k),
        ],
        mix(sail, mood.shade, 0.2),
    )


def _rounded(
    sheet: Sheet, left: float, top: float, right: float, low: float, colour: Colour, light: Colour
) -> None:
    """An upright thing with a light side and a dark one."""
    steps = 24
    for i in range(steps):
        a, b = left + (right - left) * i / steps, left + (right - left) * (i + 1) / steps
        turn = i / (steps - 1)
        sheet.rectangle(
            a,
            top,
            b,
            low,
            mix(
                mix(colour, light, 0.65 * max(0.0, 1 - abs(turn - 0.26) * 5)), (0, 0, 0), 0.6 * turn
            ),
        )


def _bottle(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    colour = mix(mood.accents[seed % len(mood.accents)], mood.shade, 0.25)
    _rounded(sheet, 0.46, 0.16, 0.54, 0.36, mix(colour, mood.shade, 0.5), mood.lamp)
    _rounded(sheet, 0.4, 0.34, 0.6, 0.88, colour, mood.lamp)
    _rounded(sheet, 0.4, 0.52, 0.6, 0.72, mix(mood.lamp, colour, 0.3), (255, 255, 255))
    sheet.rectangle(-0.2, 0.88, 1.2, 1.2, mix(mood.shade, mood.haze, 0.25))


def _cup(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    china = mix((238, 230, 220), mood.haze, 0.2)
    sheet.rectangle(-0.2, 0.84, 1.2, 1.2, mix(mood.shade, mood.haze, 0.25))
    handle = [(0.6 + 0.075 * sin(a), 0.61 - 0.1 * cos(a)) for a in np.linspace(0, pi, 14)]
    sheet.line(handle, mix(china, mood.shade, 0.3), 0.02)
    _rounded(sheet, 0.37, 0.44, 0.61, 0.8, china, (255, 255, 255))
    sheet.ellipse(0.49, 0.8, 0.24, mix(china, mood.shade, 0.35), 0.28)
    sheet.ellipse(0.49, 0.44, 0.24, mix(china, mood.shade, 0.15), 0.26)
    sheet.ellipse(0.49, 0.445, 0.21, (70, 42, 28), 0.22)


def _flower(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    x, y = 0.5, 0.44
    sheet.line(
        [(x, y), (x - 0.02, 0.8), (x + 0.01, 1.2)], mix((54, 110, 60), mood.shade, 0.35), 0.012
    )
    colour = mood.accents[seed % len(mood.accents)]
    for ring, (count, reach) in enumerate(((9, 0.13), (7, 0.08))):
        for i in range(count):
            angle = 2 * pi * (i + 0.5 * ring) / count
            at = (x + reach * cos(angle), y + reach * sheet.ratio * sin(angle))
            sheet.ellipse(
                *at, 0.12 - 0.03 * ring, mix(colour, mood.shade, 0.1 + 0.25 * (i % 2) + 0.08 * ring)
            )
    sheet.ellipse(x, y, 0.085, mix((255, 206, 92), mood.shade, 0.12))


def _screen(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    left, right, top, low = 0.38, 0.62, 0.12, 0.92
    sheet.rectangle(left - 0.012, top - 0.02, right + 0.012, low + 0.02, mood.shade)
    sheet.shine(
        left, top, right, low, mix(mood.accents[seed % len(mood.accents)], mood.sky[0], 0.55)
    )
    for row in range(4):
        y = top + 0.08 + 0.17 * row
        sheet.rectangle(
            left + 0.02,
            y,
            right - 0.02 - 0.05 * (row % 2),
            y + 0.1,
            mix(mood.lamp, mood.sky[1], 0.4),
        )


def _birds(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    generator = Chance(seed, "birds").generator()
    for _ in range(11):
        a, b, grow = generator.random(3)
        x, y, k = (
            0.25 + 0.5 * float(a),
            0.16 + 0.3 * float(b),
            (0.02 + 0.025 * float(grow)) * (2 if close else 1),
        )
        wing = [
            (x - k, y - k * 0.5),
            (x - k * 0.4, y - k * 0.9),
            (x, y),
            (x + k * 0.4, y - k * 0.9),
            (x + k, y - k * 0.5),
        ]
        sheet.line(wing, mood.shade, 0.0035)


def _orb(sheet: Sheet, mood: Mood, seed: int, close: bool) -> None:
    """For a close-up of something we have no shape for: a lit ball."""
    colour = mood.accents[seed % len(mood.accents)]
    for i in range(40):
        k = i / 39
        tone = mix(
            mix(mood.shade, colour, 0.25 + 0.75 * k), (255, 255, 255), max(0.0, k - 0.75) * 2
        )
        sheet.ellipse(0.5 - 0.06 * k, 0.54 - 0.12 * k, 0.36 * (1 - k) + 0.01, tone)


_SHAPES: dict[str, Callable[[Sheet, Mood, int, bool], None]] = {
    "umbrella": _sheltered, "person": _walker, "portrait": _portrait, "car": _car, "boat": _boat,
    "bottle": _bottle, "cup": _cup, "flower": _flower, "screen": _screen, "bird": _birds,
}  # fmt: skip
_ONLY_CLOSE = {"bottle", "cup", "flower", "screen", "portrait"}


def subject_layer(
    names: tuple[str, ...], mood: Mood, size: Size, seed: int, *, is_close: bool
) -> Layer | None:
    """The first named subject that this framing can show; a close-up always shows something."""
    fitting = [name for name in names if is_close or name not in _ONLY_CLOSE]
    if "umbrella" in fitting:
        fitting = ["umbrella"]
    if not fitting and not is_close:
        return None
    sheet = Sheet(size)
    (_SHAPES[fitting[0]] if fitting else _orb)(sheet, mood, seed, is_close)
    return sheet.layer(SUBJECT_DEPTH)
