"""Small plans and files that the picture tests share."""

from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.pictures.gifs.blocks import Extension, Frame, read_blocks, read_screen
from studio.pictures.plan import Camera, FilmPlan, Light, ShotPlan

RAINY = Light(4200, None, "rainy-night")


def film(
    *durations_ms: int, motion: str = "pan-left", prompt: str = "A hill by the sea"
) -> FilmPlan:
    shots = tuple(
        ShotPlan(f"scene-{n}", n, f"{prompt} {n}", ms, Camera(motion, 0.6))
        for n, ms in enumerate(durations_ms, start=1)
    )
    return FilmPlan("Test", shots)


def tokyo() -> FilmPlan:
    """The storyboard array of the vendor's document, section Camera and Scene Presets."""
    return FilmPlan(
        "Tokyo",
        (
            ShotPlan(
                "scene-1", 1, "Wide aerial of neon Tokyo", 18_000, Camera("orbit", 0.6), RAINY
            ),
            ShotPlan(
                "scene-2", 2, "Close-up of umbrellas catching raindrops", 12_000,
                Camera("handheld", 0.6), RAINY,
            ),
        ),
    )  # fmt: skip


def blocks_of(path: Path) -> list[Extension | Frame]:
    with path.open("rb") as file:
        read_screen(file)
        return list(read_blocks(file))


def gif_frames(path: Path) -> list[Frame]:
    return [block for block in blocks_of(path) if isinstance(block, Frame)]


def loop_of(path: Path) -> list[int]:
    return [b.loop for b in blocks_of(path) if isinstance(b, Extension) and b.loop is not None]


def shown(path: Path) -> list[npt.NDArray[np.uint8]]:
    """Each frame as a viewer sees it, RGBA, by Pillow's own compositor."""
    pictures = []
    with Image.open(path) as opened:
        for number in range(opened.n_frames):
            opened.seek(number)
            pictures.append(np.asarray(opened.convert("RGBA")).copy())
    return pictures


def pillow_gif(images: list[Image.Image], **options: object) -> bytes:
    buffer = BytesIO()
    images[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=images[1:],
        **{"duration": 80, "loop": 0, **options},
    )
    return buffer.getvalue()
