"""What is asked of those who draw: a plan, and how it is to be shown. It goes as JSON from process
to process."""

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from studio.pictures.films.cutting import Segment, segments_of
from studio.pictures.plan import Camera, FilmPlan, Light, ShotPlan, Transition

Size = tuple[int, int]

GIF, MP4 = "image/gif", "video/mp4"


@dataclass(frozen=True)
class Style:
    """`media_type` is GIF or MP4; `size` in pixels; `mark` the lines of the watermark, if any."""

    media_type: str
    size: Size
    fps: int
    captions: bool = True
    mark: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """A film to draw."""

    plan: FilmPlan
    style: Style

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        return segments_of(self.plan, self.style.fps)

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @staticmethod
    def from_json(text: str) -> "Order":
        """What `to_json` wrote."""
        read = json.loads(text)
        plan, style = read["plan"], read["style"]
        style |= {"size": tuple(style["size"]), "mark": tuple(style["mark"])}
        return Order(FilmPlan(plan["title"], tuple(map(_shot, plan["shots"]))), Style(**style))


def _shot(read: dict[str, Any]) -> ShotPlan:
    parts = {
        "camera": Camera(**read["camera"]),
        "light": Light(**read["light"]),
        "transition": Transition(**read["transition"]),
        "still": Path(read["still"]) if read["still"] else None,
        "subject": tuple(read["subject"]),
    }
    return ShotPlan(**{**read, **parts})
