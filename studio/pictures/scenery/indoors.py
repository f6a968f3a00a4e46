"""A room: a wall with a window and its light, a lamp and a table, something dark up close."""

from studio.pictures.camera.layers import Layer, Size
from studio.pictures.scenery.brush import LEFT, RIGHT, Chance, Fade, Sheet
from studio.pictures.scenery.mood import Mood, mix

_WALL = (116, 98, 84)
_FLOOR = 0.74


def interior(mood: Mood, size: Size, seed: int) -> list[Layer]:
    """The layers in front of what is seen through the window."""
    generator = Chance(seed, "room").generator()
    window = 0.18 + 0.34 * float(generator.random())
    lamp_x = window + 0.42 if window < 0.36 else window - 0.16
    return [
        _walls(mood, size, window),
        _furniture(mood, size, lamp_x),
        _close_by(mood, size),
    ]


def _walls(mood: Mood, size: Size, left: float) -> Layer:
    sheet = Sheet(size)
    wall = mix(_WALL, mood.shade, 0.62 if mood.is_dark else 0.2)
    right, top, low = left + 0.3, 0.14, 0.56
    sheet.rectangle(LEFT, -0.2, left, 1.2, wall)
    sheet.rectangle(right, -0.2, RIGHT, 1.2, wall)
    sheet.rectangle(left, -0.2, right, top, wall)
    sheet.rectangle(left, low, right, 1.2, wall)
    trim = mix(wall, mood.shade, 0.55)
    for x in (left, (left + right) / 2, right):
        sheet.line([(x, top), (x, low)], trim, 0.006)
    for y in (top, (top + low) / 2, low):
        sheet.line([(left, y), (right, y)], trim, 0.006)
    sheet.rectangle(LEFT, _FLOOR, RIGHT, 1.2, mix(wall, mood.shade, 0.4))
    sheet.line([(LEFT, _FLOOR), (RIGHT, _FLOOR)], trim, 0.004)
    beam = mix(wall, mood.lamp, 0.3)
    sheet.polygon(
        [
            (left + 0.03, _FLOOR + 0.02),
            (right, _FLOOR + 0.02),
            (right + 0.16, 1.2),
            (left + 0.1, 1.2),
        ],
        mix(beam, mood.shade, 0.25),
    )
    frame_left = right + 0.1 if left < 0.36 else left - 0.22
    sheet.rectangle(frame_left, 0.2, frame_left + 0.12, 0.42, trim)
    sheet.rectangle(
        frame_left + 0.01, 0.218, frame_left + 0.11, 0.402, mix(mood.accents[0], wall, 0.55)
    )
    return sheet.layer(0.3, fade=Fade(mood.shade, 0.2, 1.1, 0.35))


def _furniture(mood: Mood, size: Size, lamp_x: float) -> Layer:
    sheet = Sheet(size)
    wood = mix((88, 58, 40), mood.shade, 0.5)
    sheet.rectangle(0.12, 0.76, 0.88, 0.79, wood)
    for x in (0.15, 0.83):
        sheet.rectangle(x, 0.78, x + 0.018, 1.2, mix(wood, mood.shade, 0.5))
    sheet.line([(lamp_x, 0.76), (lamp_x, 0.6)], mood.shade, 0.006)
    warm = mix((255, 206, 132), mood.accents[0], 0.25)
    sheet.shine(lamp_x - 0.03, 0.57, lamp_x + 0.03, 0.6, warm)
    sheet.polygon(
        [
            (lamp_x - 0.03, 0.5),
            (lamp_x + 0.03, 0.5),
            (lamp_x + 0.055, 0.61),
            (lamp_x - 0.055, 0.61),
        ],
        warm,
    )
    for number, height in enumerate((0.09, 0.12, 0.075, 0.105)):
        x = 0.24 + 0.022 * number
        tone = mix(mood.accents[number % len(mood.accents)], mood.shade, 0.6)
        sheet.rectangle(x, 0.76 - height, x + 0.018, 0.76, tone)
    return sheet.layer(0.55)


def _close_by(mood: Mood, size: Size) -> Layer:
    """A plant's leaves and the back of a chair."""
    sheet = Sheet(size)
    for lean, tall in ((-0.1, 0.42), (-0.03, 0.5), (0.05, 0.46), (0.13, 0.36), (0.19, 0.24)):
        tip = (0.02 + lean + 0.05, 1.0 - tall)
        sheet.polygon(
            [
                (0.0, 1.1),
                (tip[0] - 0.045, tip[1] + 0.16),
                tip,
                (tip[0] + 0.03, tip[1] + 0.2),
                (0.04, 1.1),
            ],
            mood.shade,
        )
    sheet.polygon([(0.86, 1.2), (0.88, 0.74), (1.06, 0.71), (1.2, 0.75), (1.2, 1.2)], mood.shade)
    return sheet.layer(1.0, blur=0.004)
