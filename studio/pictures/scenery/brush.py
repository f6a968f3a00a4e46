"""What the scenes are drawn with: a sheet larger than the picture, noise, gradients and glow."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from studio.pictures.camera.layers import OVERSCAN, Layer, Size, overscanned
from studio.pictures.scenery.mood import Colour

Field = npt.NDArray[np.float32]
Point = tuple[float, float]

LEFT, RIGHT = -OVERSCAN, 1 + OVERSCAN
_SMOOTHED_BELOW = 1_400
_HALO_SHRINK = 4


@dataclass(frozen=True)
class Chance:
    """Draws that depend on a seed and a name alone, never on the picture's size."""

    seed: int
    name: str

    def generator(self) -> np.random.Generator:
        return np.random.default_rng([self.seed, *self.name.encode()])


class Sheet:
    """A transparent layer to draw on, in fractions of the picture; y grows downwards."""

    def __init__(self, size: Size):
        self._size = size
        self._sheet = overscanned(size)
        self._fine = 2 if size[0] < _SMOOTHED_BELOW else 1
        self.ratio = size[0] / size[1]
        self._image = Image.new("RGBA", (self._sheet[0] * self._fine, self._sheet[1] * self._fine))
        self._light = Image.new("RGB", self._sheet)
        self._draw = ImageDraw.Draw(self._image)
        self._draw_light = ImageDraw.Draw(self._light)
        self._is_lit = False

    def _at(self, point: Point, fine: int) -> Point:
        width, height = self._size
        return (point[0] + OVERSCAN) * width * fine, (point[1] + OVERSCAN) * height * fine

    def polygon(self, points: Sequence[Point], colour: Colour, opacity: float = 1.0) -> None:
        self._draw.polygon(
            [self._at(p, self._fine) for p in points], fill=(*colour, round(255 * opacity))
        )

    def rectangle(
        self, left: float, top: float, right: float, bottom: float, colour: Colour
    ) -> None:
        self._draw.rectangle(
            (*self._at((left, top), self._fine), *self._at((right, bottom), self._fine)),
            fill=(*colour, 255),
        )

    def ellipse(self, x: float, y: float, across: float, colour: Colour, tall: float = 1.0) -> None:
        """A disc `across` picture widths wide; `tall` stretches it."""
        half_y = across / 2 * self.ratio * tall
        box = (
            *self._at((x - across / 2, y - half_y), self._fine),
            *self._at((x + across / 2, y + half_y), self._fine),
        )
        self._draw.ellipse(box, fill=(*colour, 255))

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """`width` in picture widths, never thinner than a drawn pixel."""
        pixels = max(1, round(width * self._size[0] * self._fine))
        self._draw.line(
            [self._at(p, self._fine) for p in points], (*colour, 255), pixels, joint="curve"
        )

    def shine(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A lit rectangle that also glows on what is around it."""
        self.rectangle(left, top, right, bottom, colour)
        self._is_lit = True
        self._draw_light.rectangle(
            (*self._at((left, top), 1), *self._at((right, bottom), 1)), fill=colour
        )

    def layer(self, depth: float, *, blur: float = 0.0, fade: "Fade | None" = None) -> Layer:
        """What was drawn, as a layer cut down to what is not empty. `blur` is in picture widths."""
        image = self._image.reduce(self._fine) if self._fine > 1 else self._image
        flat = image.crop((0, 0, *self._sheet)).convert("RGBa")
        if fade is not None:
            flat = fade.over(flat)
        if self._is_lit:
            flat = _glowing(flat, self._light, 0.012 * self._size[0])
        if blur:
            flat = flat.filter(ImageFilter.GaussianBlur(blur * self._size[0]))
        return cut(flat, depth, self._size)


@dataclass(frozen=True)
class Fade:
    """Haze that thickens downwards over a layer, from `top` to `bottom` of the picture."""

    colour: Colour
    top: float
    bottom: float
    strength: float

    def over(self, image: Image.Image) -> Image.Image:
        pixels = np.asarray(image).astype(np.float32)
        y = np.linspace(-OVERSCAN, 1 + OVERSCAN, image.height, dtype=np.float32)
        share = np.clip((y - self.top) / (self.bottom - self.top), 0, 1)[:, None, None]
        alpha = pixels[..., 3:] / 255
        haze = np.array(self.colour, dtype=np.float32) * alpha
        pixels[..., :3] += (haze - pixels[..., :3]) * share * self.strength
        return Image.frombytes("RGBa", image.size, pixels.astype(np.uint8).tobytes())


def _glowing(flat: Image.Image, light: Image.Image, radius: float) -> Image.Image:
    """Add light; where it falls past the edge it becomes a halo, premultiplied like the rest."""
    # Blurred small and scaled up: a halo has no detail to lose, and costs a sixteenth.
    small = light.reduce(_HALO_SHRINK)
    near, wide = (
        small.filter(ImageFilter.GaussianBlur(radius * reach / _HALO_SHRINK)) for reach in (1, 3.5)
    )
    halo = ImageChops.add(near, wide).resize(light.size, Image.Resampling.BILINEAR)
    red, green, blue, alpha = flat.split()
    lit = [
        ImageChops.add(channel, shine)
        for channel, shine in zip((red, green, blue), halo.split(), strict=True)
    ]
    brightest = ImageChops.lighter(ImageChops.lighter(lit[0], lit[1]), lit[2])
    return Image.merge("RGBa", (*lit, ImageChops.lighter(alpha, brightest)))


def cut(flat: Image.Image, depth: float, size: Size) -> Layer:
    """A premultiplied sheet as a layer, cut down to what is not empty."""
    bounds = flat.getchannel("a").getbbox() or (0, 0, 1, 1)
    left, top, right, bottom = bounds
    place = (
        left / size[0] - OVERSCAN,
        top / size[1] - OVERSCAN,
        right / size[0] - OVERSCAN,
        bottom / size[1] - OVERSCAN,
    )
    return Layer(flat.crop(bounds), depth, place)


def noise(chance: Chance, size: Size, cells: int, octaves: int = 4) -> Field:
    """Soft noise, 0 to 1, height × width; `cells` humps across at the coarsest."""
    generator, total = chance.generator(), np.zeros((size[1], size[0]), dtype=np.float32)
    for octave in range(octaves):
        across = cells * 2**octave
        grid = generator.random((max(2, across * 9 // 16), across), dtype=np.float32)
        wide = Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)
        total += np.asarray(wide) / 2**octave
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(high - low, 1e-6)


def ridge(chance: Chance, points: int, roughness: float) -> Field:
    """A mountain's outline, about -1 to 1, `points` long: smooth noise of falling octaves."""
    generator, total = chance.generator(), np.zeros(points, dtype=np.float32)
    x = np.linspace(0, 1, points, dtype=np.float32)
    knots, height = 4, 1.0
    while knots < points:
        marks = generator.random(knots + 1, dtype=np.float32) * 2 - 1
        total += height * np.interp(x, np.linspace(0, 1, knots + 1), marks).astype(np.float32)
        knots, height = knots * 2, height * roughness
    return total / max(float(np.abs(total).max()), 1e-6)
