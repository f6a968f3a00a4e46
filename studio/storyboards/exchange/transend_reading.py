"""The vendor's request body, from outside: read and checked against the document.

A body may break the document in two ways. What is *malformed* (wrong types, unknown moves, markup)
forbids the import. What is merely *unsendable yet* (a total outside 15–60 s, a missing field) a
draft may hold: it is imported, and said.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from studio.storyboards import timing
from studio.storyboards.contract import Problem
from studio.storyboards.exchange import local_fields
from studio.storyboards.exchange.body_parts import Fields
from studio.storyboards.exchange.imported import (
    DEFAULT_MOTION,
    ImportedBoard,
    ImportedShot,
    Malformed,
)
from studio.storyboards.rules import MAX_BRIEF, MAX_SHOTS, checked_brief, checked_prompt

IGNORED_WEBHOOK = "webhook_url is ignored: Shotboard sets its own for each take."
_KNOWN = (
    "prompt",
    "duration_seconds",
    "camera",
    "lighting",
    "storyboard",
    "webhook_url",
    "webhook_metadata",
)


@dataclass(frozen=True)
class Checked:
    """Everything that a body says: the board unless it is malformed, and all that is wrong."""

    board: ImportedBoard | None
    malformed: tuple[Problem, ...]
    unsendable: tuple[Problem, ...]
    remarks: tuple[str, ...]
    total_ms: int

    @property
    def is_valid(self) -> bool:
        """Whether the vendor's document allows the body as it stands."""
        return not self.malformed and not self.unsendable


def read_body(data: Any, motions: Collection[str]) -> ImportedBoard:
    """The board in a body, a storyboard fragment or a bare list of scenes. Raises `Malformed`."""
    checked = check_body(data, motions)
    if checked.board is None:
        raise Malformed(checked.malformed)
    return checked.board


def check_body(data: Any, motions: Collection[str]) -> Checked:
    """Hold a body against the document, sections Required fields and Optional fields."""
    fields = Fields(motions)
    if isinstance(data, list):
        data = {"storyboard": data}
        fields.remark("A bare list was read as a storyboard.")
    if not isinstance(data, dict):
        fields.malformed("", "A request body is a JSON object with a prompt or a storyboard.")
        return Checked(None, tuple(fields.bad), (), (), 0)
    return _Body(data, fields).checked()


