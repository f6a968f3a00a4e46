"""The film that is measured: stills, each with another camera move."""

from pathlib import Path

from studio.pictures.camera.motion import MOTIONS
from studio.pictures.plan import Camera, FilmPlan, ShotPlan

SPEED = 0.5


def film(stills: list[Path], seconds: float, *, changed: int | None = None) -> FilmPlan:
    """A shot for each still, all equally long, through all the moves in turn; `changed` is the
    shot (from 0) that somebody has given another speed."""
    each_ms = round(seconds * 1000 / len(stills))
    return FilmPlan(
        "Bench",
        tuple(
            ShotPlan(
                f"scene-{n + 1}",
                n + 1,
                f"Shot {n + 1}",
                each_ms,
                Camera(MOTIONS[n % len(MOTIONS)], 0.8 if n == changed else SPEED),
                still=still,
            )
            for n, still in enumerate(stills)
        ),
    )
