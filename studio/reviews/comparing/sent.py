"""What the vendor was told about each shot: read from the payload, the inherited filled in.

This alone says whether a shot was edited: what stays in the house changes no picture.
"""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """`picture`: prompt, camera and light as they hold for the shot; `seconds`: how long it is."""

    picture: str
    seconds: float


def told_of(payload: str) -> tuple[Told, ...]:
    """Of each shot, in order. `payload` is a take's; without a storyboard it is one shot."""
    body = json.loads(payload)
    return tuple(_told(scene, body) for scene in body.get("storyboard") or [body])


def _told(scene: dict[str, Any], body: dict[str, Any]) -> Told:
    picture = {
        "prompt": scene["prompt"],
        "camera": {**body.get("camera", {}), **scene.get("camera", {})},
        "lighting": {**body.get("lighting", {}), **scene.get("lighting", {})},
    }
    return Told(json.dumps(picture, sort_keys=True), scene["duration_seconds"])
