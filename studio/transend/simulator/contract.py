"""What the vendor accepts: the document's required and optional fields with their limits.

(document, sections Create a Generation, Camera and Scene Presets, Error Codes.)
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from studio.transend.types import MOTIONS, Camera, GenerationRequest, MalformedBody
from studio.transend.wire import decode_json

SHORTEST_MS, LONGEST_MS = 15_000, 60_000
SLOWEST, FASTEST = 0.1, 1.0


class Refused(ValueError):
    """The vendor answers 400 with this sentence."""


def accepted_request(raw: bytes) -> tuple[GenerationRequest, dict[str, Any]]:
    """Return a received generation, typed and as it came. Raises Refused."""
    try:
        body = decode_json(raw)
        request = GenerationRequest.from_body(body)
    except MalformedBody as problem:
        raise Refused(str(problem)) from None
    except ValueError as problem:
        raise Refused(f"The body is not JSON. {problem}") from None
    _check_prompt(request.prompt, "prompt")
    _check_total(request.duration_ms, "duration_seconds")
    _check_camera(request.camera, "camera")
    _check_storyboard(request, body)
    _check_webhook(request.webhook_url)
    return request, body


def _check_storyboard(request: GenerationRequest, body: Mapping[str, Any]) -> None:
    if body.get("storyboard") is None:
        return
    if not request.storyboard:
        raise Refused("storyboard: Give at least one scene, or leave it out.")
    for at, scene in enumerate(request.storyboard):
        where = f"storyboard[{at}]"
        _check_prompt(scene.prompt, f"{where}.prompt")
        if scene.duration_ms <= 0:
            raise Refused(f"{where}.duration_seconds: This has to be more than 0.")
        if scene.camera is not None:
            _check_camera(scene.camera, f"{where}.camera")
    # The document names no error for a sum that differs from duration_seconds: none is made up.
    if sum(scene.duration_ms for scene in request.storyboard) > LONGEST_MS:
        raise Refused("storyboard: The scenes total more than 60 seconds.")


def _check_prompt(prompt: str, where: str) -> None:
    if not prompt.strip():
        raise Refused(f"{where}: This must not be empty.")


def _check_total(duration_ms: int, where: str) -> None:
    if not SHORTEST_MS <= duration_ms <= LONGEST_MS:
        raise Refused(f"{where}: This has to be 15 to 60 seconds.")


def _check_camera(camera: Camera, where: str) -> None:
    if camera.motion not in MOTIONS:
        raise Refused(
            f"{where}.motion: Unknown preset '{camera.motion}'. There are: {', '.join(MOTIONS)}."
        )
    if camera.speed is not None and not SLOWEST <= camera.speed <= FASTEST:
        raise Refused(f"{where}.speed: This has to be 0.1 to 1.0.")


def _check_webhook(url: str | None) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused("webhook_url: This has to be a http or https address.")