class _Body:
    """One body on its way through the document, field by field."""

    def __init__(self, data: dict[str, Any], fields: Fields) -> None:
        self.data, self.fields = data, fields
        self.has_storyboard = "storyboard" in data
        self.scenes_s = Decimal(0)
        self.metadata: dict[str, Any] = {}
        self.local: local_fields.LocalFields | None = None

    def checked(self) -> Checked:
        fields, data = self.fields, self.data
        fields.refuse_bad_values(data)
        fields.remark_unknown(data, _KNOWN, "")
        self._webhook()
        brief = self._brief()
        stated = self._stated_total()
        total_ms = None if stated is None else int(stated.quantize(Decimal("0.001")).scaleb(3))
        motion, speed = self._camera()
        light = fields.lighting(data, "")
        shots = self._scenes() if self.has_storyboard else self._single(brief, total_ms)
        sum_ms = sum(shot.duration_ms for shot in shots) or total_ms or 0
        self._judge_limits(shots, stated)
        self._judge_sum(shots, total_ms, sum_ms)
        board = ImportedBoard(brief, motion, speed, light, self.metadata, tuple(shots))
        if self.local:
            board = self.local.given_back(board, fields)
        board = replace(board, remarks=tuple(fields.remarks))
        return Checked(
            None if fields.bad else board,
            tuple(fields.bad),
            tuple(fields.unsendable),
            tuple(fields.remarks),
            sum_ms,
        )

    def _brief(self) -> str:
        if self.local and self.local.has_no_brief:
            return ""  # The prompt was composed of the shots' own for the sake of the document.
        brief = self.fields.text(self.data, "prompt", "prompt", checked_brief)
        if brief is None and "prompt" not in self.data:
            self.fields.lacking("prompt", "The body needs a prompt: a narrative of the sequence.")
            if not self.has_storyboard:
                says = "There is neither a storyboard nor a prompt: nothing to import."
                self.fields.malformed("", says)
        elif brief == "":
            self.fields.lacking("prompt", "The prompt is empty. Describe the sequence.")
        return brief or ""

    def _stated_total(self) -> Decimal | None:
        if "duration_seconds" in self.data:
            value, where = self.data["duration_seconds"], "duration_seconds"
            if self.has_storyboard:  # A draft of many shots may be longer than any one shot.
                return self.fields.total(value, where)
            return self.fields.duration(value, where)
        says = "The body needs its total length in seconds, from 15 to 60."
        if self.has_storyboard:
            self.fields.lacking("duration_seconds", says)
        else:
            self.fields.malformed("duration_seconds", says)
        return None

    def _camera(self) -> tuple[str, float | None]:
        motion, speed = self.fields.camera(self.data, "")
        if not motion and not self.fields.is_bad("camera"):
            says = f"The body needs a camera move, such as “{DEFAULT_MOTION}”."
            self.fields.lacking("camera.motion", says)
            self.fields.remark(f"No camera move is given: “{DEFAULT_MOTION}” is used.")
        return motion or DEFAULT_MOTION, speed

    def _webhook(self) -> None:
        """The metadata, and what our own export has put into it."""
        if "webhook_url" in self.data:
            self.fields.webhook_url(self.data["webhook_url"])
            self.fields.remark(IGNORED_WEBHOOK)
        metadata = self.data.get("webhook_metadata", {})
        if isinstance(metadata, dict):
            self.metadata, self.local = local_fields.taken_from(metadata, self.fields)
            return
        says = 'webhook_metadata is an object, such as {"audio": "https://…"}.'
        self.fields.malformed("webhook_metadata", says)

    def _single(self, brief: str, total_ms: int | None) -> list[ImportedShot]:
        """A body without a storyboard is one shot, with the brief as its prompt."""
        if len(brief) > MAX_BRIEF or total_ms is None:
            return []
        try:
            prompt = checked_prompt(brief)
        except ValueError as bad:
            self.fields.malformed("prompt", str(bad))
            return []
        return [ImportedShot("scene-1", prompt, total_ms)]

    def _scenes(self) -> list[ImportedShot]:
        scenes = self.data["storyboard"]
        if not isinstance(scenes, list):
            self.fields.malformed("storyboard", "A storyboard is a list of scenes in [ ].")
            return []
        if not scenes and not self.local:  # We export a board before its first shot, too.
            self.fields.malformed("storyboard", "The storyboard is empty. List a scene.")
        if len(scenes) > MAX_SHOTS:
            says = f"The storyboard has {len(scenes)} scenes and {MAX_SHOTS} are the most."
            self.fields.malformed("storyboard", says)
            return []
        taken: dict[str, int] = {}
        ids = [scene.get("id") for scene in scenes if isinstance(scene, dict)]
        given = {name.strip() for name in ids if isinstance(name, str)}
        read = (self._scene(index, scene, taken, given) for index, scene in enumerate(scenes))
        return [shot for shot in read if shot is not None]

    def _scene(
        self, index: int, scene: Any, taken: dict[str, int], given: Collection[str]
    ) -> ImportedShot | None:
        where, fields = f"storyboard[{index}]", self.fields
        if not isinstance(scene, dict):
            says = "A scene is an object with id, prompt and duration_seconds."
            fields.malformed(where, says)
            return None
        fields.remark_unknown(
            scene, ("id", "prompt", "duration_seconds", "camera", "lighting"), where
        )
        scene_id = fields.scene_id(scene, index, where, taken, given)
        prompt = fields.text(scene, "prompt", f"{where}.prompt", checked_prompt)
        if prompt is None and "prompt" not in scene:
            fields.malformed(f"{where}.prompt", "The scene needs a prompt: what is to be seen.")
        elif prompt == "":
            fields.lacking(f"{where}.prompt", "The prompt is empty. Say what is to be seen.")
        motion, speed = fields.camera(scene, where)
        light = fields.lighting(scene, where)
        if "duration_seconds" not in scene:
            fields.malformed(f"{where}.duration_seconds", "The scene needs its length in seconds.")
            return None
        length = fields.duration(scene["duration_seconds"], f"{where}.duration_seconds")
        if length is None:
            return None
        self.scenes_s += length
        length_ms = timing.whole_ms(length)
        return ImportedShot(scene_id, prompt or "", length_ms, motion, speed, light)

    def _judge_limits(self, shots: list[ImportedShot], stated: Decimal | None) -> None:
        """Hold both totals against 15–60 s as they stand, before a board rounds them to ms."""
        fields = self.fields
        if stated is not None and not timing.is_sendable(stated):
            says = f"The timeline is {stated.normalize():f} s; 15 to 60 s can be rendered."
            fields.lacking("duration_seconds", says)
        if not self.has_storyboard or not shots or fields.bad:
            return
        if not timing.is_sendable(self.scenes_s):
            budget = timing.Budget.of([shot.duration_ms for shot in shots])
            together = f"The scenes last {self.scenes_s.normalize():f} s together; "
            fields.lacking("storyboard", budget.says or f"{together}15 to 60 s can be rendered.")

    def _judge_sum(self, shots: list[ImportedShot], stated_ms: int | None, sum_ms: int) -> None:
        fields = self.fields
        if self.has_storyboard and shots and stated_ms not in (None, sum_ms) and not fields.bad:
            total, said = timing.in_words(sum_ms), timing.in_words(stated_ms or 0)
            says = f"The scenes last {total} together, not the {said} stated. Make them equal."
            fields.lacking("duration_seconds", says)
            fields.remark(f"The total is taken from the scenes: {total} instead of {said}.")
