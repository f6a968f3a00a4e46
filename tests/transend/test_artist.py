"""The simulator's footage is the plan's own: its shots, cameras and light."""

import numpy as np

from studio.pictures.camera.footage import Footage
from studio.transend.simulator.artist import film_of
from studio.transend.types import GenerationRequest

BODY = {
    "prompt": "A trip through Tokyo",
    "duration_seconds": 30,
    "camera": {"motion": "orbit", "speed": 0.8},
    "lighting": {"temperature": 4200, "style": "rainy-night"},
    "storyboard": [
        {"id": "scene-1", "prompt": "Wide aerial of neon Tokyo", "duration_seconds": 18},
        {
            "id": "scene-2",
            "prompt": "A red boat at noon",
            "duration_seconds": 12,
            "camera": {"motion": "zoom-in", "speed": 0.3},
            "lighting": {"temperature": 8000, "intensity": 1.2},
        },
    ],
}


def test_a_shots_own_camera_and_light_go_before_the_films():
    first, second = film_of(GenerationRequest.from_body(BODY)).shots
    assert (first.camera.motion, first.camera.speed) == ("orbit", 0.8)
    assert (first.light.temperature_k, first.light.style) == (4200, "rainy-night")
    assert (second.camera.motion, second.camera.speed) == ("zoom-in", 0.3)
    assert (second.light.temperature_k, second.light.intensity) == (8000, 1.2)
    assert [shot.duration_ms for shot in (first, second)] == [18_000, 12_000]


def test_a_request_without_a_storyboard_is_one_shot_of_its_prompt():
    body = {key: value for key, value in BODY.items() if key != "storyboard"}
    (shot,) = film_of(GenerationRequest.from_body(body)).shots
    assert (shot.prompt, shot.duration_ms) == ("A trip through Tokyo", 30_000)


def test_what_is_drawn_shows_the_camera_and_the_light():
    def drawn(camera: dict[str, object], kelvin: int) -> np.ndarray:
        body = {
            **BODY, "storyboard": [], "camera": camera, "lighting": {"temperature": kelvin}
        }  # fmt: skip
        (shot,) = film_of(GenerationRequest.from_body(body)).shots
        return np.asarray(Footage(shot, (160, 90)).frame(1.0), dtype=float)

    pushed, held = (drawn({"motion": m, "speed": 1.0}, 5600) for m in ("zoom-in", "static"))
    assert np.abs(pushed - held).mean() > 5
    warm, cool = (drawn({"motion": "static"}, kelvin) for kelvin in (2700, 9000))
    assert (
        warm[..., 0].mean() / warm[..., 2].mean() > 1.2 * cool[..., 0].mean() / cool[..., 2].mean()
    )
