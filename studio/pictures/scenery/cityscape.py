"""A city in three depths: skyline in the haze, lit blocks with signs, and what is close by."""

import numpy as np

from studio.pictures.camera.layers import Layer, Size
from studio.pictures.scenery.brush import LEFT, RIGHT, Chance, Fade, Sheet
from studio.pictures.scenery.mood import Mood, mix

_GROUND = 0.86


def cityscape(mood: Mood, size: Size, seed: int, *, has_tower: bool = False) -> list[Layer]:
    """The layers in front of the sky."""
    far = Sheet(size)
    _blocks(far, mood, Chance(seed, "far"), 0.28, top=0.36, wide=0.05)
    if has_tower:
        _lattice_tower(far, mood, 0.3 + 0.4 * (seed % 97) / 97)
    middle = Sheet(size)
    _blocks(middle, mood, Chance(seed, "middle"), 0.72, top=0.45, wide=0.1)
    _street(middle, mood, seed)
    _wires(middle, mood)
    return [
        far.layer(0.3, fade=Fade(mood.sky[2], 0.35, 0.85, 0.55)),
        middle.layer(0.55, fade=Fade(mood.haze, 0.55, 0.9, 0.35)),
        _close_by(mood, size, seed),
    ]


def _blocks(
    sheet: Sheet, mood: Mood, chance: Chance, depth: float, *, top: float, wide: float
) -> None:
    generator, x = chance.generator(), LEFT - wide
    while x < RIGHT:
        width = wide * (0.55 + float(generator.random()))
        # Tall in the middle, lower at the sides: a skyline, not a fence.
        hump = 0.16 * np.cos((x - 0.5) * 2.4)
        roof = top + 0.2 * float(generator.random()) - float(hump) * float(generator.random())
        body = mix(mood.at(depth), mood.shade, 0.25 * float(generator.random()))
        sheet.rectangle(x, roof, x + width, 1.2, body)
        _roof(sheet, generator, x, roof, width, body)
        _windows(sheet, mood, generator, (x, roof, x + width), depth)
        if depth > 0.5 and generator.random() < (0.6 if mood.is_dark else 0.2):
            _sign(sheet, mood, generator, x, roof, width)
        x += width + (0.004 if generator.random() < 0.5 else -0.01)


def _roof(
    sheet: Sheet,
    generator: np.random.Generator,
    x: float,
    roof: float,
    width: float,
    body: tuple[int, int, int],
) -> None:
    kind = generator.random()
    if kind < 0.3:
        mast = x + width * 0.5
        sheet.line([(mast, roof), (mast, roof - 0.07)], body, 0.0022)
    elif kind < 0.6:
        sheet.rectangle(x + width * 0.2, roof - 0.03, x + width * 0.65, roof, body)


def _windows(
    sheet: Sheet,
    mood: Mood,
    generator: np.random.Generator,
    block: tuple[float, float, float],
    depth: float,
) -> None:
    left, roof, right = block
    step_x, step_y = 0.0085 + 0.009 * depth, (0.0085 + 0.009 * depth) * 2.1
    lit = 0.42 if mood.is_dark else 0.5
    columns, rows = int((right - left) / step_x) - 1, int((1.0 - roof) / step_y)
    if columns < 1 or rows < 1:
        return
    body = mood.at(depth)
    chances = generator.random((rows, columns))
    tone = mood.accents[int(generator.integers(len(mood.accents)))]
    for row, column in np.argwhere(chances < lit):
        strength = 0.25 + 0.75 * float(chances[row, column]) / lit
        colour = mix(body, tone, strength * (0.85 if mood.is_dark else 0.5))
        x, y = left + (column + 0.8) * step_x, roof + (row + 0.7) * step_y
        sheet.rectangle(x, y, x + step_x * 0.52, y + step_y * 0.46, colour)


