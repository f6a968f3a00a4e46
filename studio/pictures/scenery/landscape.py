"""Mountains, sea, forest and desert, each in depths that fade into the haze."""

import numpy as np

from studio.pictures.camera.layers import Layer, Size
from studio.pictures.scenery.brush import LEFT, RIGHT, Chance, Fade, Sheet, ridge
from studio.pictures.scenery.mood import Colour, Mood, mix

_POINTS = 320


def _outline(
    sheet: Sheet, chance: Chance, base: float, height: float, roughness: float, colour: Colour
) -> None:
    shape = ridge(chance, _POINTS, roughness)
    x = np.linspace(LEFT, RIGHT, _POINTS)
    top = [(float(a), base - height * float(b)) for a, b in zip(x, shape, strict=True)]
    sheet.polygon([*top, (RIGHT, 1.3), (LEFT, 1.3)], colour)


def mountains(mood: Mood, size: Size, seed: int) -> list[Layer]:
    """Two ranges, a wooded hill and the grass before the lens."""
    layers = []
    ranges = ((0.15, 0.5, 0.2, 0.52), (0.35, 0.62, 0.14, 0.5), (0.55, 0.76, 0.08, 0.46))
    for number, (depth, base, height, roughness) in enumerate(ranges):
        sheet = Sheet(size)
        colour = mood.at(depth + 0.1 + 0.12 * number)
        _outline(sheet, Chance(seed, f"range{number}"), base, height, roughness, colour)
        if number == 2:
            _pines(sheet, Chance(seed, "pines"), 0.74, 0.05, mix(colour, mood.shade, 0.35), 46)
        layers.append(sheet.layer(depth, fade=Fade(mood.sky[2], base - 0.15, base + 0.2, 0.5)))
    return [*layers, _grass(mood, size, seed)]


def _grass(mood: Mood, size: Size, seed: int) -> Layer:
    sheet, generator = Sheet(size), Chance(seed, "grass").generator()
    _outline(sheet, Chance(seed, "bank"), 0.98, 0.04, 0.4, mood.shade)
    for _ in range(150):
        x, tall, lean = generator.random(3)
        root = LEFT + float(x) * (RIGHT - LEFT)
        tip = (root + 0.03 * (float(lean) - 0.5), 0.94 - 0.09 * float(tall))
        sheet.polygon([(root - 0.003, 1.02), tip, (root + 0.003, 1.02)], mood.shade)
    return sheet.layer(1.0, blur=0.002)


def _pines(
    sheet: Sheet, chance: Chance, foot: float, height: float, colour: Colour, count: int
) -> None:
    generator = chance.generator()
    for _ in range(count):
        x, tall = generator.random(2)
        _pine(
            sheet,
            LEFT + float(x) * (RIGHT - LEFT),
            foot + 0.03,
            height * (0.6 + float(tall)),
            colour,
        )


def _pine(sheet: Sheet, x: float, foot: float, height: float, colour: Colour) -> None:
    half = height * 0.27 / sheet.ratio
    sheet.rectangle(x - half * 0.09, foot - height * 0.3, x + half * 0.09, foot + 0.5, colour)
    for tier in range(5):
        top, low = foot - height * (1 - 0.16 * tier), foot - height * (0.66 - 0.15 * tier)
        reach = half * (0.36 + 0.16 * tier)
        sheet.polygon([(x, top), (x - reach, low), (x + reach, low)], colour)


def forest(mood: Mood, size: Size, seed: int) -> list[Layer]:
    """Rows of trees behind one another, trunks before the lens."""
    layers = []
    for number, (depth, foot, height) in enumerate(
        ((0.2, 0.68, 0.2), (0.4, 0.78, 0.3), (0.55, 0.92, 0.4))
    ):
        sheet, colour = Sheet(size), mood.at(depth + 0.12 * number)
        _outline(sheet, Chance(seed, f"floor{number}"), foot, 0.02, 0.4, colour)
        _pines(sheet, Chance(seed, f"row{number}"), foot, height, colour, 44 - 12 * number)
        layers.append(sheet.layer(depth, fade=Fade(mood.sky[2], foot - 0.3, foot + 0.12, 0.6)))
    return [*layers, _trunks(mood, size, seed)]


