"""What only we know of a board, carried inside the vendor's body and taken out on reading.

An export stands under `webhook_metadata.shotboard`, where the document leaves room for anything:
`{"version": 1, "title", "brief", "weaves_transitions", "left_out", "shots": {scene id: …}}`. Only
what differs from a plain reading of the body is written; `left_out` names the files that lie in our
vault alone. It is never kept in a project nor sent.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from studio.storyboards import rules, timing
from studio.storyboards.contract import lighting_of
from studio.storyboards.exchange.body_parts import Fields
from studio.storyboards.exchange.imported import ImportedBoard, ImportedShot
from studio.storyboards.models import Transition
from studio.storyboards.snapshots import ShotSnapshot, Snapshot

NAME = "shotboard"
VERSION = 1
_PICTURES, _SOUND = "reference pictures", "sound for the animatic"
_WHERE = f"webhook_metadata.{NAME}"


def of_board(snapshot: Snapshot, body: dict[str, Any]) -> dict[str, Any]:
    """What `body`, made of `snapshot`, does not say of the whole and of its shots."""
    found: dict[str, Any] = {"version": VERSION, "title": snapshot["title"]}
    if body["prompt"] != snapshot["brief"]:
        found["brief"] = snapshot["brief"]
    if not snapshot["weaves_transitions"]:
        found["weaves_transitions"] = False
    if left_out := _left_out(snapshot):
        found["left_out"] = left_out
    return found | of_shots(snapshot, body)


def _left_out(snapshot: Snapshot) -> list[str]:
    """What lies in the vault and no text can carry."""
    has_pictures = any(shot["reference_id"] is not None for shot in snapshot["shots"])
    has_sound = snapshot["soundtrack_id"] is not None
    return [name for name, is_there in ((_PICTURES, has_pictures), (_SOUND, has_sound)) if is_there]


def of_shots(snapshot: Snapshot, body: dict[str, Any]) -> dict[str, Any]:
    """`{"shots": {scene id: …}}`; empty where the body says everything."""
    scenes = body.get("storyboard") or [{}]
    pairs = zip(snapshot["shots"], scenes, strict=False)
    shots = {shot["scene_id"]: extra for shot, scene in pairs if (extra := _of_shot(shot, scene))}
    return {"shots": shots} if shots else {}


def _of_shot(shot: ShotSnapshot, scene: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if shot["transition"] != Transition.CUT:
        found["transition"] = shot["transition"]
        found["transition_seconds"] = timing.to_seconds(shot["transition_ms"])
    if shot["notes"]:
        found["notes"] = shot["notes"]
    if shot["is_locked"]:
        found["locked"] = True
    if shot["subject_x"] is not None:
        found["subject"] = {"x": shot["subject_x"], "y": shot["subject_y"]}
    camera = scene.get("camera", {})
    # The contract leaves out what equals the project's, and names an inherited move with a speed.
    if shot["motion"] != camera.get("motion", ""):
        found["motion"] = shot["motion"]
    if shot["speed"] is not None and "speed" not in camera:
        found["speed"] = rules.plain_number(shot["speed"])
    said = scene.get("lighting", {})
    if left_out := {k: v for k, v in lighting_of(shot).items() if k not in said}:
        found["lighting"] = left_out
    return found


def taken_from(
    metadata: dict[str, Any], fields: Fields
) -> tuple[dict[str, Any], "LocalFields | None"]:
    """The user's own metadata, and ours; None where there is none that we understand."""
    if NAME not in metadata:
        return metadata, None
    rest = {name: value for name, value in metadata.items() if name != NAME}
    local = metadata[NAME]
    if not isinstance(local, dict) or local.get("version") != VERSION:
        fields.remark(f"{_WHERE} is ignored: it is of no version that is known here.")
        return rest, None
    if not isinstance(local.get("shots", {}), dict):
        fields.malformed(f"{_WHERE}.shots", "This is an object in { }, by scene id.")
        return rest, None
    return rest, LocalFields(local)


