"""What somebody typed and drew, before it is a note: read, checked, kept where it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from studio.lib.unseen import CONTROLS, is_blank, trimmed
from studio.renders import proofs
from studio.renders.models import Take
from studio.reviews.models import Channel
from studio.reviews.notes.drawings import BadDrawing, Stroke, read_drawing
from studio.reviews.notes.moments import BadMoment, read_moment
from studio.reviews.room import PlannedShot, clock, planned_shots

LONGEST_TEXT = 4_000
# A shot is chosen by its number; or it follows the time; or the note is about none.
AT_THE_TIME = "auto"
NO_SHOT = "none"
_LINE_ENDS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A note that may be written. Times in milliseconds; the channel is a wish."""

    text: str
    channel: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    scene_id: str = ""
    drawing: list[Stroke] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it came, to be shown again, and a sentence for each field that is wrong."""

    text: str = ""
    channel: str = ""
    begins: str = ""
    ends: str = ""
    shot: str = AT_THE_TIME
    drawing: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_begun(self) -> bool:
        """Whether somebody wrote or drew something, or was refused."""
        return bool(self.text or self.drawing or self.problems)


class Refused(ValueError):
    """What was typed makes no note; `typed` is all of it, with a sentence for each field."""

    def __init__(self, typed: Typed) -> None:
        super().__init__(" ".join(typed.problems.values()))
        self.typed = typed


def read_draft(post: Mapping[str, str], take: Take, *, kept: Sequence[Stroke] = ()) -> Draft:
    """The note that a form describes; `kept` is the drawing it has already. Raises `Refused`."""
    typed = _typed(post)
    problems: dict[str, str] = {}
    text = _text(typed.text, problems)
    from_ms = _moment(typed.begins, "begins", take, problems)
    to_ms = _moment(typed.ends, "ends", take, problems)
    if to_ms is not None and from_ms is None and "begins" not in problems:
        problems["begins"] = "Say where the range begins, or leave its end empty."
    if from_ms is not None and to_ms is not None and to_ms < from_ms:
        problems["ends"] = f"The range ends before it begins, at {clock(from_ms)}."
    drawing = list(kept) or _drawing(typed.drawing, problems)
    if drawing and from_ms is None and "begins" not in problems:
        problems["begins"] = "Say at which moment the drawing is to be seen."
    if not text and not drawing and not problems:
        problems["text"] = "Write what you see, or draw it."
    scene_id = _scene(typed.shot, from_ms, take, problems)
    if problems:
        raise Refused(replace(typed, problems=problems))
    # A range without length is a frame.
    return Draft(
        text=text,
        channel=typed.channel,
        from_ms=from_ms,
        to_ms=None if to_ms == from_ms else to_ms,
        scene_id=scene_id,
        drawing=drawing,
    )


def read_reply(post: Mapping[str, str]) -> str:
    """The text of an answer. Raises `Refused`."""
    problems: dict[str, str] = {}
    text = _text(post.get("text", ""), problems)
    if not text and not problems:
        problems["text"] = "Write an answer first."
    if problems:
        raise Refused(Typed(text=post.get("text", ""), problems=problems))
    return text


def shot_at(shots: tuple[PlannedShot, ...], moment_ms: int) -> PlannedShot | None:
    """The planned shot that is seen at a moment; at the film's very end, the last."""
    begun = [shot for shot in shots if shot.start_ms <= moment_ms]
    return begun[-1] if begun else None


def _typed(post: Mapping[str, str]) -> Typed:
    return Typed(
        text=post.get("text", ""),
        channel=post.get("channel", ""),
        begins=post.get("begins", "")[:40],
        ends=post.get("ends", "")[:40],
        shot=post.get("shot", AT_THE_TIME)[:80],
        drawing=post.get("drawing", ""),
    )


def _text(typed: str, problems: dict[str, str]) -> str:
    lines = typed.replace("\r\n", "\n").translate(_LINE_ENDS)
    text = trimmed(CONTROLS.sub("", lines))
    if len(text) > LONGEST_TEXT:
        over = len(text) - LONGEST_TEXT
        problems["text"] = f"That is {over} characters too long. Split it into two notes."
    return "" if is_blank(text) else text


def _moment(typed: str, name: str, take: Take, problems: dict[str, str]) -> int | None:
    try:
        moment = read_moment(typed)
    except BadMoment as bad:
        problems[name] = str(bad)
        return None
    if moment is not None and moment > take.duration_ms:
        problems[name] = f"The film is over at {clock(take.duration_ms)}."
        return None
    return moment


def _drawing(typed: str, problems: dict[str, str]) -> list[Stroke]:
    try:
        return read_drawing(typed)
    except BadDrawing as bad:
        problems["drawing"] = str(bad)
        return []


def _scene(typed: str, from_ms: int | None, take: Take, problems: dict[str, str]) -> str:
    if typed == NO_SHOT:
        return ""
    shots = planned_shots(proofs.snapshot_of(take))
    if typed == AT_THE_TIME:
        shot = shot_at(shots, from_ms) if from_ms is not None else None
    else:
        shot = next((shot for shot in shots if str(shot.number) == typed), None)
        if shot is None:
            problems["shot"] = "This shot is not in the take. Choose one of the list."
    return shot.scene_id if shot else ""


def chosen_channel(wish: str, *, is_guest: bool) -> str:
    """The channel of a new note: a guest's is the client's; a member says so, or it is internal."""
    return Channel.CLIENT if is_guest or wish == Channel.CLIENT else Channel.INTERNAL
