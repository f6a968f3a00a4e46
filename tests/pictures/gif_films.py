"""Small films through the GIF encoder, what a viewer sees of them, and how alike that is."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.gifs.blocks import Frame, decode_indices, read_blocks, read_screen
from studio.pictures.gifs.encoder import GifEncoder

Picture = npt.NDArray[np.uint8]

_LUMA = np.array([0.299, 0.587, 0.114])


def encoded(
    pictures: Sequence[Picture],
    ends_cs: Sequence[int] | None = None,
    *,
    cuts: Sequence[int] = (),
    is_segment: bool = False,
) -> bytes:
    """The pictures as GIF, 10 cs each unless `ends_cs` says until when."""
    out = BytesIO()
    height, width = pictures[0].shape[:2]
    encoder = GifEncoder(out, (width, height), is_segment=is_segment)
    for number, picture in enumerate(pictures):
        end_cs = (number + 1) * 10 if ends_cs is None else ends_cs[number]
        encoder.add(Image.fromarray(picture), end_cs, is_cut=number in cuts)
    encoder.close()
    return out.getvalue()


def frames_of(data: bytes) -> list[Frame]:
    source = BytesIO(data)
    read_screen(source)
    return [block for block in read_blocks(source) if isinstance(block, Frame)]


def composed(data: bytes) -> list[Picture]:
    """What a viewer sees, painted from the blocks as the format says; every pixel must be opaque
    before it is looked at."""
    source = BytesIO(data)
    screen = read_screen(source)
    canvas = np.zeros((screen.height, screen.width, 3), dtype=np.uint8)
    is_painted = np.zeros(canvas.shape[:2], dtype=np.bool_)
    seen = []
    for block in read_blocks(source):
        if not isinstance(block, Frame):
            continue
        assert block.disposal == 1
        indices = decode_indices(block)
        is_opaque = indices != (-1 if block.transparent is None else block.transparent)
        table = np.frombuffer(block.palette, dtype=np.uint8).reshape(-1, 3)
        area = (
            slice(block.top, block.top + block.height),
            slice(block.left, block.left + block.width),
        )
        assert canvas[area].shape[:2] == indices.shape, "a block reaches past the screen"
        canvas[area][is_opaque] = table[indices[is_opaque]]
        is_painted[area] |= is_opaque
        assert is_painted.all()
        seen.append(canvas.copy())
    return seen


def shown_by_pillow(data: bytes) -> list[Picture]:
    seen = []
    with Image.open(BytesIO(data)) as opened:
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            seen.append(np.asarray(opened.convert("RGB")).copy())
    return seen


def psnr(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    error = np.mean((np.asarray(one, dtype=float) - np.asarray(other, dtype=float)) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def blurred_psnr(one: Picture, other: Picture) -> float:
    """In RGB, after a mean over 9 × 9 pixels: it forgives dither, but not bands."""
    return psnr(_mean(one.astype(float), 9), _mean(other.astype(float), 9))


def ssim(one: Picture, other: Picture) -> float:
    """Structural similarity of the luma, over windows of 8 × 8 pixels; 1 is alike."""
    a, b = one @ _LUMA, other @ _LUMA
    mean_a, mean_b = _mean(a, 8), _mean(b, 8)
    spread = _mean(a * a, 8) - mean_a**2 + _mean(b * b, 8) - mean_b**2
    common = _mean(a * b, 8) - mean_a * mean_b
    likeness = (2 * mean_a * mean_b + 6.5) / (mean_a**2 + mean_b**2 + 6.5)
    return float((likeness * (2 * common + 58.5) / (spread + 58.5)).mean())


def _mean(values: npt.NDArray[np.float64], side: int) -> npt.NDArray[np.float64]:
    windows = np.lib.stride_tricks.sliding_window_view(values, (side, side), axis=(0, 1))
    return windows.mean(axis=(-2, -1))


def photograph(seed: int, size: tuple[int, int] = (240, 136)) -> Picture:
    """Light that falls off, texture at three scales, a few objects, grain."""
    dice = np.random.default_rng(seed)
    width, height = size
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width])[:, None, None]
    top, foot = dice.uniform(30, 110, 3), dice.uniform(130, 220, 3)
    picture = top + (foot - top) * y[..., None] + 18 * np.sin(5 * x)[..., None]
    for cells in (6, 20, 60):
        small = dice.standard_normal((max(2, cells * 9 // 16), cells)).astype(np.float32)
        rough = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
        picture += (14 / cells**0.3) * np.asarray(rough)[..., None]
    for _ in range(8):
        left, up = int(dice.integers(0, width - 20)), int(dice.integers(height // 2, height - 12))
        picture[up : up + 12, left : left + 20] += dice.uniform(-60, 60, 3)
    picture += dice.normal(0, 2.5, picture.shape)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def sky(size: tuple[int, int] = (240, 136), *, dark: bool = False) -> Picture:
    """A gradient without an edge, where bands would show first."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width])[:, None, None]
    low, high = ((4, 6, 12), (22, 24, 44)) if dark else ((70, 60, 110), (235, 150, 90))
    glow = np.exp(-5 * np.hypot(x - 0.6, y - 0.8))[..., None] * (8 if dark else 30)
    picture = np.array(low) + (np.array(high) - np.array(low)) * y[..., None] + glow
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def panned(picture: Picture, count: int, step: int = 3) -> list[Picture]:
    """The picture moving sideways, each time by `step` pixels."""
    return [np.roll(picture, number * step, axis=1) for number in range(count)]
