"""The drawing process of the simulator: one order a line in, one answer a line out."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from studio.pictures.animatic import render_gif, render_mp4
from studio.pictures.plan import Camera, FilmPlan, Light, ShotPlan
from studio.transend.types import GenerationRequest, Lighting, Scene

_DEFAULT_SPEED = 0.5
_TITLE_CHARS = 60


def film_of(request: GenerationRequest) -> FilmPlan:
    """Return the plan of a request: its storyboard, or its prompt as the only shot."""
    scenes = request.storyboard or (Scene(request.prompt, request.duration_ms),)
    shots = tuple(_shot(scene, number, request) for number, scene in enumerate(scenes, start=1))
    return FilmPlan(title=request.prompt[:_TITLE_CHARS], shots=shots)


def draw(order: dict[str, Any]) -> None:
    """Draw what an order asks for."""
    film = film_of(GenerationRequest.from_body(order["request"]))
    sizes = order["sizes"]
    render_gif(film, Path(order["gif"]), size=tuple(sizes["gif"]), fps=sizes["gif_fps"])
    render_mp4(film, Path(order["mp4"]), size=tuple(sizes["mp4"]), fps=sizes["mp4_fps"])


def main() -> None:
    """Draw until there are no more orders."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(10)
    for line in sys.stdin:
        try:
            draw(json.loads(line))
            problem = None
        except Exception as failure:  # noqa: BLE001 - one bad order must not end the artist
            problem = f"{type(failure).__name__}: {failure}"
        sys.stdout.write(json.dumps({"problem": problem}) + "\n")
        sys.stdout.flush()


def _shot(scene: Scene, number: int, request: GenerationRequest) -> ShotPlan:
    camera = scene.camera or request.camera
    speed = camera.speed if camera.speed is not None else request.camera.speed
    return ShotPlan(
        id=scene.id or f"scene-{number}",
        number=number,
        prompt=scene.prompt,
        duration_ms=scene.duration_ms,
        camera=Camera(camera.motion, _DEFAULT_SPEED if speed is None else speed),
        light=_light(scene.lighting or request.lighting),
    )


def _light(lighting: Lighting | None) -> Light:
    if lighting is None:
        return Light()
    kelvin = lighting.temperature
    return Light(
        temperature_k=None if kelvin is None else round(kelvin),
        intensity=lighting.intensity,
        style=lighting.style,
    )


if __name__ == "__main__":
    main()