def _sign(
    sheet: Sheet, mood: Mood, generator: np.random.Generator, x: float, roof: float, width: float
) -> None:
    colour = mood.accents[int(generator.integers(len(mood.accents)))]
    left, top = x + width * float(generator.uniform(0.1, 0.7)), roof + 0.05
    height, across = float(generator.uniform(0.1, 0.22)), 0.011
    sheet.shine(left, top, left + across, top + height, colour)
    dark = mix(colour, mood.shade, 0.8)
    for y in np.arange(top + 0.014, top + height - 0.01, 0.026):
        sheet.rectangle(left + 0.003, float(y), left + across - 0.003, float(y) + 0.012, dark)


def _lattice_tower(sheet: Sheet, mood: Mood, x: float) -> None:
    colour = mix((255, 96, 52), mood.haze, 0.15 if mood.is_dark else 0.35)
    top, foot = 0.06, 0.82
    heights = np.linspace(0, 1, 24)
    half = 0.002 + 0.062 * heights**2.1
    ys = top + (foot - top) * heights
    for side in (-1, 1):
        points = [(x + side * float(h), float(y)) for h, y in zip(half, ys, strict=True)]
        sheet.line(points, colour, 0.004)
    for i in range(3, 23):
        sheet.line([(x - half[i], ys[i]), (x + half[i + 1], ys[i + 1])], colour, 0.0018)
        sheet.line([(x + half[i], ys[i]), (x - half[i + 1], ys[i + 1])], colour, 0.0018)
    for level in (0.42, 0.68):
        y, reach = top + (foot - top) * level, 0.012 + 0.062 * level**2.1
        sheet.shine(x - reach, y, x + reach, y + 0.016, colour)
    sheet.line([(x, top), (x, top - 0.07)], colour, 0.002)


def _street(sheet: Sheet, mood: Mood, seed: int) -> None:
    """Wet ground that draws the signs' colours out into streaks."""
    sheet.rectangle(LEFT, _GROUND, RIGHT, 1.2, mix(mood.shade, mood.haze, 0.3))
    generator = Chance(seed, "street").generator()
    for _ in range(46):
        x, length, y = generator.random(3)
        colour = mood.accents[int(generator.integers(len(mood.accents)))]
        dim = mix(mood.shade, colour, 0.3 if mood.is_dark else 0.16)
        top = _GROUND + 0.012 + 0.3 * float(y)
        left = LEFT + float(x) * (RIGHT - LEFT)
        sheet.rectangle(left, top, left + 0.01 + 0.05 * float(length), top + 0.005, dim)


def _close_by(mood: Mood, size: Size, seed: int) -> Layer:
    """Right before the lens: two walls with signs, at the sides."""
    sheet, generator = Sheet(size), Chance(seed, "near").generator()
    for side in (-1, 1):
        inner = 0.5 + side * (0.43 + 0.05 * float(generator.random()))
        outer = LEFT - 0.1 if side < 0 else RIGHT + 0.1
        roof = -0.02 + 0.3 * float(generator.random())
        sheet.rectangle(min(inner, outer), roof, max(inner, outer), 1.2, mood.shade)
        colour = mood.accents[int(generator.integers(len(mood.accents)))]
        at, top = inner - side * 0.022, roof + 0.12
        if mood.is_dark:
            sheet.shine(at - 0.012, top, at + 0.012, top + 0.3, mix(colour, mood.shade, 0.15))
            for y in np.arange(top + 0.02, top + 0.28, 0.05):
                sheet.ellipse(at, float(y) + 0.012, 0.012, mix(mood.shade, colour, 0.15))
    return sheet.layer(1.0, blur=0.0022)


def _wires(sheet: Sheet, mood: Mood) -> None:
    """Cables that sag across the street."""
    x = np.linspace(LEFT, RIGHT, 30)
    for start in (0.05, 0.11):
        sag = start + 0.07 * (1 - ((x - 0.5) / 0.63) ** 2)
        wire = [(float(a), float(b)) for a, b in zip(x, sag, strict=True)]
        sheet.line(wire, mood.shade, 0.0018)
