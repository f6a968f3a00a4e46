"""What is sent to the vendor and what it answers, typed (document, sections Create a Generation,
Task Lifecycle, Camera and Scene Presets).

Durations are whole milliseconds here and seconds on the wire. `from_body` looks at shapes and
types only: the limits of the document (15-60 s, 0.1-1.0) are the caller's to check before sending.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self, TypeVar

from studio.transend.redaction import without_query
from studio.transend.wire import finite_number, ms_from_seconds, wire_number, wire_seconds

DOCUMENTED_MOTIONS = ("orbit", "dolly-in", "follow", "handheld")
MOTIONS = (
    *DOCUMENTED_MOTIONS,
    *("static", "dolly-out", "pan-left", "pan-right"),
    *("tilt-up", "tilt-down", "crane-up", "zoom-in"),
)

T = TypeVar("T")


class TaskStatus(StrEnum):
    """The four statuses of the document."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class MalformedBody(ValueError):
    """A request body whose shape is not the document's.

    `where` is the path of the field ("storyboard[1].prompt"), `says` one plain sentence.
    """

    def __init__(self, where: str, says: str) -> None:
        super().__init__(where, says)
        self.where = where
        self.says = says

    def __str__(self) -> str:
        return f"{self.where}: {self.says}" if self.where else self.says


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera preset and its motion multiplier (0.1-1.0; None: the vendor's own)."""

    motion: str
    speed: float | None = None

    @classmethod
    def from_body(cls, body: object, where: str = "camera") -> Self:
        """Read the document's `camera` object. Raises MalformedBody."""
        camera = _mapping(body, where)
        return cls(
            motion=_text(camera.get("motion"), f"{where}.motion"),
            speed=_optional(camera, "speed", where, _number),
        )

    def to_body(self) -> dict[str, Any]:
        """Return the document's `camera` object."""
        return _present(motion=self.motion, speed=_number_out(self.speed))


@dataclass(frozen=True, slots=True)
class Lighting:
    """Lighting cues: colour temperature in kelvin, intensity, style."""

    temperature: float | None = None
    intensity: float | None = None
    style: str | None = None

    @classmethod
    def from_body(cls, body: object, where: str = "lighting") -> Self:
        """Read the document's `lighting` object. Raises MalformedBody."""
        lighting = _mapping(body, where)
        return cls(
            temperature=_optional(lighting, "temperature", where, _number),
            intensity=_optional(lighting, "intensity", where, _number),
            style=_optional(lighting, "style", where, _text),
        )

    def to_body(self) -> dict[str, Any]:
        """Return the document's `lighting` object."""
        return _present(
            temperature=_number_out(self.temperature),
            intensity=_number_out(self.intensity),
            style=self.style,
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """One shot of a storyboard. `camera` and `lighting` are None where the request's own apply."""

    prompt: str
    duration_ms: int
    id: str | None = None
    camera: Camera | None = None
    lighting: Lighting | None = None

    @classmethod
    def from_body(cls, body: object, where: str) -> Self:
        """Read one entry of the document's `storyboard`. Raises MalformedBody."""
        scene = _mapping(body, where)
        return cls(
            id=_optional(scene, "id", where, _text),
            prompt=_text(scene.get("prompt"), f"{where}.prompt"),
            duration_ms=_duration(scene.get("duration_seconds"), f"{where}.duration_seconds"),
            camera=_optional(scene, "camera", where, Camera.from_body),
            lighting=_optional(scene, "lighting", where, Lighting.from_body),
        )

    def to_body(self) -> dict[str, Any]:
        """Return one entry of the document's `storyboard`."""
        return _present(
            id=self.id,
            prompt=self.prompt,
            duration_seconds=wire_seconds(self.duration_ms),
            camera=self.camera and self.camera.to_body(),
            lighting=self.lighting and self.lighting.to_body(),
        )


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """The body of a generation, every field of the document."""

    prompt: str
    duration_ms: int
    camera: Camera
    lighting: Lighting | None = None
    storyboard: tuple[Scene, ...] = ()
    webhook_url: str | None = None
    webhook_metadata: Mapping[str, Any] | None = field(default=None, hash=False)

    @classmethod
    def from_body(cls, body: object) -> Self:
        """Read a request body as the document shapes it. Raises MalformedBody."""
        request = _mapping(body, "")
        return cls(
            prompt=_text(request.get("prompt"), "prompt"),
            duration_ms=_duration(request.get("duration_seconds"), "duration_seconds"),
            camera=Camera.from_body(request.get("camera")),
            lighting=_optional(request, "lighting", "", Lighting.from_body),
            storyboard=_optional(request, "storyboard", "", _storyboard) or (),
            webhook_url=_optional(request, "webhook_url", "", _text),
            webhook_metadata=_optional(request, "webhook_metadata", "", _mapping),
        )

    def to_body(self) -> dict[str, Any]:
        """Return the request body, fields in the document's order, absent ones left out."""
        return _present(
            prompt=self.prompt,
            duration_seconds=wire_seconds(self.duration_ms),
            camera=self.camera.to_body(),
            lighting=self.lighting and self.lighting.to_body(),
            storyboard=[scene.to_body() for scene in self.storyboard] or None,
            webhook_url=self.webhook_url,
            webhook_metadata=None if self.webhook_metadata is None else dict(self.webhook_metadata),
        )


@dataclass(frozen=True, slots=True)
class Created:
    """The answer to a generation: the task's id, and all that came with it."""

    task_id: str
    trace_id: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """The links of a finished render, at least one; None for one that cannot be read.

    They are signed: the repr leaves their queries out.
    """

    preview_gif: str | None = field(repr=False)
    video_url: str | None = field(repr=False)
    duration_ms: int | None

    def __repr__(self) -> str:
        shown = (link and without_query(link) for link in (self.preview_gif, self.video_url))
        return f"Result({', '.join(map(repr, shown))}, duration_ms={self.duration_ms})"


@dataclass(frozen=True, slots=True)
class Task:
    """What the vendor says of a render now.

    `status` is None when the vendor used a word that the document does not have; `raw_status` is
    that word. `result` is there exactly when the status is SUCCEEDED. `progress` is 0-100.
    `excerpt` is the answer's text, cut short and without secrets: safe to store and to show.
    """

    task_id: str
    status: TaskStatus | None
    raw_status: str
    progress: int | None = None
    result: Result | None = None
    trace_id: str | None = None
    excerpt: str = field(default="", repr=False, compare=False)


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _optional(
    body: Mapping[str, Any], name: str, where: str, read: Callable[[object, str], T]
) -> T | None:
    """Read a field that may be absent; null means absent too."""
    value = body.get(name)
    return None if value is None else read(value, f"{where}.{name}" if where else name)


def _storyboard(value: object, where: str) -> tuple[Scene, ...]:
    if not isinstance(value, list | tuple):
        raise MalformedBody(where, "The storyboard has to be a list of shots.")
    return tuple(Scene.from_body(scene, f"{where}[{at}]") for at, scene in enumerate(value))


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise MalformedBody(where, "This has to be a JSON object.")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise MalformedBody(where, "This has to be text.")
    return value


def _number(value: object, where: str) -> float:
    try:
        return float(finite_number(value))
    except (ValueError, OverflowError):
        raise MalformedBody(where, "This has to be a number.") from None


def _duration(value: object, where: str) -> int:
    try:
        return ms_from_seconds(value)
    except ValueError:
        raise MalformedBody(where, "This has to be a number of seconds.") from None


def _number_out(value: float | None) -> int | float | None:
    return None if value is None else wire_number(value)