def _trunks(mood: Mood, size: Size, seed: int) -> Layer:
    sheet, generator = Sheet(size), Chance(seed, "trunks").generator()
    for x in (-0.02, 0.1, 0.9, 1.05):
        at, wide = x + 0.03 * float(generator.random()), 0.03 + 0.025 * float(generator.random())
        sheet.polygon(
            [(at - wide * 0.7, -0.2), (at + wide * 0.7, -0.2), (at + wide, 1.2), (at - wide, 1.2)],
            mood.shade,
        )
        for y in generator.uniform(0.0, 0.6, 3):
            reach = 0.1 * (1 if x < 0.5 else -1)
            sheet.line([(at, float(y) + 0.06), (at + reach, float(y))], mood.shade, 0.006)
    _outline(sheet, Chance(seed, "roots"), 0.99, 0.03, 0.5, mood.shade)
    return sheet.layer(1.0, blur=0.003)


def desert(mood: Mood, size: Size, seed: int) -> list[Layer]:
    """Dunes with a lit and a shaded side."""
    sand = mix((228, 158, 84), mood.haze, 0.16)
    layers = []
    for number, (depth, base, height) in enumerate(
        ((0.2, 0.62, 0.05), (0.45, 0.72, 0.09), (1.0, 0.95, 0.1))
    ):
        sheet, chance = Sheet(size), Chance(seed, f"dune{number}")
        colour = mix(sand, mood.shade, 0.04 + 0.2 * number)
        _outline(sheet, chance, base, height, 0.28, colour)
        _outline(
            sheet,
            Chance(seed, f"lee{number}"),
            base + 0.1,
            height,
            0.28,
            mix(colour, mood.shade, 0.3),
        )
        layers.append(sheet.layer(depth, fade=Fade(mood.sky[2], base - 0.1, base + 0.25, 0.3)))
    return layers


def sea(mood: Mood, size: Size, seed: int) -> list[Layer]:
    """A far coast, water with the lamp's path, and rocks before the lens."""
    coast, water, rocks = Sheet(size), Sheet(size), Sheet(size)
    _outline(coast, Chance(seed, "coast"), 0.6, 0.05, 0.5, mood.at(0.22))
    _water(water, mood, seed)
    _outline(rocks, Chance(seed, "rocks"), 1.0, 0.09, 0.55, mood.shade)
    return [
        coast.layer(0.2, fade=Fade(mood.sky[2], 0.5, 0.66, 0.6)),
        water.layer(0.5, fade=Fade(mood.sky[2], 0.72, 0.5, 0.5)),
        rocks.layer(1.0, blur=0.002),
    ]


def _water(sheet: Sheet, mood: Mood, seed: int) -> None:
    generator, bands = Chance(seed, "water").generator(), 44
    deep = mix(mood.sky[0], mood.shade, 0.35)
    edges = 0.62 + 0.6 * np.linspace(0, 1, bands + 1) ** 1.4
    for number, (top, bottom) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        colour = mix(mix(mood.sky[1], mood.sky[2], 0.3), deep, number / bands * 1.5)
        sheet.rectangle(LEFT, float(top), RIGHT, float(bottom) + 0.01, colour)
    lamp = 0.3 + 0.4 * float(generator.random())
    for _ in range(420):
        near, across, length, light = generator.random(4)
        y = 0.625 + 0.5 * float(near) ** 1.3
        path = generator.random() < 0.55
        x = (
            lamp + (float(across) - 0.5) * (0.1 + 0.3 * float(near))
            if path
            else LEFT + float(across) * 1.26
        )
        reach = (0.006 + 0.05 * float(near)) * (0.4 + float(length))
        share = (0.75 if path else 0.2) * (0.4 + 0.6 * float(light))
        colour = mix(mix(mood.sky[1], deep, float(near)), mood.lamp, share)
        thick = 0.0015 + 0.005 * float(near)
        sheet.polygon([(x - reach, y), (x, y - thick), (x + reach, y), (x, y + thick)], colour)
