"""The parts that a request body and its scenes have in common, each checked where it stands."""

from collections.abc import Callable, Collection
from decimal import Decimal
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from studio.lib import unseen
from studio.storyboards import rules, timing
from studio.storyboards.contract import Problem
from studio.storyboards.exchange.imported import Light
from studio.storyboards.exchange.strict_json import bad_values


class Fields:
    """Reads fields and collects what is wrong with them, each with its place in the body."""

    def __init__(self, motions: Collection[str]) -> None:
        self.motions = motions
        self.bad: list[Problem] = []
        self.unsendable: list[Problem] = []
        self.remarks: list[str] = []

    def malformed(self, where: str, says: str) -> None:
        """Note what forbids even an import."""
        self.bad.append(Problem(where, says))

    def lacking(self, where: str, says: str) -> None:
        """Note what forbids sending, but not importing as a draft."""
        self.unsendable.append(Problem(where, says))

    def remark(self, says: str) -> None:
        """Note what was ignored or decided."""
        self.remarks.append(says)

    def is_bad(self, where: str) -> bool:
        """Whether something at or below this place is malformed."""
        return any(problem.where.startswith(where) for problem in self.bad)

    def refuse_bad_values(self, data: Any) -> None:
        """Note every number and text that no JSON body may hold, wherever it stands."""
        for where, says in bad_values(data):
            self.malformed(where, says)

    def remark_unknown(self, part: dict[str, Any], known: Collection[str], where: str) -> None:
        """Remark on each name that the document does not know."""
        for name in part:
            if name not in known:
                named = unseen.without_controls(_joined(where, name))[:120]
                self.remark(f"{named} is ignored: the document names no such field.")

    def text(
        self, part: dict[str, Any], name: str, where: str, check: Callable[[object], str]
    ) -> str | None:
        """A text, None when it is missing or wrong."""
        return self._checked(check, part[name], where) if name in part else None

    def duration(self, value: object, where: str) -> Decimal | None:
        """Seconds exactly as they stand, None when they are wrong."""
        length: Decimal | None = self._checked(timing.from_seconds, value, where)
        return length

    def total(self, value: object, where: str) -> Decimal | None:
        """Seconds of a whole timeline exactly as they stand, None when they are wrong."""
        total: Decimal | None = self._checked(timing.total_from_seconds, value, where)
        return total

    def scene_id(
        self,
        scene: dict[str, Any],
        index: int,
        where: str,
        taken: dict[str, int],
        given: Collection[str],
    ) -> str:
        """The scene's id as it came, or a free `scene-N` where none is given.

        `taken` are the ids of the scenes before; `given` those that any scene brings.
        """
        where = f"{where}.id"
        found = self.text(scene, "id", where, _checked_id)
        if found is None and "id" in scene:
            return ""
        if not found:
            free = (f"scene-{n}" for n in count(index + 1))
            found = next(name for name in free if name not in given and name not in taken)
            self.remark(f"{where} is missing: “{found}” is used.")
        if found in taken:
            says = f"“{found[:40]}” is the id of scene {taken[found] + 1} already. Give it its own."
            self.malformed(where, says)
        taken[found] = index
        return found

    def camera(self, part: dict[str, Any], where: str) -> tuple[str, float | None]:
        """`camera.motion` and `camera.speed`; empty where they are not given."""
        where = _joined(where, "camera")
        camera = self._object(part, "camera", where)
        self.remark_unknown(camera, ("motion", "speed"), where)
        motion = speed = None
        if "motion" in camera:
            motion = self._checked(
                lambda value: rules.checked_motion(value, self.motions),
                camera["motion"],
                f"{where}.motion",
            )
        if "speed" in camera:
            speed = self._checked(_number(rules.checked_speed), camera["speed"], f"{where}.speed")
        return motion or "", speed

    def lighting(self, part: dict[str, Any], where: str) -> Light:
        """`lighting`: temperature, intensity, style."""
        where = _joined(where, "lighting")
        light = self._object(part, "lighting", where)
        self.remark_unknown(light, ("temperature", "intensity", "style"), where)
        read: dict[str, Any] = {}
        for name, check in _LIGHT.items():
            if name in light:
                read[name] = self._checked(check, light[name], f"{where}.{name}")
        return Light(read.get("temperature"), read.get("intensity"), read.get("style") or "")

    def webhook_url(self, value: object) -> None:
        """Note an address that is none."""
        parts = urlsplit(value) if isinstance(value, str) and "[" not in value else None
        if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
            self.malformed("webhook_url", "A webhook_url is a whole address: https://….")

    def _object(self, part: dict[str, Any], name: str, where: str) -> dict[str, Any]:
        value = part.get(name, {})
        if isinstance(value, dict):
            return value
        self.malformed(where, f"{name} is an object in {{ }}, not {_kind(value)}.")
        return {}

    def _checked(self, check: Callable[[Any], Any], value: object, where: str) -> Any:
        try:
            return check(value)
        except ValueError as bad:
            if not any(problem.where == where for problem in self.bad):
                self.malformed(where, str(bad))
            return None


def _checked_id(value: object) -> str:
    return rules.checked_text(value, rules.MAX_SCENE_ID, "A scene's id")


def _number(check: Callable[[object], float]) -> Callable[[object], float]:
    """In JSON a number is a number: `"0.6"` in quotation marks is refused, as the vendor would."""

    def checked(value: object) -> float:
        return check(None if isinstance(value, str) else value)

    return checked


_LIGHT: dict[str, Callable[[object], Any]] = {
    "temperature": _number(rules.checked_temperature),
    "intensity": _number(rules.checked_intensity),
    "style": rules.checked_style,
}


def _joined(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text"}
    return names.get(type(value), "a list")