@dataclass(frozen=True)
class LocalFields:
    """Our own fields as a body brought them."""

    said: dict[str, Any]

    @property
    def has_no_brief(self) -> bool:
        """Whether the body's prompt was only composed of the shots' own."""
        return self.said.get("brief") == ""

    def given_back(self, board: ImportedBoard, fields: Fields) -> ImportedBoard:
        """The board with them; what is wrong with them is noted in `fields`."""
        fields.remark_unknown(self.said, _OF_BOARD, _WHERE)
        found: dict[str, Any] = {}
        if (title := _read(self.said, "title", _WHERE, rules.checked_title, fields)) is not None:
            found["own_title"] = title
        weaves = _read(self.said, "weaves_transitions", _WHERE, _checked_switch, fields)
        found["weaves_transitions"] = weaves is not False
        if left_out := _read(self.said, "left_out", _WHERE, _checked_left_out, fields):
            what = " and ".join(left_out)
            fields.remark(f"Not in this file: the {what}. Add them to the new board again.")
        extras = self.said.get("shots", {})
        shots = [self._shot(shot, extras.get(shot.scene_id), fields) for shot in board.shots]
        for name in extras.keys() - {shot.scene_id for shot in board.shots}:
            fields.remark_unknown({name: None}, (), f"{_WHERE}.shots")
        return replace(board, shots=tuple(shots), **found)

    def _shot(self, shot: ImportedShot, extra: Any, fields: Fields) -> ImportedShot:
        where = f"{_WHERE}.shots.{shot.scene_id}"
        if extra is None:
            return shot
        if not isinstance(extra, dict):
            fields.malformed(where, "This is an object in { }.")
            return shot
        fields.remark_unknown(extra, _OF_SHOT, where)
        found: dict[str, Any] = {}
        for name, (column, check) in _CHECKS.items():
            if (value := _read(extra, name, where, check, fields)) is not None:
                found[column] = value
        if (place := _read(extra, "subject", where, _checked_subject, fields)) is not None:
            found["subject_x"], found["subject_y"] = place
        motion, speed = fields.camera({"camera": _camera_of(extra)}, where)
        if "motion" in extra:
            found["motion"] = motion
        if speed is not None:
            found["speed"] = speed
        if "lighting" in extra:
            light = fields.lighting(extra, where)
            said = {name: value for name, value in vars(light).items() if value not in (None, "")}
            found["lighting"] = replace(shot.lighting, **said)
        return replace(shot, **_consistent(found))


def _camera_of(extra: dict[str, Any]) -> dict[str, Any]:
    """What `Fields.camera` is to check: an empty move says that the project's is inherited."""
    camera: dict[str, Any] = {name: extra[name] for name in ("motion", "speed") if name in extra}
    if camera.get("motion") == "":
        del camera["motion"]
    return camera


def _consistent(found: dict[str, Any]) -> dict[str, Any]:
    """A cut has no length, any other transition has one."""
    if found.get("transition", Transition.CUT) == Transition.CUT:
        return found | {"transition_ms": 0}
    return {"transition_ms": timing.DEFAULT_TRANSITION_MS} | found


def _read(
    part: dict[str, Any], name: str, where: str, check: Callable[[Any], Any], fields: Fields
) -> Any:
    """The value of that name, None when it is missing or wrong."""
    return fields.text(part, name, f"{where}.{name}", check)


def _checked_switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise rules.BadField("This is true or false.")
    return value


def _checked_left_out(value: object) -> list[str]:
    known = [_PICTURES, _SOUND]
    if not isinstance(value, list) or not all(name in known for name in value):
        raise rules.BadField(f"This is a list of what the file lacks: {', '.join(known)}.")
    return [name for name in known if name in value]


def _checked_subject(value: object) -> tuple[int, int]:
    if not isinstance(value, dict) or value.keys() != {"x", "y"}:
        raise rules.BadField('This is {"x": …, "y": …}, in per cent from the left and the top.')
    return rules.checked_percent(value["x"]), rules.checked_percent(value["y"])


_OF_BOARD = ("version", "title", "brief", "weaves_transitions", "left_out", "shots")
_CHECKS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "transition": ("transition", rules.checked_transition),
    "transition_seconds": ("transition_ms", timing.transition_from_seconds),
    "notes": ("notes", rules.checked_notes),
    "locked": ("is_locked", _checked_switch),
}
_OF_SHOT = (*_CHECKS, "subject", "motion", "speed", "lighting")
