"""A frozen payload, read again: it may be damaged by now, and pages open all the same."""

from typing import Any

from studio.transend import wire

WHOLE_FILM = "whole film"


class Damaged(ValueError):
    """What is stored of a take is no body that could be sent."""


def body_of(payload: str) -> dict[str, Any]:
    """The body that a frozen payload is. Raises `Damaged`."""
    try:
        body = wire.decode_json(payload.encode())
    except ValueError as problem:
        raise Damaged(str(problem)) from None
    if not isinstance(body, dict):
        raise Damaged("This is no JSON object.")
    return body


def scenes_of(payload: str) -> list[tuple[str, int]]:
    """The shots that a frozen payload is made of: id and milliseconds, in order.

    Raises `Damaged`.
    """
    body = body_of(payload)
    try:
        return [_scene(scene) for scene in body.get("storyboard") or [{"id": WHOLE_FILM, **body}]]
    except (ValueError, TypeError, AttributeError):
        raise Damaged("Its storyboard is no list of shots.") from None


def _scene(scene: dict[str, Any]) -> tuple[str, int]:
    duration_ms = wire.ms_from_seconds(scene.get("duration_seconds", 0))
    if duration_ms < 0:
        raise ValueError
    return str(scene.get("id") or WHOLE_FILM), duration_ms
