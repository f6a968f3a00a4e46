"""Twelve stills, the same to the byte on each run: textures, skies, sketches and drawn scenery."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Floats = npt.NDArray[np.float32]

SIZE = (1920, 1080)
KINDS = ("photograph", "sky", "sketch", "scenery")


def stills(folder: Path, count: int = 12) -> list[Path]:
    """Paths of `count` stills in `folder`, drawn where they are not there yet; kinds take turns.

    They are stored as the studio stores what people upload: JPEG of quality 90, line art as PNG.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [_still(folder, number) for number in range(count)]


def _still(folder: Path, number: int) -> Path:
    kind = KINDS[number % len(KINDS)]
    path = folder / f"{number:02}-{kind}.{'png' if kind == 'sketch' else 'jpg'}"
    if not path.exists():
        picture = _DRAWN[kind](np.random.default_rng(number))
        half = path.with_suffix(".half")
        if kind == "sketch":
            picture.save(half, "PNG")
        else:
            picture.save(half, "JPEG", quality=90, subsampling=0)
        half.replace(path)
    return path


def _noise(dice: np.random.Generator, cells: int) -> Floats:
    """Smooth noise around 0 with about that many bumps across."""
    small = dice.standard_normal((max(2, cells * 9 // 16), max(2, cells))).astype(np.float32)
    large = Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC)
    return np.asarray(large, dtype=np.float32)


def _mixed(low: tuple[int, ...], high: tuple[int, ...], share: Floats) -> Floats:
    ends = np.array([low, high], dtype=np.float32)
    return ends[0] + np.clip(share, 0, 1)[..., None] * (ends[1] - ends[0])


def _rgb(picture: Floats) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(picture), 0, 255).astype(np.uint8))


def _photograph(dice: np.random.Generator) -> Image.Image:
    """Things of many colours before one another, each with detail at every scale and its own
    light, in and out of focus, and grain: the amplitude falls as 1/f, as in photographs."""
    picture = np.full((*SIZE[::-1], 3), 110, dtype=np.float32)
    for number in range(14):
        colour = dice.uniform(20, 235) + 0.45 * dice.uniform(-110, 110, 3)  # photographs are muted
        edge = 3 if number > 7 else 1
        shape = np.clip((_noise(dice, 5) - 0.4) * edge * 6, 0, 1)[..., None]
        picture += shape * (colour.astype(np.float32) - picture)
    for cells in (4, 9, 20, 45, 100, 220, 480):
        luma = _noise(dice, cells)[..., None]
        chroma = np.stack([_noise(dice, cells) for _ in range(3)], axis=-1)
        picture *= 1 + 0.22 * luma / cells**0.3
        picture += 14 * chroma / cells**0.4
    picture += dice.standard_normal(picture.shape).astype(np.float32) * 3
    return _rgb(picture)


def _sky(dice: np.random.Generator) -> Image.Image:
    """An evening without a hard edge: what shows bands first."""
    x, y = np.linspace(0, 1, SIZE[0])[None, :], np.linspace(0, 1, SIZE[1])[:, None]
    dusk, glow = tuple(dice.integers(15, 70, 3)), tuple(dice.integers(150, 250, 3))
    picture = _mixed(dusk, glow, (y**1.4 + 0 * x).astype(np.float32))
    far = np.hypot((x - dice.uniform(0.2, 0.8)) * 16 / 9, y - dice.uniform(0.5, 0.9))
    picture += (np.exp(-6 * far)[..., None] * np.array([90, 60, 20])).astype(np.float32)
    picture += 6 * _noise(dice, 5)[..., None]
    return _rgb(picture)


def _sketch(dice: np.random.Generator) -> Image.Image:
    """Pencil on paper: outlines, hatching, much white."""
    large = (SIZE[0] * 2, SIZE[1] * 2)
    sheet = Image.new("L", large, 245)
    draw = ImageDraw.Draw(sheet)
    for _ in range(16):
        x, y = dice.integers(100, large[0] - 900), dice.integers(100, large[1] - 700)
        across, down = dice.integers(200, 800, 2)
        box, ink = (int(x), int(y), int(x + across), int(y + down)), int(dice.integers(20, 90))
        shape = draw.ellipse if dice.random() < 0.5 else draw.rectangle
        shape(box, outline=ink, width=int(dice.integers(4, 10)))
        for step in range(0, int(across), 26):
            draw.line((x + step, y + down, x + step + 120, y + down - 160), fill=150, width=3)
    return sheet.resize(SIZE, Image.Resampling.LANCZOS)


def _scenery(dice: np.random.Generator) -> Image.Image:
    """Drawn hills before a sky, with houses and lit windows: clean areas and hard edges."""
    large = (SIZE[0] * 2, SIZE[1] * 2)
    top, foot = tuple(dice.integers(20, 120, 3)), tuple(dice.integers(140, 250, 3))
    down = np.repeat(np.linspace(0, 1, large[1], dtype=np.float32)[:, None], large[0], axis=1)
    sheet = _rgb(_mixed(top, foot, down))
    draw = ImageDraw.Draw(sheet)
    for depth in range(5):
        base = large[1] * (0.45 + 0.11 * depth)
        ridge = base + 140 * np.cumsum(dice.standard_normal(40)) / 6
        points = [(i * large[0] / 39, float(height)) for i, height in enumerate(ridge)]
        fill = tuple(int(v) for v in dice.integers(20, 200 - 30 * depth, 3))
        draw.polygon([(0, large[1]), *points, (large[0], large[1])], fill=fill)
        for _ in range(8):
            x, y = int(dice.integers(0, large[0])), int(base + dice.integers(-20, 160))
            wall = tuple(int(v) for v in dice.integers(60, 230, 3))
            draw.rectangle((x, y, x + 130, y + 110), fill=wall)
            draw.rectangle((x + 30, y + 30, x + 60, y + 64), fill=(255, 220, 130))
    return sheet.resize(SIZE, Image.Resampling.LANCZOS)


_DRAWN = {"photograph": _photograph, "sky": _sky, "sketch": _sketch, "scenery": _scenery}
